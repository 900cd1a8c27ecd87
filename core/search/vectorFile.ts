/// <reference lib="esnext.float16" />
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WinnowError } from '../domain/errors.ts'

export type VectorType = 'float32' | 'float16'

export interface VectorFileOptions {
  readonly dim: number
  readonly dtype: VectorType
  /**
   * How many rows the database vouches for. What lies behind them was written by an engine that was killed before its commit:
   * it is cut off. Without it, every whole row in the file counts.
   */
  readonly committedRows?: number
  readonly readOnly?: boolean
}

/** Bytes of one row of `dim` values. */
export const rowBytes = (dim: number, dtype: VectorType): number => dim * (dtype === 'float32' ? 4 : 2)

/**
 * A row-major matrix on disk, little-endian float32 or float16, without a header: row i starts at byte i * dim * (4 or 2).
 * One writer appends; anyone may read whole rows. Values come and go as float32.
 */
export class VectorFile {
  readonly path: string
  readonly dim: number
  readonly dtype: VectorType
  readonly #handle: FileHandle
  #rows: number

  private constructor(path: string, handle: FileHandle, rows: number, { dim, dtype }: VectorFileOptions) {
    this.path = path
    this.#handle = handle
    this.#rows = rows
    this.dim = dim
    this.dtype = dtype
  }

  /**
   * Opens the file, making it where there is none (unless `readOnly`). Throws NOT_FOUND where it is missing and CORRUPT where it holds
   * fewer rows than the database vouches for.
   */
  static async open(path: string, options: VectorFileOptions): Promise<VectorFile> {
    const { dim, dtype, committedRows, readOnly = false } = options
    if (!Number.isInteger(dim) || dim < 1) throw new RangeError(`A vector needs a whole number of dimensions, not ${dim}.`)
    const handle = await openHandle(path, readOnly)
    try {
      const size = rowBytes(dim, dtype)
      const { size: bytes } = await handle.stat()
      const rows = committedRows ?? Math.floor(bytes / size)
      if (bytes < rows * size) {
        throw cutShort(path, Math.floor(bytes / size), rows)
      }
      if (!readOnly && bytes > rows * size) await handle.truncate(rows * size)
      return new VectorFile(path, handle, rows, options)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Whole rows that may be read. */
  get rows(): number {
    return this.#rows
  }

  /** Appends whole rows (n x dim values) and waits until they are on disk. Returns the number of the first. One append at a time. */
  async append(vectors: Float32Array): Promise<number> {
    if (vectors.length % this.dim !== 0) throw new RangeError(`${vectors.length} values are not whole rows of ${this.dim}.`)
    const first = this.#rows
    if (vectors.length === 0) return first
    const bytes = toBytes(vectors, this.dtype)
    await writeAll(this.#handle, bytes, first * rowBytes(this.dim, this.dtype))
    await this.#handle.datasync()
    this.#rows = first + vectors.length / this.dim
    return first
  }

  /** Rows [fromRow, fromRow + count) as float32. Throws CORRUPT where the file ends before them. */
  async read(fromRow: number, count: number): Promise<Float32Array> {
    if (fromRow < 0 || count < 0) throw new RangeError(`There is no row ${fromRow}.`)
    if (fromRow + count > this.#rows) throw cutShort(this.path, this.#rows, fromRow + count)
    const size = rowBytes(this.dim, this.dtype)
    const bytes = new Uint8Array(count * size)
    await readAll(this.#handle, bytes, fromRow * size, this.path)
    return this.dtype === 'float32' ? new Float32Array(bytes.buffer) : Float32Array.from(new Float16Array(bytes.buffer))
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Data: how many whole rows are left. */
const cutShort = (path: string, rows: number, expected: number): WinnowError =>
  new WinnowError('CORRUPT', `${path} holds ${rows} of ${expected} vectors: it was cut short or replaced. Embed again: what is missing is made anew.`, { rows })

async function openHandle(path: string, readOnly: boolean): Promise<FileHandle> {
  try {
    return await open(path, readOnly ? 'r' : 'r+')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
    if (readOnly) throw new WinnowError('NOT_FOUND', `The vectors file ${path} is missing. Embed again.`)
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o644)
    await syncFolder(dirname(path))
    return handle
  }
}

/** A new file is only safe from a power cut once its folder's entry is on disk. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

function toBytes(vectors: Float32Array, dtype: VectorType): Uint8Array {
  const values = dtype === 'float32' ? vectors : Float16Array.from(vectors)
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

async function readAll(handle: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at)
    if (bytesRead === 0) throw new WinnowError('CORRUPT', `${path} ended while it was being read.`)
    at += bytesRead
  }
}
