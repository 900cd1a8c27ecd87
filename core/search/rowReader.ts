import type { Matrix } from '../domain/matrix.ts'

/** Rows that need not all be in memory. */
export interface RowReader {
  readonly rows: number
  readonly dim: number
  /** Rows [from, from + count). May be a view of what is held: do not write to it. */
  read(from: number, count: number): Promise<Float32Array>
}

/** A matrix as a reader. */
export const matrixRows = ({ rows, dim, data }: Matrix): RowReader => ({ rows, dim, read: async (from, count) => data.subarray(from * dim, (from + count) * dim) })

export interface RowBlock {
  readonly from: number
  readonly matrix: Matrix
}

/** All rows of a reader, at most `most` at a time. */
export async function* rowBlocks(reader: RowReader, most: number): AsyncGenerator<RowBlock> {
  for (let from = 0; from < reader.rows; from += most) {
    const rows = Math.min(most, reader.rows - from)
    yield { from, matrix: { rows, dim: reader.dim, data: await reader.read(from, rows) } }
  }
}

/** How many rows of `dim` float32 values fill so many bytes. */
export const rowsWithin = (bytes: number, dim: number): number => Math.max(1, Math.floor(bytes / (dim * 4)))
