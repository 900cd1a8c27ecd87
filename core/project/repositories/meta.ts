import type { Database } from 'better-sqlite3'

export interface ProjectMeta {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  readonly sample: boolean
}

export class MetaReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  project(): ProjectMeta | null {
    const rows = this.#db.prepare<[], { key: string; value: string }>('SELECT key, value FROM meta').all()
    const meta = new Map(rows.map(({ key, value }) => [key, value]))
    const id = meta.get('id')
    return id ? { id, name: meta.get('name') ?? '', createdAt: Number(meta.get('createdAt')), sample: meta.get('sample') === '1' } : null
  }

  setting(key: string): unknown {
    const row = this.#db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?').get(key)
    return row ? JSON.parse(row.value) : null
  }
}

export class MetaWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  setProject({ id, name, createdAt, sample }: ProjectMeta): void {
    const put = this.#db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    this.#db.transaction(() => {
      put.run('id', id)
      put.run('name', name)
      put.run('createdAt', String(createdAt))
      put.run('sample', sample ? '1' : '0')
    })()
  }

  setSetting(key: string, value: unknown): void {
    this.#db.prepare('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)').run(key, JSON.stringify(value ?? null))
  }
}
