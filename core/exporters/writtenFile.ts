import { createHash, type Hash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** A file written from start to end: counts and hashes what goes in, and is on disk when it is closed. */
export class WrittenFile {
  readonly name: string
  readonly #handle: FileHandle
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0

  private constructor(name: string, handle: FileHandle) {
    this.name = name
    this.#handle = handle
  }

  static async create(folder: string, name: string): Promise<WrittenFile> {
    return new WrittenFile(basename(name), await open(join(folder, name), 'wx'))
  }

  async write(text: string): Promise<void> {
    if (text === '') return
    const chunk = Buffer.from(text)
    this.#hash.update(chunk)
    this.#bytes += chunk.length
    await this.#handle.writeFile(chunk)
  }

  async close(): Promise<{ path: string; bytes: number; sha256: string }> {
    await this.#handle.sync()
    await this.#handle.close()
    return { path: this.name, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Lets go of the file where the export ended early. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
  }
}
