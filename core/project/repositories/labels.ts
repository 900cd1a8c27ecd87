import type { Database } from 'better-sqlite3'
import { classNameOfFolder } from '../../domain/className.ts'
import { ensureClasses } from './classNames.ts'

export interface FolderLabelStep {
  readonly rootId: number
  readonly enabled: boolean
  /** Images with a greater id, in order of id. */
  readonly afterId: number
  readonly limit: number
  /** The run that this scan has made so far, if it has changed anything. */
  readonly runId: number | null
  readonly at: number
}

export class LabelReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  classCount(): number {
    return this.#db.prepare('SELECT COUNT(*) FROM class WHERE removed = 0 AND merged_into IS NULL').pluck().get() as number
  }
}

export class LabelWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  startRun(kind: 'folders' | 'csv' | 'knn', params: unknown, descriptorId: number | null, at: number): number {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO run (kind, params, descriptor_id, started_at) VALUES (?, ?, ?, ?)')
      .run(kind, JSON.stringify(params), descriptorId, at)
    return Number(lastInsertRowid)
  }

  finishRun(runId: number, at: number, summary: unknown): void {
    this.#db.prepare('UPDATE run SET finished_at = ?, summary = ? WHERE id = ?').run(at, JSON.stringify(summary), runId)
  }

  /** One chunk of `applyFolderLabels`. `lastId` is null once the root's images are through. */
  labelFromFolders({ rootId, enabled, afterId, limit, runId, at }: FolderLabelStep): { labelled: number; removed: number; runId: number | null; lastId: number | null } {
    return this.#db.transaction(() => {
      const rows = this.#db
        .prepare<[number, number, number], FolderRow>(
          `SELECT image.id, image.path, image.state, given_label.class_id AS classId, run.kind
           FROM image LEFT JOIN given_label ON given_label.image_id = image.id LEFT JOIN run ON run.id = given_label.run_id
           WHERE +image.root_id = ? AND image.id > ? ORDER BY image.id LIMIT ?`
        )
        .all(rootId, afterId, limit)
      const nameOf = (row: FolderRow): string | null => {
        const slash = row.path.indexOf('/')
        return enabled && slash > 0 && row.state !== 'missing' ? classNameOfFolder(row.path.slice(0, slash)) : null
      }
      // What another source gave stands; it is asked for by kind, so a CSV outlives every scan.
      const ours = rows.filter((row) => row.kind === null || row.kind === 'folders')
      const { ids } = ensureClasses(this.#db, [...new Set(ours.map(nameOf).filter((name) => name !== null))], at)
      const wanted = ours.map((row) => ({ id: row.id, from: row.classId, to: ids.get(nameOf(row) ?? '') ?? null })).filter(({ from, to }) => from !== to)
      const run = wanted.length > 0 && runId === null ? this.startRun('folders', { rootId }, null, at) : runId
      const set = this.#db.prepare('INSERT OR REPLACE INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)')
      const unset = this.#db.prepare('DELETE FROM given_label WHERE image_id = ?')
      for (const { id, to } of wanted) {
        if (to === null) unset.run(id)
        else set.run(id, to, run)
      }
      const labelled = wanted.filter(({ to }) => to !== null).length
      return { labelled, removed: wanted.length - labelled, runId: run, lastId: rows.length < limit ? null : (rows.at(-1)?.id ?? null) }
    })()
  }
}

interface FolderRow {
  id: number; path: string; state: string; classId: number | null; kind: string | null
}
