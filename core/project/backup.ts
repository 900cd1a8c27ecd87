import { existsSync, renameSync, rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/** Writes a whole, consistent copy of the open database (VACUUM INTO, then rename). An older copy of the same name is replaced. Returns the path. */
export function backupTo(db: Database, path: string): string {
  const unfinished = `${path}.part`
  rmSync(unfinished, { force: true })
  db.prepare('VACUUM INTO ?').run(unfinished)
  if (existsSync(path)) rmSync(path)
  renameSync(unfinished, path)
  return path
}
