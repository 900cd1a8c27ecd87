import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** A small JSON file that is always whole: written beside itself, flushed, then renamed into place. */
export class JsonFile<T> {
  readonly #file: string
  readonly #schema: z.ZodType<T>
  readonly #empty: T
  #last: Promise<unknown> = Promise.resolve()

  constructor(file: string, schema: z.ZodType<T>, empty: T) {
    this.#file = file
    this.#schema = schema
    this.#empty = empty
  }

  /** What the file says; `empty` where there is none or it cannot be understood (it is only convenience, never somebody's work). */
  async read(): Promise<T> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#file, 'utf8')))
    } catch {
      return this.#empty
    }
  }

  /** Reads, changes and writes, one update after the other. */
  async update(change: (value: T) => T): Promise<T> {
    const next = this.#last.then(async () => {
      const value = change(await this.read())
      await this.#write(value)
      return value
    })
    this.#last = next.catch(() => undefined)
    return await next
  }

  async #write(value: T): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true })
    const part = `${this.#file}.${randomUUID()}.part`
    try {
      const handle = await open(part, 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify(value, null, 1))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(part, this.#file)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  }
}
