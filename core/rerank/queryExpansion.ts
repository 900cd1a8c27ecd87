import type { Matrix } from '../domain/matrix.ts'
import { emptyLists } from '../domain/rankedLists.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'
import { dot } from '../search/dot.ts'
import { neighbourMean } from './neighbourMean.ts'
import { ownNeighbours } from './ownNeighbours.ts'
import { stackRows } from './stackRows.ts'

export interface ExpansionOptions extends BlasOptions {
  /** Landmark 2019: 3. */
  readonly alpha: number
  /** Neighbours that count, the row itself being the first of them. Landmark 2019: 10. */
  readonly count: number
  /** Image of each row: a row is then not moved by other rows of its own image. */
  readonly images?: { readonly queries: ArrayLike<number>; readonly references: ArrayLike<number> }
}

/**
 * Where neighbours come from: `all` is queries and references together, as in Landmark 2019 (a query is then moved by other queries: transductive);
 * `references` leaves every query to itself and the references.
 */
export type ExpansionPool = 'all' | 'references'

/**
 * Alpha query expansion: new query vectors, unit length, same order. Rows must be unit length on both sides.
 * Radenović et al., TPAMI 2019; constants and neighbours of Landmark 2019 (`qe_dba`).
 */
export async function expandQueries(queries: Matrix, references: Matrix, blas: Blas, options: ExpansionOptions & { readonly pool: ExpansionPool }): Promise<Matrix> {
  const pool = stackRows(queries, references)
  if (options.pool === 'all') return neighbourMean(pool, await ownNeighbours(pool, { from: 0, to: queries.rows }, options.count, blas, { ...options, ids: idsOf(options) }), options)
  // The query itself leads its list, its neighbours among the references follow: `count` in all, as with the other pool.
  const found = options.count > 1 ? await blas.nearest(queries, references, options.count - 1, { ...(options.signal ? { signal: options.signal } : {}), ...(options.images ? { exclude: options.images } : {}) }) : emptyLists(queries.rows, 0)
  const lists = emptyLists(queries.rows, found.k + 1)
  for (let row = 0; row < queries.rows; row++) {
    const start = row * lists.k
    lists.indices[start] = row
    lists.scores[start] = dot(queries.data, row * queries.dim, queries.data, row * queries.dim, queries.dim)
    for (let rank = 0; rank < found.k; rank++) {
      const reference = found.indices[row * found.k + rank] as number
      if (reference < 0) break
      lists.indices[start + rank + 1] = queries.rows + reference
      lists.scores[start + rank + 1] = found.scores[row * found.k + rank] as number
    }
  }
  return neighbourMean(pool, lists, options)
}

/**
 * Database-side augmentation: new reference vectors. With `queries`, their neighbours may be queries too, as in Landmark 2019 (transductive);
 * null keeps them out.
 */
export async function augmentReferences(queries: Matrix | null, references: Matrix, blas: Blas, options: ExpansionOptions): Promise<Matrix> {
  const pool = queries ? stackRows(queries, references) : references
  const ids = queries ? idsOf(options) : options.images?.references
  return neighbourMean(pool, await ownNeighbours(pool, { from: pool.rows - references.rows, to: pool.rows }, options.count, blas, { ...options, ids }), options)
}

/**
 * Supervised DBA: as DBA within one labelled set, but a neighbour with another label counts nothing. Landmark 2019 ran it once over the cleaned
 * training images (v 40, f 5) with alpha 3 and 3 neighbours, itself included. `labels[row]` is any number.
 */
export async function augmentLabelled(rows: Matrix, labels: ArrayLike<number>, blas: Blas, options: ExpansionOptions): Promise<Matrix> {
  const lists = await ownNeighbours(rows, { from: 0, to: rows.rows }, options.count, blas, { ...options, ids: options.images?.references })
  return neighbourMean(rows, lists, { ...options, labels })
}

const idsOf = ({ images }: ExpansionOptions): number[] | undefined => images && [...Array.from(images.queries), ...Array.from(images.references)]
