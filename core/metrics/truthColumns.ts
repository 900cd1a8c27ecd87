import { WinnowError } from '../domain/errors.ts'

/** How a file of ground truth is laid out. */
export const truthLayouts = ['pairs', 'retrieval', 'graded', 'recognition', 'classes', 'classImages', 'pairLabels', 'flags'] as const
export type TruthLayout = (typeof truthLayouts)[number]

/** The names that a column may have, most telling first; written without case, blanks, dashes and underscores. */
const columnNames = {
  query: ['queryid', 'query', 'queryimage'],
  reference: ['referenceid', 'reference', 'match', 'referenceimage'],
  id: ['id', 'imageid', 'queryid', 'query', 'image'],
  images: ['images'],
  grade: ['grade', 'relevance', 'difficulty'],
  gradedImage: ['image', 'imageid', 'referenceid', 'reference'],
  landmarks: ['landmarks', 'labels', 'classes'],
  usage: ['usage'],
  image: ['image', 'imageid', 'path', 'file', 'filename', 'filepath', 'imagepath', 'imagename', 'name', 'id'],
  label: ['label', 'class', 'classname', 'landmarkid', 'identity', 'dogid', 'individual', 'category', 'species', 'target'],
  a: ['imagea', 'a', 'image1', 'patha', 'first'],
  b: ['imageb', 'b', 'image2', 'pathb', 'second'],
  same: ['label', 'prediction', 'same', 'ismatch', 'match', 'target'],
  clean: ['clean', 'keep', 'flag', 'isclean'],
  foreign: ['foreign', 'planted', 'noise', 'drop', 'outlier']
} as const
type ColumnName = keyof typeof columnNames

/** What a column holds, for messages. */
const columnWords: Readonly<Record<ColumnName, string>> = {
  query: 'the query', reference: 'the reference', id: 'the id', images: 'the list of images', grade: 'the grade', gradedImage: 'the judged image', landmarks: 'the landmarks', usage: 'the usage',
  image: 'the image', label: 'the label', a: 'the first image', b: 'the second image', same: 'the label (1 the same, 0 not)', clean: '"clean" or "foreign"', foreign: '"foreign"'
}

interface LayoutSpec {
  readonly needs: readonly ColumnName[]
  readonly may: readonly ColumnName[]
  /** What its header looks like, for messages. */
  readonly example: string
}

export const layouts: Readonly<Record<TruthLayout, LayoutSpec>> = {
  pairs: { needs: ['query', 'reference'], may: [], example: 'query_id,reference_id' },
  retrieval: { needs: ['id', 'images'], may: ['usage'], example: 'id,images,Usage' },
  graded: { needs: ['query', 'gradedImage', 'grade'], may: ['usage'], example: 'query,image,grade' },
  recognition: { needs: ['id', 'landmarks'], may: ['usage'], example: 'id,landmarks,Usage' },
  classes: { needs: ['image', 'label'], may: ['usage'], example: 'image,label' },
  classImages: { needs: ['label', 'images'], may: [], example: 'landmark_id,images' },
  pairLabels: { needs: ['a', 'b', 'same'], may: [], example: 'imageA,imageB,label' },
  flags: { needs: ['image'], may: ['clean', 'foreign'], example: 'image,clean' }
}

/** In which order a header is tried: the more telling first. */
const detection: readonly TruthLayout[] = ['pairLabels', 'graded', 'pairs', 'classImages', 'retrieval', 'recognition', 'flags', 'classes']

export interface TruthColumns {
  readonly layout: TruthLayout
  /** Where each column stands; undefined where there is none. */
  readonly at: Partial<Record<ColumnName, number>>
}

const plain = (name: string): string => name.trim().toLowerCase().replaceAll(/[\s_-]/gu, '')

/** Finds the columns of `layout`, or of the layout that the header looks like. Throws BAD_INPUT naming line 1 and what should stand there. */
export function truthColumns(header: readonly string[], file: string, layout: TruthLayout | 'auto'): TruthColumns {
  const names = header.map(plain)
  if (layout === 'auto') {
    for (const candidate of detection) {
      const found = columnsOf(names, candidate)
      if (found.missing === null) return found.columns
    }
    throw new WinnowError('BAD_INPUT', `${file}, line 1: this header is none of a ground truth that is known: ${shown(header)}. Known are ${truthLayouts.map((one) => layouts[one].example).join('; ')}.`)
  }
  const { columns, missing } = columnsOf(names, layout)
  if (missing !== null) throw new WinnowError('BAD_INPUT', `${file}, line 1: no column is ${missing}. There are ${shown(header)}; the header should be like ${layouts[layout].example}.`)
  return columns
}

function columnsOf(names: readonly string[], layout: TruthLayout): { columns: TruthColumns; missing: string | null } {
  const at: Partial<Record<ColumnName, number>> = {}
  const taken = new Set<number>()
  const { needs, may } = layouts[layout]
  let missing: string | null = null
  for (const column of [...needs, ...may]) {
    const place = columnNames[column].map((name) => names.indexOf(name)).find((one) => one >= 0 && !taken.has(one))
    if (place !== undefined) {
      at[column] = place
      taken.add(place)
    } else if (needs.includes(column)) missing ??= columnWords[column]
  }
  if (layout === 'flags' && at.clean === undefined && at.foreign === undefined) missing ??= columnWords.clean
  return { columns: { layout, at }, missing }
}

const shown = (header: readonly string[]): string => header.slice(0, 12).map((name) => `"${name.slice(0, 40)}"`).join(', ')
