/**
 * A sparse matrix by rows (CSR): row r has values `values[starts[r]..starts[r + 1])` in the columns beside them. A column stands at most once in a row,
 * in any order.
 */
export interface SparseRows {
  readonly rows: number
  readonly columns: number
  /** rows + 1 numbers; doubles hold more than 2^31 exactly. */
  readonly starts: Float64Array
  readonly indices: Int32Array
  readonly values: Float32Array
}

/** Throws RangeError where the parts do not fit each other (an artefact that was read from a file). */
export function checkSparseRows({ rows, columns, starts, indices, values }: SparseRows): void {
  if (starts.length !== rows + 1 || starts[0] !== 0) throw new RangeError(`${rows} sparse rows need ${rows + 1} starts from 0 on, there are ${starts.length}.`)
  for (let row = 0; row < rows; row++) if (!((starts[row + 1] as number) >= (starts[row] as number))) throw new RangeError(`Sparse row ${row} ends before it begins.`)
  if (indices.length !== starts[rows] || values.length !== starts[rows]) throw new RangeError(`Sparse rows end at ${starts[rows]}, but there are ${indices.length} columns and ${values.length} values.`)
  for (let at = 0; at < indices.length; at++) {
    const column = indices[at] as number
    if (column < 0 || column >= columns) throw new RangeError(`Sparse value ${at} stands in column ${column} of ${columns}.`)
  }
}

/** A row as a plain vector; for tests and small matrices. */
export function denseRow({ columns, starts, indices, values }: SparseRows, row: number): Float32Array {
  const dense = new Float32Array(columns)
  for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) dense[indices[at] as number] = values[at] as number
  return dense
}

export const sparseBytes = ({ starts, indices, values }: SparseRows): number => starts.byteLength + indices.byteLength + values.byteLength
