import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** SHA-256 of files, worked out again only when size or time changed: model files are large and asked for often. */
export class FileHashes {
  readonly #known = new Map<string, { size: number; mtimeMs: number; hash: Promise<string> }>()

  /** Lower-case hexadecimal. Rejects where the file cannot be read. */
  async of(file: string): Promise<string> {
    const { size, mtimeMs } = await stat(file)
    const known = this.#known.get(file)
    if (known && known.size === size && known.mtimeMs === mtimeMs) return await known.hash
    const hash = sha256Of(file)
    this.#known.set(file, { size, mtimeMs, hash })
    hash.catch(() => this.#known.delete(file))
    return await hash
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 19 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
