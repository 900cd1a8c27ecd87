import { Worker } from 'node:worker_threads'
import { connectThread, type Connection } from '../workers/channel.ts'
import type { DatabaseThread, DatabaseThreadData } from './database.thread.ts'
import type { ReadRepositories, WriteRepositories } from './repositories.ts'
import type { ProjectMeta } from './repositories/meta.ts'

/** A repository as seen from the engine: the same methods, answered by a thread. */
type Asynchronous<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}
export type Reads = { readonly [K in keyof ReadRepositories]: Asynchronous<ReadRepositories[K]> }
export type Writes = { readonly [K in keyof WriteRepositories]: Asynchronous<WriteRepositories[K]> }

class Thread {
  readonly connection: Connection<DatabaseThread>
  readonly #worker: Worker
  constructor(data: DatabaseThreadData) {
    this.#worker = new Worker(new URL('./database.thread.ts', import.meta.url), { workerData: data })
    this.connection = connectThread<DatabaseThread>(this.#worker)
    this.#worker.on('error', (error) => this.connection.close(error))
  }
  async end(): Promise<void> {
    await this.connection.call('close', []).catch(() => undefined)
    this.connection.close()
    await this.#worker.terminate()
  }
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
  readonly #writer: Thread
  readonly #readers: readonly Thread[]

  private constructor(writer: Thread, readers: readonly Thread[]) {
    this.#writer = writer
    this.#readers = readers
    this.write = proxyOf((...call) => writer.connection.call('run', call)) as Writes
    this.read = proxyOf((...call) => this.#leastBusy().connection.call('run', call)) as Reads
  }

  /** Opens the database, made first for the project that `begin` names, and migrates it, so that readers only ever see the newest schema. */
  static async open(file: string, { begin, readers = 2 }: { begin?: ProjectMeta; readers?: number } = {}): Promise<Store> {
    const writer = new Thread({ file, mode: 'write' })
    try {
      if (begin) await writer.connection.call('begin', [begin])
      await writer.connection.call('migrate', [])
    } catch (error) {
      await writer.end()
      throw error
    }
    return new Store(writer, Array.from({ length: readers }, () => new Thread({ file, mode: 'read' })))
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.end()))
    await this.#writer.end()
  }

  #leastBusy(): Thread {
    return this.#readers.reduce((best, next) => (next.connection.open < best.connection.open ? next : best))
  }
}
