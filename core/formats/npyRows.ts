import type { FileHandle } from 'node:fs/promises'
import { headerOf } from './npy.ts'
import { npyHeader, type NpyDtype, type NpyHeader } from './npyHeader.ts'
import { bytesOf, valuesOf, type NpyData } from './npyValues.ts'
import { openForeign, readFully, writeWhole, type PartFile } from './wholeFile.ts'

/** An open .npy file whose rows (the first dimension) are read in blocks, so that a table of any size needs little memory. Close it. */
export class NpyRows {
  readonly name: string
  readonly dtype: NpyDtype
  readonly shape: readonly number[]
  /** The first dimension; 1 for a single number. */
  readonly rows: number
  /** Values of a row: the product of the other dimensions. */
  readonly rowValues: number
  readonly #handle: FileHandle
  readonly #header: NpyHeader

  private constructor(handle: FileHandle, header: NpyHeader, name: string) {
    this.#handle = handle
    this.#header = header
    this.name = name
    this.dtype = header.dtype
    this.shape = header.shape
    this.rows = header.shape[0] ?? 1
    this.rowValues = header.shape.slice(1).reduce((product, one) => product * one, 1)
  }

  /** Throws NOT_FOUND, or CORRUPT/BAD_INPUT naming what is wrong with the file (see readNpyHeader). */
  static async open(path: string): Promise<NpyRows> {
    const { handle, size, name } = await openForeign(path)
    try {
      return new NpyRows(handle, await headerOf(handle, size, name), name)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Rows [from, from + count). Throws RangeError for rows that are not there. */
  async read(from: number, count: number): Promise<NpyData> {
    if (from < 0 || count < 0 || from + count > this.rows) throw new RangeError(`${this.name} has ${this.rows} rows, not [${from}, ${from + count}).`)
    const rowBytes = this.rowValues * this.#header.itemBytes
    const bytes = new Uint8Array(count * rowBytes)
    await readFully(this.#handle, bytes, this.#header.offset + from * rowBytes, this.name)
    return valuesOf(bytes, this.dtype, this.name, from * this.rowValues)
  }

  /** All rows in order, in blocks of about `blockBytes` bytes (at least one row). */
  async *blocks(blockBytes = 4 * 2 ** 20): AsyncGenerator<{ readonly first: number; readonly rows: number; readonly data: NpyData }> {
    const each = Math.max(1, Math.floor(blockBytes / Math.max(1, this.rowValues * this.#header.itemBytes)))
    for (let first = 0; first < this.rows; first += each) {
      const rows = Math.min(each, this.rows - first)
      yield { first, rows, data: await this.read(first, rows) }
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Rows on their way into an .npy file. */
export class NpyRowWriter {
  readonly #file: PartFile
  readonly #dtype: NpyDtype
  readonly #rowShape: readonly number[]
  readonly #rowValues: number
  #values = 0

  constructor(file: PartFile, dtype: NpyDtype, rowShape: readonly number[]) {
    this.#file = file
    this.#dtype = dtype
    this.#rowShape = rowShape
    this.#rowValues = rowShape.reduce((product, one) => product * one, 1)
  }

  /** Appends whole rows. Throws RangeError otherwise. */
  async append(data: NpyData): Promise<void> {
    if (this.#rowValues === 0 || data.length % this.#rowValues !== 0) throw new RangeError(`${data.length} values are not whole rows of ${this.#rowValues}.`)
    this.#values += data.length
    await this.#file.write(bytesOf(data, this.#dtype))
  }

  header(): Uint8Array {
    return npyHeader(this.#dtype, [this.#rowValues === 0 ? 0 : this.#values / this.#rowValues, ...this.#rowShape])
  }
}

/**
 * Writes an .npy file of shape (rows, ...rowShape) whose number of rows shows itself: `work` appends blocks. Whole or not at all.
 * The header is written last, over room left for it.
 */
export async function writeNpyRows<T>(path: string, dtype: NpyDtype, rowShape: readonly number[], work: (rows: NpyRowWriter) => Promise<T>): Promise<T> {
  return await writeWhole(path, async (file) => {
    const writer = new NpyRowWriter(file, dtype, rowShape)
    await file.write(writer.header())
    const result = await work(writer)
    await file.writeAt(writer.header(), 0)
    return result
  })
}
