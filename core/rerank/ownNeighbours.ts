import type { Matrix } from '../domain/matrix.ts'
import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'
import { dot } from '../search/dot.ts'
import { rowRange } from './stackRows.ts'

/** Rows of the pool from..to: whose lists are made. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * The k nearest of rows from..to of a pool among all of the pool, the row itself first and counted: where vectors are equal, a copy with a smaller index would
 * stand before the row it is a copy of. `ids` (one a row of the pool) keeps other rows with the row's own id out of its list: parts of one image.
 */
export async function ownNeighbours(pool: Matrix, { from, to }: Span, k: number, blas: Blas, { signal, ids }: BlasOptions & { readonly ids?: ArrayLike<number> | undefined } = {}): Promise<RankedLists> {
  const lists = emptyLists(to - from, k)
  if (k === 0) return lists
  const numbers = ids ?? Int32Array.from({ length: pool.rows }, (_, row) => row)
  const exclude = { queries: Array.prototype.slice.call(numbers, from, to) as number[], references: numbers }
  const others = k > 1 ? await blas.nearest(rowRange(pool, from, to), pool, k - 1, { exclude, ...(signal ? { signal } : {}) }) : emptyLists(to - from, 0)
  for (let row = 0; row < to - from; row++) {
    const start = row * k
    const at = (from + row) * pool.dim
    lists.indices[start] = from + row
    lists.scores[start] = dot(pool.data, at, pool.data, at, pool.dim)
    lists.indices.set(others.indices.subarray(row * others.k, (row + 1) * others.k), start + 1)
    lists.scores.set(others.scores.subarray(row * others.k, (row + 1) * others.k), start + 1)
  }
  return lists
}
