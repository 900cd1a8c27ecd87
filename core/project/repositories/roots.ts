import type { Database } from 'better-sqlite3'
import type { ImageRole } from '../../contract/common.ts'
import type { RootSpec } from '../../contract/project.ts'

/** A root as stored, with how many images it holds and how many of them are problems. */
export interface RootRecord extends Required<RootSpec> {
  readonly id: number
  readonly addedAt: number
  readonly scannedAt: number | null
  readonly images: number
  readonly problems: number
}

interface Row {
  id: number; path: string; role: ImageRole; protected: number; labels_from_folders: number; include: string; exclude: string
  svg: number; added_at: number; scanned_at: number | null; images: number; problems: number
}

const toRecord = (row: Row): RootRecord => ({
  id: row.id,
  path: row.path,
  role: row.role,
  protected: row.protected === 1,
  labelsFromFolders: row.labels_from_folders === 1,
  include: JSON.parse(row.include) as string[],
  exclude: JSON.parse(row.exclude) as string[],
  svg: row.svg === 1,
  addedAt: row.added_at,
  scannedAt: row.scanned_at,
  images: row.images,
  problems: row.problems
})

const listRoots = /* sql */ `
  SELECT root.*,
    (SELECT COUNT(*) FROM image WHERE image.root_id = root.id AND image.state <> 'missing') AS images,
    (SELECT COUNT(*) FROM image WHERE image.root_id = root.id AND image.state IN ('failed', 'missing')) AS problems
  FROM root`

export class RootReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  list(): RootRecord[] {
    return this.#db.prepare<[], Row>(`${listRoots} ORDER BY id`).all().map(toRecord)
  }

  byId(id: number): RootRecord | null {
    const row = this.#db.prepare<[number], Row>(`${listRoots} WHERE id = ?`).get(id)
    return row ? toRecord(row) : null
  }
}

export class RootWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  add(spec: Required<RootSpec>, at: number): number {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO root (path, role, protected, labels_from_folders, include, exclude, svg, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(spec.path, spec.role, Number(spec.protected), Number(spec.labelsFromFolders), JSON.stringify(spec.include), JSON.stringify(spec.exclude), Number(spec.svg), at)
    return Number(lastInsertRowid)
  }

  update(id: number, spec: Required<RootSpec>): void {
    this.#db
      .prepare('UPDATE root SET path = ?, role = ?, protected = ?, labels_from_folders = ?, include = ?, exclude = ?, svg = ? WHERE id = ?')
      .run(spec.path, spec.role, Number(spec.protected), Number(spec.labelsFromFolders), JSON.stringify(spec.include), JSON.stringify(spec.exclude), Number(spec.svg), id)
  }

  markScanned(id: number, at: number): void {
    this.#db.prepare('UPDATE root SET scanned_at = ? WHERE id = ?').run(at, id)
  }

  /** Forgets the root and its images; the files stay where they are. */
  remove(id: number): void {
    this.#db.prepare('DELETE FROM root WHERE id = ?').run(id)
  }
}
