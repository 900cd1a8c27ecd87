import type { SparseRows } from './sparseRows.ts'

/** Builds a sparse matrix row after row. */
export class SparseBuilder {
  readonly #rows: number
  readonly #columns: number
  readonly #starts: Float64Array
  #indices = new Int32Array(1024)
  #values = new Float32Array(1024)
  #row = 0
  #at = 0

  constructor(rows: number, columns: number) {
    this.#rows = rows
    this.#columns = columns
    this.#starts = new Float64Array(rows + 1)
  }

  add(column: number, value: number): void {
    if (this.#at === this.#indices.length) {
      const indices = new Int32Array(this.#at * 2)
      indices.set(this.#indices)
      this.#indices = indices
      const values = new Float32Array(this.#at * 2)
      values.set(this.#values)
      this.#values = values
    }
    this.#indices[this.#at] = column
    this.#values[this.#at++] = value
  }

  endRow(): void {
    this.#starts[++this.#row] = this.#at
  }

  /** Throws RangeError where rows are missing. */
  finish(): SparseRows {
    if (this.#row !== this.#rows) throw new RangeError(`${this.#row} of ${this.#rows} sparse rows were built.`)
    return { rows: this.#rows, columns: this.#columns, starts: this.#starts, indices: this.#indices.slice(0, this.#at), values: this.#values.slice(0, this.#at) }
  }
}
