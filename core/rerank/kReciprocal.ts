import type { Matrix } from '../domain/matrix.ts'
import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import type { Blas, BlasOptions, NearestOptions } from '../search/blas.ts'
import { dot } from '../search/dot.ts'
import { BestOf } from './bestOf.ts'
import { invertRows } from './invertedRows.ts'
import { ownNeighbours } from './ownNeighbours.ts'
import { meanOfFirst, reciprocalWeights } from './reciprocalWeights.ts'
import { stackRows } from './stackRows.ts'

export interface KReciprocalOptions {
  /** Length of the neighbour lists (the row itself not counted) that reciprocity is judged by. The paper: 20. */
  readonly k1: number
  /** Local query expansion: the mean over so many of a row's list, itself included. The paper: 6; 1 for none. */
  readonly k2: number
  /** Weight of the original distance against the Jaccard distance, 0..1. The paper: 0.3. */
  readonly lambda: number
  /** Length of the new lists. */
  readonly length: number
}

export const kReciprocalDefaults: KReciprocalOptions = { k1: 20, k2: 6, lambda: 0.3, length: 100 }

export interface KReciprocalResult {
  /** Scores are 1 - distance, distance = (1 - lambda)·Jaccard + lambda·d, both within 0..1. */
  readonly lists: RankedLists
  /** The cosine beside each entry. */
  readonly before: Float32Array
}

/**
 * Zhong et al., "Re-ranking Person Re-identification with k-reciprocal Encoding", CVPR 2017, over queries and references together (transductive: queries are
 * neighbours of each other). Rows are unit length; d is the squared Euclidean distance divided by the row's greatest, as in the authors' code.
 *
 * Sparse: of each row only the weights of its expanded reciprocal set are held. The result is that of the full matrices to the last place of the list: a
 * reference whose set shares nothing with the query's has Jaccard distance 1, so among those the nearest by d lead.
 * `exclude` keeps references out of lists, as for `Blas.nearest`; they are neighbours all the same.
 */
export async function kReciprocal(queries: Matrix, references: Matrix, blas: Blas, options: KReciprocalOptions, { signal, exclude }: NearestOptions = {}): Promise<KReciprocalResult> {
  const { k1, k2, lambda, length } = options
  if (!(k1 >= 1 && k2 >= 1)) throw new RangeError(`k1 and k2 are numbers from 1 up, not ${k1} and ${k2}.`)
  if (!(lambda >= 0 && lambda <= 1)) throw new RangeError(`lambda lies within 0..1, not at ${lambda}.`)
  const all = stackRows(queries, references)
  const passed = signal ? { signal } : {}
  const lists = await ownNeighbours(all, { from: 0, to: all.rows }, Math.min(all.rows, Math.max(k1 + 1, k2)), blas, passed)
  const farthest = await greatestDistances(all, blas, passed)
  const distance = (row: number, other: number, similarity: number): number => (row === other ? 0 : Math.max(0, 2 - 2 * similarity) / (farthest[row] as number))
  const similarityOf = (row: number, other: number): number => dot(all.data, row * all.dim, all.data, other * all.dim, all.dim)
  signal?.throwIfAborted()
  const weights = reciprocalWeights(lists, k1, (row, other) => Math.exp(-distance(row, other, similarityOf(row, other))))
  signal?.throwIfAborted()
  const expanded = k2 === 1 ? weights : meanOfFirst(weights, lists, k2)
  const inverted = invertRows(expanded, queries.rows)
  const nearest = await blas.nearest(queries, references, Math.min(length, references.rows), { ...passed, ...(exclude ? { exclude } : {}) })

  const result = emptyLists(queries.rows, length)
  const before = new Float32Array(queries.rows * length)
  const shared = new Float64Array(references.rows)
  const seenBy = new Int32Array(references.rows)
  const seen = new Int32Array(references.rows)
  const best = new BestOf(length)
  for (let query = 0; query < queries.rows; query++) {
    if (query % 64 === 0) signal?.throwIfAborted()
    let count = 0
    for (let at = expanded.starts[query] as number; at < (expanded.starts[query + 1] as number); at++) {
      const column = expanded.indices[at] as number
      const weight = expanded.values[at] as number
      for (let entry = inverted.starts[column] as number; entry < (inverted.starts[column + 1] as number); entry++) {
        const reference = inverted.rows[entry] as number
        const least = Math.min(weight, inverted.values[entry] as number)
        if (seenBy[reference] === query + 1) shared[reference] = (shared[reference] as number) + least
        else {
          seenBy[reference] = query + 1
          seen[count++] = reference
          shared[reference] = least
        }
      }
    }
    for (let i = 0; i < count; i++) {
      const reference = seen[i] as number
      if (exclude && exclude.references[reference] === exclude.queries[query]) continue
      const overlap = shared[reference] as number
      const jaccard = 1 - overlap / (2 - overlap)
      const d = distance(query, queries.rows + reference, similarityOf(query, queries.rows + reference))
      best.offer(reference, 1 - (jaccard * (1 - lambda) + d * lambda))
    }
    for (let at = query * nearest.k; at < (query + 1) * nearest.k; at++) {
      const reference = nearest.indices[at] as number
      if (reference < 0) break
      if (seenBy[reference] === query + 1) continue
      best.offer(reference, 1 - (1 - lambda + distance(query, queries.rows + reference, nearest.scores[at] as number) * lambda))
    }
    const start = query * length
    const held = best.drain(result.indices, result.scores, start)
    for (let at = start; at < start + held; at++) before[at] = similarityOf(query, queries.rows + (result.indices[at] as number))
  }
  return { lists: result, before }
}

/** Of each row the squared distance to the row farthest from it; 1 where all rows are equal. */
async function greatestDistances(rows: Matrix, blas: Blas, options: BlasOptions): Promise<Float32Array> {
  const opposite: Matrix = { ...rows, data: rows.data.map((value) => -value) }
  const { scores } = await blas.nearest(opposite, rows, 1, options)
  return scores.map((least) => Math.max(0, 2 + 2 * least) || 1)
}
