import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import type { ThumbPlace } from './measurement.ts'

const maxPackBytes = 2 ** 30

export const packFile = (folder: string, pack: number): string => join(folder, `${pack}.pack`)

export type ThumbToStore = Pick<ThumbPlace, 'width' | 'height'> & { readonly bytes: Uint8Array }

interface OpenPack {
  readonly file: FileHandle
  readonly pack: number
  readonly ino: number
  size: number
}

/**
 * Appends thumbnails to packs that belong to this process alone: a number is taken by creating its file, which only one process can do,
 * and never taken up again. Bytes that no row points to (a killed worker's) are ignored.
 */
export class ThumbPackWriter {
  readonly folder: string
  readonly #maxBytes: number
  #current: OpenPack | null = null
  /** One after the other: each is a single write. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(folder: string, maxBytes = maxPackBytes) {
    this.folder = folder
    this.#maxBytes = maxBytes
  }

  /** Where they lie, in their order. Once this has answered, they are on disk. */
  async append(thumbs: readonly ThumbToStore[]): Promise<ThumbPlace[]> {
    return await this.#inTurn(() => this.#append(thumbs))
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#current?.file.close()
      this.#current = null
    })
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return await turn
  }

  async #append(thumbs: readonly ThumbToStore[]): Promise<ThumbPlace[]> {
    if (thumbs.length === 0) return []
    const length = thumbs.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (!this.#current || this.#current.size + length > this.#maxBytes || !(await this.#isThere(this.#current))) {
      await this.#current?.file.close()
      this.#current = null
      this.#current = await this.#openNext()
    }
    const { file, pack, size } = this.#current
    await writeFully(file, Buffer.concat(thumbs.map(({ bytes }) => bytes), length), size)
    await file.datasync()
    this.#current.size += length
    let offset = size
    return thumbs.map(({ bytes, width, height }) => {
      const place = { pack, offset, length: bytes.length, width, height }
      offset += bytes.length
      return place
    })
  }

  /** Whether others find under its name what was written. Somebody may have cleared the folder meanwhile, and the number may have been taken again. */
  async #isThere({ pack, ino, size }: OpenPack): Promise<boolean> {
    const found = await stat(packFile(this.folder, pack)).catch(() => null)
    return found?.ino === ino && found.size >= size
  }

  async #openNext(): Promise<OpenPack> {
    await mkdir(this.folder, { recursive: true })
    const taken = (await readdir(this.folder)).map((name) => Number(/^(\d+)\.pack$/.exec(name)?.[1] ?? 0))
    for (let pack = Math.max(0, ...taken) + 1; ; pack++) {
      try {
        const file = await open(packFile(this.folder, pack), 'wx')
        return { file, pack, ino: (await file.stat()).ino, size: 0 }
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

/** A pack as far as rows point into it. */
export interface PackExtent {
  readonly pack: number
  readonly bytes: number
}

/** Those of these packs that are gone or too short, with the bytes that are left of them. */
export async function lostPacks(folder: string, needed: readonly PackExtent[]): Promise<PackExtent[]> {
  const lost: PackExtent[] = []
  for (const { pack, bytes } of needed) {
    const size = await stat(packFile(folder, pack)).then((found) => found.size, (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return 0
    })
    if (size < bytes) lost.push({ pack, bytes: size })
  }
  return lost
}

/** The bytes of one thumbnail. Throws where the pack is gone or shorter than the place says. */
export async function readPacked(folder: string, { pack, offset, length }: Pick<ThumbPlace, 'pack' | 'offset' | 'length'>): Promise<Buffer> {
  await using file = await open(packFile(folder, pack), 'r')
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, offset)
  if (bytesRead !== length) throw new WinnowError('CORRUPT', `${packFile(folder, pack)} ends before the thumbnail at ${offset}. Scan the folder again.`)
  return bytes
}
