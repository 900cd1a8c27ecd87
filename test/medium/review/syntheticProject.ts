import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { openForWriting } from '../../../core/project/connection.ts'
import { migrate } from '../../../core/project/migrate.ts'

/** A folder that goes away with the test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'winnow-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface SyntheticImage {
  readonly path: string
  readonly content?: string
  readonly state?: string
}

export const sha256 = (content: string): Buffer => createHash('sha256').update(content).digest()

/** Puts images into a project's database as a scan would have: ready, with a content hash (of `content`, else of the path). */
export function addImages(db: Database, rootId: number, images: readonly SyntheticImage[]): number[] {
  const insert = db.prepare(
    'INSERT INTO image (root_id, path_raw, path, folder, bytes, mtime_ms, state, format, width, height, sha256, pixel_hash) VALUES (?, ?, ?, ?, 100, 0, ?, ?, 64, 64, ?, ?)'
  )
  return db.transaction(() =>
    images.map(({ path, content = path, state = 'ready' }) => {
      const hash = sha256(content)
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
      return Number(insert.run(rootId, Buffer.from(path), path, folder, state, 'jpeg', hash, hash).lastInsertRowid)
    })
  )()
}

export function addRoot(db: Database, path: string, labelsFromFolders = true): number {
  return Number(db.prepare('INSERT INTO root (path, labels_from_folders, added_at) VALUES (?, ?, 0)').run(path, Number(labelsFromFolders)).lastInsertRowid)
}

/** A migrated database file, opened as the writer opens it. */
export function openDatabase(file: string): Database {
  const db = openForWriting(file)
  migrate(db, file)
  return db
}
