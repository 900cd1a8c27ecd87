import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import type { ThumbPlace } from './measurement.ts'

const maxPackBytes = 2 ** 30

export const packFile = (folder: string, pack: number): string => join(folder, `${pack}.pack`)

/**
 * Appends thumbnails to packs that belong to this process alone: a number is taken by creating its file, which only one process can do,
 * and never taken up again. Bytes that no row points to (a killed worker's) are ignored.
 */
export class ThumbPackWriter {
  readonly #folder: string
  readonly #maxBytes: number
  #current: { readonly file: FileHandle; readonly pack: number; size: number } | null = null
  #opening: Promise<void> | null = null
  readonly #full: FileHandle[] = []
  #writes: Promise<unknown>[] = []

  constructor(folder: string, maxBytes = maxPackBytes) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  get folder(): string {
    return this.#folder
  }

  /** Writes behind the last one; on disk only after `sync`. */
  async append({ bytes, width, height }: { bytes: Uint8Array; width: number; height: number }): Promise<ThumbPlace> {
    while (!this.#current || this.#current.size + bytes.length > this.#maxBytes) {
      this.#opening ??= this.#openNext(bytes.length).finally(() => {
        this.#opening = null
      })
      await this.#opening
    }
    const { file, pack, size: offset } = this.#current
    this.#current.size += bytes.length
    const write = writeFully(file, bytes, offset)
    this.#writes.push(write.catch(() => undefined))
    await write
    return { pack, offset, length: bytes.length, width, height }
  }

  /** Once this has answered, everything appended before is on disk. */
  async sync(): Promise<void> {
    const writes = this.#writes
    this.#writes = []
    await Promise.all(writes)
    const full = this.#full.splice(0)
    for (const file of full) {
      await file.datasync()
      await file.close()
    }
    await this.#current?.file.datasync()
  }

  async close(): Promise<void> {
    await this.sync()
    await this.#current?.file.close()
    this.#current = null
  }

  async #openNext(needed: number): Promise<void> {
    if (this.#current && this.#current.size + needed <= this.#maxBytes) return
    await mkdir(this.#folder, { recursive: true })
    const taken = (await readdir(this.#folder)).map((name) => Number(/^(\d+)\.pack$/.exec(name)?.[1] ?? 0))
    for (let pack = Math.max(0, ...taken) + 1; ; pack++) {
      try {
        const file = await open(packFile(this.#folder, pack), 'wx')
        if (this.#current) this.#full.push(this.#current.file)
        this.#current = { file, pack, size: 0 }
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new WinnowError('UNAVAILABLE', 'The disk with the project is full: no thumbnail could be written. Free some space and scan again.')
  }
}

/** The bytes of one thumbnail. Throws where the pack is gone or shorter than the place says. */
export async function readPacked(folder: string, { pack, offset, length }: Pick<ThumbPlace, 'pack' | 'offset' | 'length'>): Promise<Buffer> {
  await using file = await open(packFile(folder, pack), 'r')
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, offset)
  if (bytesRead !== length) throw new WinnowError('CORRUPT', `${packFile(folder, pack)} ends before the thumbnail at ${offset}. Scan the folder again.`)
  return bytes
}
