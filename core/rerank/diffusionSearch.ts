import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import type { NearestOptions } from '../search/blas.ts'
import { BestOf } from './bestOf.ts'
import { invertRows } from './invertedRows.ts'
import type { SparseRows } from './sparseRows.ts'

export interface DiffusionSearchOptions {
  /** Length of the new lists. */
  readonly length: number
  /**
   * References that diffusion does not connect to the query score 0, in the order of their index, which says nothing. True lists them all the same, as the
   * original does (and before those that the early stop left slightly below 0); false leaves both out.
   */
  readonly unreached: boolean
  /** A reference is not listed for a query that has the same number (image ids). */
  readonly exclude?: NearestOptions['exclude']
  readonly signal?: AbortSignal
}

/**
 * The online part: for each query row (the first `queries` of the offline result) the references (all further rows) of greatest cosine between sparse
 * rows. Equal scores stand in the order of the smaller reference. References are numbered from 0.
 */
export function searchDiffused(offline: SparseRows, queries: number, { length, unreached, exclude, signal }: DiffusionSearchOptions): RankedLists {
  const references = offline.rows - queries
  if (!(queries >= 0 && references >= 0)) throw new RangeError(`${queries} queries of ${offline.rows} rows.`)
  const lists = emptyLists(queries, length)
  const inverted = invertRows(offline, queries, (row) => 1 / rowLength(offline, row))
  const scores = new Float64Array(references)
  const best = new BestOf(length)
  for (let query = 0; query < queries; query++) {
    if (query % 64 === 0) signal?.throwIfAborted()
    scores.fill(0)
    const scale = 1 / rowLength(offline, query)
    for (let at = offline.starts[query] as number; at < (offline.starts[query + 1] as number); at++) {
      const column = offline.indices[at] as number
      const value = (offline.values[at] as number) * scale
      const end = inverted.starts[column + 1] as number
      for (let entry = inverted.starts[column] as number; entry < end; entry++) {
        const reference = inverted.rows[entry] as number
        scores[reference] = (scores[reference] as number) + value * (inverted.values[entry] as number)
      }
    }
    for (let reference = 0; reference < references; reference++) {
      const score = scores[reference] as number
      if (!(score > 0 || unreached) || (exclude && exclude.references[reference] === exclude.queries[query])) continue
      best.offer(reference, score)
    }
    best.drain(lists.indices, lists.scores, query * length)
  }
  return lists
}

function rowLength({ starts, values }: SparseRows, row: number): number {
  let squares = 0
  for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) squares += (values[at] as number) ** 2
  return squares === 0 ? 1 : Math.sqrt(squares)
}
