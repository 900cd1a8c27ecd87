import { similarityPower } from '../descriptors/negatives.ts'
import type { Matrix } from '../domain/matrix.ts'
import type { RankedLists } from '../domain/rankedLists.ts'

export interface NeighbourMeanOptions {
  /** Power of the similarity that a neighbour counts with: 0 is the plain mean. */
  readonly alpha: number
  /** How many of each list count. The lists should begin with the row itself. */
  readonly count: number
  /** One label a row of the pool: neighbours with another label than the list's first count nothing. */
  readonly labels?: ArrayLike<number>
}

/**
 * x' = unit( Σ_{j in the first `count` of x's list} <x,x_j>^alpha · x_j ): the sum behind alpha query expansion (Radenović et al., "Fine-tuning CNN
 * Image Retrieval with No Human Annotation", TPAMI 2019) and database-side augmentation (Arandjelović and Zisserman, CVPR 2012), as `qe_dba`
 * of Landmark 2019 has it: one row for each list, `pool` holding the neighbours, the lists' scores being their similarities. Negative
 * similarities are not clamped; for an alpha that is no whole number their power is not a real number and they count nothing.
 * A row whose sum has no direction keeps the first vector of its list (zeros where the list is empty).
 * Throws RangeError where a list names a row that the pool does not have, alpha is negative, or labels do not fit the pool.
 */
export function neighbourMean(pool: Matrix, lists: RankedLists, { alpha, count, labels }: NeighbourMeanOptions): Matrix {
  if (!(alpha >= 0)) throw new RangeError(`alpha is a number from 0 up, not ${alpha}.`)
  if (!(count >= 1)) throw new RangeError(`At least one neighbour has to count, not ${count}.`)
  if (labels && labels.length !== pool.rows) throw new RangeError(`${labels.length} labels for ${pool.rows} rows.`)
  const { dim } = pool
  const power = similarityPower(alpha)
  const used = Math.min(count, lists.k)
  const data = new Float32Array(lists.queries * dim)
  const sum = new Float64Array(dim)
  for (let row = 0; row < lists.queries; row++) {
    sum.fill(0)
    const first = lists.indices[row * lists.k] ?? -1
    for (let rank = 0; rank < used; rank++) {
      const at = row * lists.k + rank
      const neighbour = lists.indices[at] as number
      if (neighbour < 0) break
      if (neighbour >= pool.rows) throw new RangeError(`List ${row} names row ${neighbour} of ${pool.rows}.`)
      if (labels && labels[neighbour] !== labels[first]) continue
      const weight = power(lists.scores[at] as number)
      const start = neighbour * dim
      for (let i = 0; i < dim; i++) sum[i] = (sum[i] as number) + weight * (pool.data[start + i] as number)
    }
    let squares = 0
    for (let i = 0; i < dim; i++) squares += (sum[i] as number) ** 2
    if (squares > 0) {
      const factor = 1 / Math.sqrt(squares)
      for (let i = 0; i < dim; i++) data[row * dim + i] = (sum[i] as number) * factor
    } else if (first >= 0) data.set(pool.data.subarray(first * dim, (first + 1) * dim), row * dim)
  }
  return { rows: lists.queries, dim, data }
}
