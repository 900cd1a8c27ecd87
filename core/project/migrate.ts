import Sqlite, { type Database } from 'better-sqlite3'
import { backupTo } from './backup.ts'
import { WinnowError } from '../domain/errors.ts'
import { migrations, type Migration } from './migrations/list.ts'

/** The schema version written in the file (SQLite's user_version); 0 for an empty database. */
export const versionOf = (db: Database): number => db.pragma('user_version', { simple: true }) as number

const newer = (version: number, known: number): WinnowError =>
  new WinnowError('NEWER_VERSION', `This project was written by a newer Winnow (schema ${version}; this one knows ${known}). Update Winnow to open it. Nothing was changed.`)

export const notOurs = (file: string): WinnowError => new WinnowError('CORRUPT', `${file} is a database but not a Winnow project.`)

/** Looks at the file without writing a byte of it (opening for writing would already turn its journal mode). Throws NEWER_VERSION, or CORRUPT where it holds no schema of ours. */
export function checkVersion(file: string, known = migrations.length): void {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    const version = versionOf(db)
    if (version > known) throw newer(version, known)
    if (version === 0) throw notOurs(file)
  } finally {
    db.close()
  }
}

/**
 * Brings a database to the newest schema, one transaction a step. Before the first step of a database that holds anything,
 * a whole copy is written beside it. Throws NEWER_VERSION, and touches nothing, when the file is ahead of this program.
 */
export function migrate(db: Database, file: string, steps: readonly Migration[] = migrations): { from: number; to: number; backup: string | null } {
  const from = versionOf(db)
  const to = steps.length
  if (from > to) throw newer(from, to)
  if (from === to) return { from, to, backup: null }
  const backup = from === 0 ? null : backupTo(db, `${file}.v${from}.backup`)
  for (const step of steps.slice(from)) {
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`user_version = ${step.version}`)
    })()
  }
  return { from, to, backup }
}
