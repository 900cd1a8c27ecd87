import type { Matrix } from '../domain/matrix.ts'

/** The rows of `first`, then those of `second`, as one matrix. Throws RangeError where they are not equally wide. */
export function stackRows(first: Matrix, second: Matrix): Matrix {
  if (first.dim !== second.dim) throw new RangeError(`Rows of ${first.dim} and of ${second.dim} values do not stand in one matrix.`)
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return { rows: first.rows + second.rows, dim: first.dim, data }
}

/** Rows from..to (to excluded) as a view, not a copy. */
export const rowRange = ({ dim, data }: Matrix, from: number, to: number): Matrix => ({ rows: to - from, dim, data: data.subarray(from * dim, to * dim) })

/** Some rows, in the order given, as a matrix of their own. */
export function gatherRows({ dim, data }: Matrix, rows: Int32Array): Matrix {
  const some = new Float32Array(rows.length * dim)
  rows.forEach((row, i) => some.set(data.subarray(row * dim, (row + 1) * dim), i * dim))
  return { rows: rows.length, dim, data: some }
}
