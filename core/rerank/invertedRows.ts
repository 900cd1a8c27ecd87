import type { SparseRows } from './sparseRows.ts'

/** A sparse matrix by columns (CSC): column c has values in the rows beside them, ascending. */
export interface InvertedRows {
  readonly starts: Float64Array
  readonly rows: Int32Array
  readonly values: Float32Array
}

/** The rows of a sparse matrix from `firstRow` on by column: an inverted index. Rows are numbered from 0 there; `scale` multiplies the values of a row. */
export function invertRows(matrix: SparseRows, firstRow: number, scale: (row: number) => number = () => 1): InvertedRows {
  const { rows, columns, indices, values } = matrix
  const starts = new Float64Array(columns + 1)
  const begin = matrix.starts[firstRow] as number
  const end = matrix.starts[rows] as number
  for (let at = begin; at < end; at++) starts[(indices[at] as number) + 1] = (starts[(indices[at] as number) + 1] as number) + 1
  for (let column = 0; column < columns; column++) starts[column + 1] = (starts[column + 1] as number) + (starts[column] as number)
  const next = starts.slice()
  const inverted = { starts, rows: new Int32Array(end - begin), values: new Float32Array(end - begin) }
  for (let row = firstRow; row < rows; row++) {
    const factor = scale(row)
    for (let at = matrix.starts[row] as number; at < (matrix.starts[row + 1] as number); at++) {
      const column = indices[at] as number
      const to = next[column] as number
      next[column] = to + 1
      inverted.rows[to] = row - firstRow
      inverted.values[to] = (values[at] as number) * factor
    }
  }
  return inverted
}
