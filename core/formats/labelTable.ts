import { WinnowError } from '../domain/errors.ts'
import { columnAmong, noColumn, numberOf } from './csvTable.ts'
import { openTable, type OpenOptions } from './openTable.ts'
import { columnOf, idNames, shorten, type Table } from './table.ts'

const labelNames = ['landmark_id', 'landmark', 'landmarks', 'label', 'labels', 'class', 'class_name', 'category', 'species', 'target', 'identity', 'dog_id']

export interface LabelTableOptions extends OpenOptions {
  readonly id?: string | undefined
  readonly label?: string | undefined
  /** Only rows with this word in the column Usage (Public, Private) of a solution file. */
  readonly usage?: string | undefined
}

export interface LabelBlock {
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  /** 1 where the file has none. An image may stand more than once: candidates, best first. */
  readonly scores: Float64Array
  readonly place: (i: number) => string
}

export interface LabelTable {
  readonly name: string
  readonly format: Table['format']
  readonly layout: string
  /** In the order of the file; rows without a label are passed over. Throws naming line and column. */
  blocks(signal?: AbortSignal): AsyncGenerator<LabelBlock>
  close(): Promise<void>
}

type Expand = (id: string, field: string, where: () => string, add: (id: string, label: string, score: number) => void) => void

/**
 * Opens a file of labels: GLDv2's train.csv (id, url, landmark_id), a cleaned set (landmark_id, images separated by spaces), a recognition
 * submission (id, landmarks: "label score" pairs or nothing), a recognition solution (id, landmarks separated by spaces, Usage), or any table
 * with an image and a label column. Throws what openTable throws, and BAD_INPUT where a column cannot be told.
 */
export async function openLabelTable(path: string, options: LabelTableOptions = {}): Promise<LabelTable> {
  const table = await openTable(path, options)
  try {
    const { id, label, expand, layout } = layoutOf(table, options)
    const usage = columnAmong(table, ['usage'])?.name
    if (options.usage !== undefined && usage === undefined) throw noColumn(table, 'the usage', ['Usage'], 'another file')
    return {
      name: table.name, format: table.format, layout,
      close: () => table.close(),
      async *blocks(signal) {
        const wanted = [id, label, ...(usage === undefined ? [] : [usage])].map((name) => ({ as: 'text', name }) as const)
        for await (const { values, rows, place } of table.blocks(wanted, signal)) {
          const [keys, fields, usages] = values as [string[], string[], string[] | undefined]
          const ids: string[] = []
          const labels: string[] = []
          const scores: number[] = []
          const origin: number[] = []
          for (let row = 0; row < rows; row++) {
            const use = usages?.[row]?.toLowerCase()
            // GLDv2's solutions hold rows that count for nothing.
            if (use === 'ignored' || (options.usage !== undefined && use !== options.usage.toLowerCase())) continue
            expand(keys[row] as string, fields[row] as string, () => `${table.name}, ${place(row)}`, (one, name, score) => {
              ids.push(one)
              labels.push(name)
              scores.push(score)
              origin.push(row)
            })
          }
          yield { ids, labels, scores: Float64Array.from(scores), place: (i) => place(origin[i] as number) }
        }
      }
    }
  } catch (error) {
    await table.close()
    throw error
  }
}

function layoutOf(table: Table, options: LabelTableOptions): { id: string; label: string; expand: Expand; layout: string } {
  const has = (name: string): string | undefined => columnAmong(table, [name])?.name
  const landmark = has('landmark_id')
  const images = has('images')
  if (options.id === undefined && options.label === undefined && landmark !== undefined && images !== undefined && has('id') === undefined) {
    return { id: landmark, label: images, expand: imagesOfLabel, layout: `${landmark}, ${images}` }
  }
  const id = options.id === undefined ? columnAmong(table, idNames)?.name : columnOf(table, options.id).name
  if (id === undefined) throw noColumn(table, 'the image', idNames, 'id')
  const label = options.label === undefined ? columnAmong(table, labelNames.filter((one) => one !== id.toLowerCase()))?.name : columnOf(table, options.label).name
  if (label === undefined) throw noColumn(table, 'the label', labelNames, 'label')
  const layout = `${id}, ${label}`
  if (label.toLowerCase() !== 'landmarks') return { id, label, expand: oneLabel, layout }
  return { id, label, expand: has('usage') === undefined ? scoredLabels : severalLabels, layout }
}

const checkId = (id: string, where: () => string): void => {
  if (id === '') throw new WinnowError('BAD_INPUT', `${where()}: the image is empty. Every row needs one.`)
}

const oneLabel: Expand = (id, field, where, add) => {
  checkId(id, where)
  if (field !== '') add(id, field, 1)
}

/** "landmark_id,images": one class and its images. */
const imagesOfLabel: Expand = (label, field, where, add) => {
  if (label === '') throw new WinnowError('BAD_INPUT', `${where()}: the landmark_id is empty. Every row needs one.`)
  for (const id of field.split(/\s+/u)) if (id !== '') add(id, label, 1)
}

/** A solution: several landmarks may be right. */
const severalLabels: Expand = (id, field, where, add) => {
  checkId(id, where)
  for (const label of field.split(/\s+/u)) if (label !== '' && label !== 'None') add(id, label, 1)
}

/** A submission: "label score", perhaps several times. */
const scoredLabels: Expand = (id, field, where, add) => {
  checkId(id, where)
  const parts = field.split(/\s+/u).filter((one) => one !== '')
  if (parts.length === 1) {
    add(id, parts[0] as string, 1)
    return
  }
  if (parts.length % 2 !== 0) throw new WinnowError('BAD_INPUT', `${where()}: "${shorten(field)}" is not a label and its score. Write them as "123 0.75".`)
  for (let i = 0; i < parts.length; i += 2) {
    const score = numberOf(parts[i + 1] as string)
    if (!Number.isFinite(score)) throw new WinnowError('BAD_INPUT', `${where()}: "${shorten(parts[i + 1] as string)}" is not a score. Write labels and scores as "123 0.75".`)
    add(id, parts[i] as string, score)
  }
}
