import { startThread, type Thread } from '../workers/thread.ts'
import type { DatabaseThread, DatabaseThreadData } from './database.thread.ts'
import type { ReadRepositories, WriteRepositories } from './repositories.ts'
import type { ProjectMeta } from './repositories/meta.ts'

/** A repository as seen from the engine: the same methods, answered by a thread. */
type Asynchronous<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}
export type Reads = { readonly [K in keyof ReadRepositories]: Asynchronous<ReadRepositories[K]> }
export type Writes = { readonly [K in keyof WriteRepositories]: Asynchronous<WriteRepositories[K]> }

type Database = Thread<DatabaseThread>
/** Answers are short-lived and large: with V8's own limit each thread would keep some 50 MB for them. */
const threadLimits = { maxYoungGenerationSizeMb: 6 }
const openThread = (data: DatabaseThreadData): Database => startThread<DatabaseThread>(new URL('./database.thread.ts', import.meta.url), data, undefined, threadLimits)

async function endThread({ connection, end }: Database): Promise<void> {
  await connection.call('close', []).catch(() => undefined)
  await end()
}

const proxyOf = (run: (repository: string, method: string, args: unknown[]) => Promise<unknown>): unknown =>
  new Proxy({}, {
    get: (_target, repository: string) =>
      new Proxy({}, { get: (_inner, method: string) => (...args: unknown[]) => run(repository, method, args) })
  })

/** project.db behind threads: one writer, `readers` readers; the least busy reader answers. */
export class Store {
  readonly read: Reads
  readonly write: Writes
  readonly #writer: Database
  readonly #readers: readonly Database[]

  private constructor(writer: Database, readers: readonly Database[]) {
    this.#writer = writer
    this.#readers = readers
    this.write = proxyOf((...call) => writer.connection.call('run', call)) as Writes
    this.read = proxyOf((...call) => this.#leastBusy().connection.call('run', call)) as Reads
  }

  /** Opens the database, made first for the project that `begin` names, and migrates it, so that readers only ever see the newest schema. */
  static async open(file: string, { begin, readers = 2 }: { begin?: ProjectMeta; readers?: number } = {}): Promise<Store> {
    const writer = openThread({ file, mode: 'write' })
    try {
      if (begin) await writer.connection.call('begin', [begin])
      await writer.connection.call('migrate', [])
    } catch (error) {
      await endThread(writer)
      throw error
    }
    return new Store(writer, Array.from({ length: readers }, () => openThread({ file, mode: 'read' })))
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map(endThread))
    await endThread(this.#writer)
  }

  #leastBusy(): Database {
    return this.#readers.reduce((best, next) => (next.connection.open < best.connection.open ? next : best))
  }
}
