/** A row-major matrix: value (r, c) stands at data[r * dim + c]. */
export interface Matrix {
  readonly rows: number
  readonly dim: number
  readonly data: Float32Array
}

/** Throws RangeError where the values do not fill the rows. */
export function matrixOf(data: Float32Array, dim: number): Matrix {
  if (!Number.isInteger(dim) || dim < 1 || data.length % dim !== 0) throw new RangeError(`${data.length} values are not whole rows of ${dim}.`)
  return { rows: data.length / dim, dim, data }
}

/** Row `row` as a view, not a copy. */
export const rowOf = ({ data, dim }: Matrix, row: number): Float32Array => data.subarray(row * dim, (row + 1) * dim)

/** Scales each row to length 1, in place; sums in double precision. A row of zeros stays: it is like nothing. */
export function normaliseRows(matrix: Float32Array, dim: number): void {
  for (let start = 0; start < matrix.length; start += dim) {
    let squares = 0
    for (let i = start; i < start + dim; i++) squares += (matrix[i] as number) ** 2
    if (squares === 0) continue
    const factor = 1 / Math.sqrt(squares)
    for (let i = start; i < start + dim; i++) matrix[i] = (matrix[i] as number) * factor
  }
}
