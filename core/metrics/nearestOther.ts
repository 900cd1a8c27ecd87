import type { Matrix } from '../domain/matrix.ts'
import type { RankedLists } from '../domain/rankedLists.ts'
import type { Blas, BlasOptions } from '../search/blas.ts'
import { noTruth } from './noTruth.ts'

/**
 * recall@k of the pet-biometrics solution (flyingsheepbin/pet-biometrics utils.py): the share of items that have an item of their own label among
 * their k nearest others. An item alone in its label is a miss. `lists` are each item's nearest items by row number, itself in them or
 * not (it is passed over); `labels` beside the rows. One value for each of `ranks`.
 */
export function nearestOtherRecall(lists: RankedLists, labels: Int32Array, ranks: readonly number[]): number[] {
  if (labels.length === 0) throw noTruth('item')
  const found = ranks.map(() => 0)
  for (let row = 0; row < lists.queries; row++) {
    let others = 0
    for (let at = row * lists.k; at < (row + 1) * lists.k; at++) {
      const other = lists.indices[at] as number
      if (other < 0) break
      if (other === row) continue
      others++
      if (labels[other] !== labels[row]) continue
      for (let k = 0; k < ranks.length; k++) if (others <= (ranks[k] as number)) found[k]!++
      break
    }
  }
  return found.map((count) => count / labels.length)
}

/** Each row's k nearest other rows by Euclidean distance. */
export function nearestOthers(matrix: Matrix, k: number, blas: Blas, options: BlasOptions = {}): Promise<RankedLists> {
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row)
  return blas.nearest(widened(matrix, () => 1), widened(matrix, (squares) => -squares / 2), k, { ...options, exclude: { queries: rows, references: rows } })
}

/**
 * Inner products of (q, 1, 1) and (r, -|r|²/2) order as Euclidean distances do: |q-r|² = |q|² - 2 (<q,r> - |r|²/2). The last term stands in two
 * columns, what float32 holds of it and the rest.
 */
function widened({ rows, dim, data }: Matrix, last: (squares: number) => number): Matrix {
  const wide = new Float32Array(rows * (dim + 2))
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let i = 0; i < dim; i++) {
      const value = data[row * dim + i] as number
      wide[row * (dim + 2) + i] = value
      squares += value * value
    }
    const exact = last(squares)
    wide[row * (dim + 2) + dim] = exact
    wide[row * (dim + 2) + dim + 1] = exact === 1 ? 1 : exact - Math.fround(exact)
  }
  return { rows, dim: dim + 2, data: wide }
}
