/** A thread with one connection. The writer has its own; reads go to others, so that neither waits for the engine's loop. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { beginDatabase } from './beginDatabase.ts'
import { openForReading, openForWriting } from './connection.ts'
import { migrate } from './migrate.ts'
import { readRepositories, writeRepositories } from './repositories.ts'
import type { ProjectMeta } from './repositories/meta.ts'

export interface DatabaseThreadData {
  readonly file: string
  readonly mode: 'read' | 'write'
}

const { file, mode } = workerData as DatabaseThreadData
let held: { readonly db: Database; readonly repositories: Record<string, object> } | null = null

/** At first use: the database of a new project is not there before it was begun. */
function opened(): NonNullable<typeof held> {
  if (held) return held
  const db = mode === 'write' ? openForWriting(file) : openForReading(file)
  held = { db, repositories: mode === 'write' ? writeRepositories(db) : readRepositories(db) }
  return held
}

const databaseThread = {
  run(repository: string, method: string, args: unknown[]): unknown {
    const target = opened().repositories[repository] as Record<string, (...a: unknown[]) => unknown> | undefined
    const served = target?.[method]
    if (!target || typeof served !== 'function') throw new Error(`No query ${repository}.${method}`)
    return served.apply(target, args)
  },
  begin(meta: ProjectMeta, _context: CallContext): void {
    beginDatabase(file, meta)
  },
  migrate(_context: CallContext) {
    return migrate(opened().db, file)
  },
  close(): void {
    held?.db.close()
  }
}
export type DatabaseThread = typeof databaseThread

if (!parentPort) throw new Error('database.thread.ts is the entry of a worker thread')
serveThread(parentPort, databaseThread)
