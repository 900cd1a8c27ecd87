import Database from 'better-sqlite3'
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'

const endpointSchema = z.object({
  pid: z.number(),
  host: z.string(),
  program: z.string(),
  since: z.number(),
  /** Where the engine listens and the token that opens it; null while it serves no one. */
  url: z.string().nullable(),
  token: z.string().nullable()
})
/** Who holds a project, and how the CLI may attach to it. The file is readable by its owner only (0600). */
export type Endpoint = z.infer<typeof endpointSchema>

const endpointFile = (folder: string): string => join(folder, 'engine.json')

export function readEndpoint(folder: string): Endpoint | null {
  try {
    return endpointSchema.parse(JSON.parse(readFileSync(endpointFile(folder), 'utf8')))
  } catch {
    return null
  }
}

/**
 * Holds a project against a second writer: an exclusive transaction on lock.db, which the system releases with the process,
 * kill -9 included. Throws LOCKED (data: the holder's Endpoint or null) naming who holds it.
 */
export class ProjectLock {
  readonly #db: Database.Database
  readonly #folder: string
  #endpoint: Endpoint

  constructor(folder: string, program: string) {
    this.#folder = folder
    const file = join(folder, 'lock.db')
    try {
      this.#db = new Database(file, { timeout: 0 })
    } catch (error) {
      throw systemError(error, file) ?? error
    }
    try {
      this.#db.pragma('journal_mode = DELETE')
      this.#db.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      this.#db.close()
      throw this.#refusal(error, file)
    }
    this.#endpoint = { pid: process.pid, host: hostname(), program, since: Date.now(), url: null, token: null }
    this.#write()
  }

  /** Tells the CLI where this engine listens. */
  announce(url: string, token: string): void {
    this.#endpoint = { ...this.#endpoint, url, token }
    this.#write()
  }

  release(): void {
    rmSync(endpointFile(this.#folder), { force: true })
    this.#db.close()
  }

  #refusal(error: unknown, file: string): unknown {
    const { code = '' } = error as { code?: string }
    if (code === 'SQLITE_NOTADB') return new WinnowError('CORRUPT', `${file} is damaged. It holds nothing but the lock: delete it and open the project again.`)
    if (!code.startsWith('SQLITE_BUSY')) return systemError(error, file) ?? error
    const holder = readEndpoint(this.#folder)
    const who = holder ? `${holder.program} (process ${holder.pid} on ${holder.host}, since ${new Date(holder.since).toLocaleString()})` : 'another Winnow'
    return new WinnowError('LOCKED', `This project is open in ${who}. Close it there, or work in that window.`, holder)
  }

  #write(): void {
    const file = endpointFile(this.#folder)
    const part = `${file}.${process.pid}.part`
    writeFileSync(part, JSON.stringify(this.#endpoint), { mode: 0o600 })
    chmodSync(part, 0o600)
    renameSync(part, file)
  }
}
