import { normaliseRows } from '../domain/matrix.ts'
import { firstEqualRows } from './equalRows.ts'
import { VectorFile } from './vectorFile.ts'
import type { VectorSource } from './vectorSource.ts'

/** Up to here the rows of a source are held in memory; beyond, they are read again block by block. */
const residentBytes = 4 * 2 ** 30
const pieceBytes = 16 * 2 ** 20

/** Rows of unit length, row-major, for a handful of indices: row `i` starts at `offsetOf(i)` of `matrix`. */
export interface RowLookup {
  readonly matrix: Float32Array
  readonly offsetOf: (index: number) => number
}

/**
 * The vectors of a source as float32 of unit length: the dot product of two rows is their cosine. A row of zeros or with a value that is
 * no number becomes zeros: it is like nothing. Index i means row `source.rows[i]` of the file.
 */
export class VectorRows {
  readonly source: VectorSource
  readonly count: number
  readonly dim: number
  readonly #file: VectorFile
  readonly #resident: Float32Array | null
  #firstEqual: Int32Array | null = null

  private constructor(source: VectorSource, file: VectorFile, resident: Float32Array | null) {
    this.source = source
    this.count = source.rows.length
    this.dim = source.dim
    this.#file = file
    this.#resident = resident
  }

  /** Throws NOT_FOUND where the file is missing and CORRUPT where it holds fewer rows than the source names. */
  static async open(source: VectorSource, { budgetBytes = residentBytes } = {}): Promise<VectorRows> {
    const { file: path, dim, dtype, rows } = source
    const file = await VectorFile.open(path, { dim, dtype, readOnly: true, committedRows: rows.reduce((most, row) => Math.max(most, row), -1) + 1 })
    try {
      const fits = rows.length * dim * 4 <= budgetBytes
      return new VectorRows(source, file, fits ? await readRows(file, source, 0, rows.length) : null)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Rows [from, from + count). May be a view of what is held: do not write to it. */
  async read(from: number, count: number): Promise<Float32Array> {
    if (this.#resident) return this.#resident.subarray(from * this.dim, (from + count) * this.dim)
    return await readRows(this.#file, this.source, from, count)
  }

  /** The rows of these indices (any order, repeats allowed). */
  async lookup(indices: Iterable<number>): Promise<RowLookup> {
    const { dim } = this
    if (this.#resident) return { matrix: this.#resident, offsetOf: (index) => index * dim }
    const wanted = Int32Array.from(new Set(indices)).sort()
    const rows = Int32Array.from(wanted, (index) => this.source.rows[index] as number)
    const matrix = await readRows(this.#file, { ...this.source, rows }, 0, rows.length)
    const offsets = new Map<number, number>()
    for (const [position, index] of wanted.entries()) offsets.set(index, position * dim)
    return { matrix, offsetOf: (index) => offsets.get(index) as number }
  }

  /**
   * For each index the smallest index whose row is the same, value for value; null where the rows are not held in memory. Piles of equal
   * vectors (blank pictures, say) are then scored once instead of once each.
   */
  firstEqual(): Int32Array | null {
    if (!this.#resident) return null
    this.#firstEqual ??= firstEqualRows(this.#resident, this.count, this.dim)
    return this.#firstEqual
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

async function readRows(file: VectorFile, { rows, dim }: VectorSource, from: number, count: number): Promise<Float32Array> {
  const matrix = new Float32Array(count * dim)
  const most = Math.max(1, Math.floor(pieceBytes / (dim * 4)))
  let done = 0
  while (done < count) {
    const first = rows[from + done] as number
    let run = 1
    while (done + run < count && run < most && rows[from + done + run] === first + run) run++
    matrix.set(await file.read(first, run), done * dim)
    done += run
  }
  clearBroken(matrix, dim)
  normaliseRows(matrix, dim)
  return matrix
}

function clearBroken(matrix: Float32Array, dim: number): void {
  for (let start = 0; start < matrix.length; start += dim) {
    let zero = 0
    for (let i = start; i < start + dim; i++) zero += (matrix[i] as number) * 0
    if (zero !== 0) matrix.fill(0, start, start + dim)
  }
}
