import type { ArtefactKind, ExportFormat, FormatChoice } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { NameStyle } from '../project/repositories/imageNames.ts'
import { Artefact } from '../recipes/artefact.ts'
import { readImages, readLabels } from '../recipes/kinds.ts'
import { writeImageList, writeLabelTable, writeLabelImages, writeRecognition } from './exportLabels.ts'
import { writeIscPairs, writePairTable, writePetPairs, writeRetrieval } from './exportPairs.ts'
import { exportIscVectors, exportVectors } from './exportVectors.ts'

export type ResultFormat = ExportFormat

const plain: readonly FormatChoice[] = [
  { format: 'csv', title: 'CSV', extension: 'csv' },
  { format: 'parquet', title: 'Parquet', extension: 'parquet' },
  { format: 'npz', title: 'NumPy archive (npz)', extension: 'npz' },
  { format: 'hdf5', title: 'HDF5', extension: 'h5' }
]
const pairs: readonly FormatChoice[] = [
  ...plain,
  { format: 'isc-matches', title: 'ISC matching track (query_id,reference_id,score)', extension: 'csv' },
  { format: 'pet-pairs', title: 'Pet biometrics (imageA,imageB,prediction)', extension: 'csv' },
  { format: 'retrieval', title: 'Landmark retrieval (id,images)', extension: 'csv' }
]

/** What each kind of result can be written as, the usual choice first. */
export const resultFormats: Readonly<Partial<Record<ArtefactKind, readonly FormatChoice[]>>> = {
  vectors: [
    { format: 'npy', title: 'NumPy (npy) with ids beside it', extension: 'npy' },
    ...plain,
    { format: 'faiss', title: 'faiss flat index with ids beside it', extension: 'index' },
    { format: 'isc-descriptors', title: 'ISC descriptor track (HDF5)', extension: 'h5' }
  ],
  lists: pairs,
  pairs,
  labels: [
    ...plain,
    { format: 'recognition', title: 'Landmark recognition (id,landmarks)', extension: 'csv' },
    { format: 'label-images', title: 'Cleaned set (landmark_id,images)', extension: 'csv' }
  ],
  images: [{ format: 'ids', title: 'List, one image a line', extension: 'txt' }, ...plain]
}

export interface ExportOptions {
  /** What images are called; each format has its own usual way. */
  readonly names?: NameStyle | undefined
  /** Landmark retrieval: images for each query, 100 in the challenge. */
  readonly limit?: number | undefined
}

export interface ExportedResult {
  /** The main file first. */
  readonly files: readonly string[]
  readonly rows: number
  /** Remarks: what was left out and why. */
  readonly notes: readonly string[]
}

/** Names of images, each of which must be another's: see ImageNames.namesOf. */
export type NameLookup = (ids: Iterable<number>, style: NameStyle) => ReadonlyMap<number, string>

/**
 * Writes the result of a step (an artefact's folder) to `file`, whole or not at all. For a thread: HDF5 and Parquet work in long synchronous
 * strides. Throws BAD_INPUT where the kind has no such format, a limit of the format is passed, or two images would be called alike.
 */
export async function exportResult(folder: string, format: ResultFormat, file: string, names: NameLookup, options: ExportOptions = {}): Promise<ExportedResult> {
  const artefact = await Artefact.open(folder)
  const choices = resultFormats[artefact.kind] ?? []
  if (!choices.some((one) => one.format === format)) {
    throw new WinnowError('BAD_INPUT', `A result of the kind ${artefact.kind} cannot be written as ${format}. ${choices.length > 0 ? `It can be written as ${choices.map((one) => one.format).join(', ')}.` : 'Its folder holds NumPy files, which any tool reads.'}`)
  }
  const named = (usual: NameStyle) => (ids: Iterable<number>) => names(ids, options.names ?? usual)
  switch (format) {
    case 'isc-descriptors': return await exportIscVectors(artefact, file, named('stem'))
    case 'isc-matches': return await writeIscPairs(artefact, file, named('stem'))
    case 'pet-pairs': return await writePetPairs(artefact, file, named('name'))
    case 'retrieval': return await writeRetrieval(artefact, file, named('stem'), options.limit ?? 100)
    case 'recognition': return await writeRecognition(artefact, file, named('stem'))
    case 'label-images': return await writeLabelImages(artefact, file, named('stem'))
    case 'ids': return await writeImageList(file, await readImages(artefact), named('path'))
    case 'npy':
    case 'faiss': return await exportVectors(artefact, format, file, named('path'))
    default:
      switch (artefact.kind) {
        case 'vectors': return await exportVectors(artefact, format, file, named('path'))
        case 'lists':
        case 'pairs': return await writePairTable(artefact, format, file, named('path'))
        case 'labels': return await writeLabelTable(await readLabels(artefact), artefact.facts, format, file, named('path'))
        default: return await writeLabelTable({ images: await readImages(artefact), labels: null, scores: null }, artefact.facts, format, file, named('path'))
      }
  }
}
