/** A thread with one connection. The writer has its own; reads go to others, so that neither waits for the engine's loop. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { openForReading, openForWriting } from './connection.ts'
import { migrate } from './migrate.ts'
import { readRepositories, writeRepositories } from './repositories.ts'

export interface DatabaseThreadData {
  readonly file: string
  readonly mode: 'read' | 'write'
}

const { file, mode } = workerData as DatabaseThreadData
const db = mode === 'write' ? openForWriting(file) : openForReading(file)

const repositories: Record<string, object> = mode === 'write' ? writeRepositories(db) : readRepositories(db)

const databaseThread = {
  run(repository: string, method: string, args: unknown[]): unknown {
    const target = repositories[repository] as Record<string, (...a: unknown[]) => unknown> | undefined
    const served = target?.[method]
    if (!target || typeof served !== 'function') throw new Error(`No query ${repository}.${method}`)
    return served.apply(target, args)
  },
  migrate(_context: CallContext) {
    return migrate(db, file)
  },
  close(): void {
    db.close()
  }
}
export type DatabaseThread = typeof databaseThread

if (!parentPort) throw new Error('database.thread.ts is the entry of a worker thread')
serveThread(parentPort, databaseThread)
