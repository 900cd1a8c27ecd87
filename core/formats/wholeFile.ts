import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'

/** A file in the making, beside the place where it will stand: written in order, with the beginning open to be written again at the end. */
export class PartFile {
  readonly path: string
  readonly #part: string
  readonly #handle: FileHandle
  #at = 0

  private constructor(path: string, part: string, handle: FileHandle) {
    this.path = path
    this.#part = part
    this.#handle = handle
  }

  static async create(path: string): Promise<PartFile> {
    const part = `${path}.${randomUUID()}.part`
    return new PartFile(path, part, await open(part, 'wx'))
  }

  /** Bytes written in order so far. */
  get size(): number {
    return this.#at
  }

  /** Where the bytes lie until `finish`; for libraries that want a path of their own to write to. */
  get partPath(): string {
    return this.#part
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.writeAt(bytes, this.#at)
    this.#at += bytes.length
  }

  async writeText(text: string): Promise<void> {
    await this.write(Buffer.from(text))
  }

  /** Writes over what is there already, without moving the end. */
  async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done)
      done += bytesWritten
    }
  }

  async finish(): Promise<void> {
    await this.#handle.sync()
    await this.#handle.close()
    await rename(this.#part, this.path)
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#part, { force: true })
  }
}

/**
 * Writes a file that is either whole or not there: it grows beside `path` under another name, is flushed to the disk and renamed. Whatever
 * `work` throws, nothing half-written stays. A full disk, a missing folder and the like become WinnowErrors that name the file.
 */
export async function writeWhole<T>(path: string, work: (file: PartFile) => Promise<T>): Promise<T> {
  let file: PartFile
  try {
    file = await PartFile.create(path)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new WinnowError('NOT_FOUND', `${path} cannot be written: its folder is not there. Make the folder or choose another.`)
    throw systemError(error, path) ?? error
  }
  try {
    const result = await work(file)
    await file.finish()
    return result
  } catch (error) {
    await file.abandon()
    throw systemError(error, path) ?? error
  }
}

/** Opens a file from elsewhere for reading. Throws NOT_FOUND, BAD_INPUT (no file) or UNAVAILABLE (may not be read), naming it. */
export async function openForeign(path: string): Promise<{ handle: FileHandle; size: number; name: string }> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new WinnowError('NOT_FOUND', `There is no file ${path}.`)
    throw systemError(error, path) ?? error
  }
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new WinnowError('BAD_INPUT', `${path} is not a file.`)
    return { handle, size: stat.size, name: basename(path) }
  } catch (error) {
    await handle.close()
    throw systemError(error, path) ?? error
  }
}

/** Fills `bytes` from `position` on. Throws CORRUPT where the file ends before. */
export async function readFully(handle: FileHandle, bytes: Uint8Array, position: number, name: string): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    // Node reads at most 2 GiB at once.
    const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done)
    if (bytesRead === 0) throw new WinnowError('CORRUPT', `${name} ended while it was being read. It was cut short or replaced; get it again.`)
    done += bytesRead
  }
}
