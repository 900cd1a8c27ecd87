import { WinnowError } from '../domain/errors.ts'
import type { OutColumn, OutTable } from './outTable.ts'
import { shorten } from './table.ts'
import { floatText, writeCsvRows } from './writeCsv.ts'
import { writeHdf5 } from './writeHdf5.ts'
import { writeWhole } from './wholeFile.ts'

/** Limits of the Image Similarity Challenge 2021 (facebookresearch/isc2021, DrivenData's submission formats). */
export const iscMostDimensions = 256
export const iscMostPairs = 500_000

const sets = [
  { name: 'query', pattern: /^Q\d{5}$/u, example: 'Q00000' },
  { name: 'reference', pattern: /^R\d{6}$/u, example: 'R000000' },
  { name: 'train', pattern: /^T\d{6}$/u, example: 'T000000' }
] as const
export type IscSet = (typeof sets)[number]['name']

/** Which of the challenge's sets an id is of; null for any other name. */
export const iscSetOf = (id: string): IscSet | null => sets.find(({ pattern }) => pattern.test(id))?.name ?? null

/** Phase 2 drew its queries anew: 50000 to 99999. */
export const iscPhaseOf = (query: string): 1 | 2 => (Number(query.slice(1)) >= 50_000 ? 2 : 1)

export interface IscVectors {
  readonly ids: readonly string[]
  readonly dim: number
  /** The vectors of these rows, in this order. */
  readonly values: (rows: Uint32Array) => Promise<Float32Array>
}

/**
 * Writes the descriptor track's HDF5 file: `query` (n x dim float32), `query_ids` (|S6), `reference`, `reference_ids` (|S7), and `train` where there
 * are training images; rows sorted by id, as the platform expects. Every id must be of one of the three sets. Throws BAD_INPUT where a set is
 * empty, a dimension is over 256, or an id is another's. Whole or not at all. In a thread: HDF5 works in long synchronous strides.
 */
export async function writeIscDescriptors(path: string, { ids, dim, values }: IscVectors): Promise<{ queries: number; references: number; train: number }> {
  if (dim > iscMostDimensions) throw new WinnowError('BAD_INPUT', `The descriptor track takes at most ${iscMostDimensions} dimensions; these vectors have ${dim}. Reduce them first (PCA).`)
  const rowsOf: Record<IscSet, number[]> = { query: [], reference: [], train: [] }
  ids.forEach((id, row) => {
    const set = iscSetOf(id)
    if (set === null) throw new WinnowError('BAD_INPUT', `"${shorten(id)}" is no id of the challenge (${sets.map(({ example }) => example).join(', ')}). Write plain HDF5 for other images.`)
    rowsOf[set].push(row)
  })
  for (const { name } of sets.slice(0, 2)) if (rowsOf[name].length === 0) throw new WinnowError('BAD_INPUT', `There is no ${name} among these vectors (${name === 'query' ? 'Q00000' : 'R000000'}…). The file needs queries and references.`)
  const tables = sets.filter(({ name }) => rowsOf[name].length > 0).map(({ name }): OutTable => {
    const order = Uint32Array.from(rowsOf[name].sort((x, y) => ((ids[x] as string) < (ids[y] as string) ? -1 : 1)))
    for (let i = 1; i < order.length; i++) {
      const id = ids[order[i] as number] as string
      if (id === ids[order[i - 1] as number]) throw new WinnowError('BAD_INPUT', `"${id}" stands twice among these vectors. The challenge takes one descriptor an image: leave parts out.`)
    }
    const vectors: OutColumn = { kind: 'vector', name, dim, values: async (from, count) => await values(order.subarray(from, from + count)) }
    const names: OutColumn = { kind: 'text', name: `${name}_ids`, values: async (from, count) => Array.from(order.subarray(from, from + count), (row) => ids[row] as string) }
    // The training descriptors of the original file have no ids.
    return { rows: order.length, columns: name === 'train' ? [vectors] : [vectors, names] }
  })
  await writeHdf5(path, tables)
  return { queries: rowsOf.query.length, references: rowsOf.reference.length, train: rowsOf.train.length }
}

export interface ScoredPairs {
  readonly queries: readonly string[]
  readonly references: readonly string[]
  readonly scores: Float32Array
}

/**
 * Writes the matching track's CSV: query_id,reference_id,score; higher is more alike. `pairs` best first, each once: only the best 500,000 are
 * taken by the platform, so only they are written. Returns how many were. Throws BAD_INPUT for an id that is not of the challenge.
 */
export async function writeIscMatches(path: string, { queries, references, scores }: ScoredPairs): Promise<number> {
  const rows = Math.min(iscMostPairs, queries.length)
  for (let i = 0; i < rows; i++) {
    for (const [id, set] of [[queries[i] as string, 'query'], [references[i] as string, 'reference']] as const) {
      if (iscSetOf(id) !== set) throw new WinnowError('BAD_INPUT', `"${shorten(id)}" is no ${set} of the challenge (${set === 'query' ? 'Q00000' : 'R000000'}). Write plain CSV for other images.`)
    }
  }
  await writeWhole(path, async (file) => {
    await writeCsvRows(file, {
      rows,
      columns: [
        { kind: 'text', name: 'query_id', values: async (from, count) => queries.slice(from, from + count) },
        { kind: 'text', name: 'reference_id', values: async (from, count) => references.slice(from, from + count) },
        { kind: 'number', name: 'score', dtype: '<f4', values: async (from, count) => scores.subarray(from, from + count) }
      ]
    }, { number: floatText })
  })
  return rows
}
