import type { Database, Statement } from 'better-sqlite3'

/** What an image is called: by which of its names a row of a file found it, or why none did. */
export type Match = { readonly imageId: number } | { readonly imageId: null; readonly why: 'missing' | 'ambiguous'; readonly count: number }

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const withoutExtension = (path: string): string => {
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path
}

/**
 * Finds images by what files from elsewhere call them: content hash (64 hexadecimal digits), path, path below a root, file name, or file name
 * without its extension. Where several images have the name, the longest part of the path that was given decides; where that
 * does not tell them apart either, the match is ambiguous. Reads its own temporary tables: use it with a connection of its own.
 */
export class ImageMatcher {
  readonly #db: Database
  /** With a slash at the end. */
  readonly #roots: readonly { readonly id: number; readonly path: string }[]

  /** ' AND …' where only some images are looked at. */
  readonly #among: string

  /** `within`: only these images have names; a name that several of the project's images bear may be a single one's among them. */
  constructor(db: Database, within?: Int32Array) {
    this.#db = db
    this.#roots = (db.prepare('SELECT id, path FROM root').all() as { id: number; path: string }[]).map(({ id, path }) => ({ id, path: `${path.replaceAll('\\', '/').replace(/\/$/, '')}/` }))
    // Names and stems are in no index of the project: they are worked out once for the import, on disk if there are many.
    db.pragma('temp_store = FILE')
    db.function('file_name', { deterministic: true }, (path) => fileName(String(path)))
    db.function('file_stem', { deterministic: true }, (path) => withoutExtension(fileName(String(path))))
    // The plus keeps SQLite from walking all wanted ids for each name: the name's own index comes first.
    this.#among = within ? ' AND +image.id IN (SELECT id FROM temp.wanted)' : ''
    if (within) {
      db.exec('CREATE TEMP TABLE wanted (id INTEGER PRIMARY KEY)')
      const want = db.prepare('INSERT OR IGNORE INTO temp.wanted VALUES (?)')
      db.transaction(() => within.forEach((id) => void want.run(id)))()
    }
    db.exec(`
      CREATE TEMP TABLE named (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stem TEXT NOT NULL);
      INSERT INTO named SELECT id, file_name(path), file_stem(path) FROM main.image WHERE true${this.#among};
      CREATE INDEX temp.named_by_name ON named(name);
      CREATE INDEX temp.named_by_stem ON named(stem);`)
  }

  match(key: string): Match {
    const given = key.replaceAll('\\', '/')
    const root = this.#roots.find((one) => given.startsWith(one.path))
    const path = root ? given.slice(root.path.length) : given.replace(/^(\.?\/)+/u, '')
    if (/^[0-9a-f]{64}$/iu.test(key)) {
      const byHash = this.#ids(`SELECT id FROM main.image WHERE sha256 = ?${this.#among} ORDER BY id LIMIT 2`, Buffer.from(key, 'hex'))
      if (byHash[0] !== undefined) return { imageId: byHash[0] }
    }
    const byPath = root
      ? this.#ids(`SELECT id FROM main.image WHERE path = ? AND root_id = ?${this.#among} LIMIT 2`, path, root.id)
      : this.#ids(`SELECT id FROM main.image WHERE path = ?${this.#among} LIMIT 2`, path)
    if (byPath.length === 1 && byPath[0] !== undefined) return { imageId: byPath[0] }
    if (byPath.length > 1) return { imageId: null, why: 'ambiguous', count: byPath.length }
    const name = fileName(path)
    for (const [sql, value, same] of [
      ['SELECT named.id, path FROM named JOIN main.image USING (id) WHERE name = ?', name, (found: string) => found],
      ['SELECT named.id, path FROM named JOIN main.image USING (id) WHERE stem = ?', name, withoutExtension],
      ['SELECT named.id, path FROM named JOIN main.image USING (id) WHERE stem = ?', withoutExtension(name), withoutExtension]
    ] as const) {
      const found = this.#prepared(sql).all(value) as [number, string][]
      const only = found.length > 1 ? closest(found, path, same) : found
      if (only.length === 1 && only[0]) return { imageId: only[0][0] }
      if (found.length > 1) return { imageId: null, why: 'ambiguous', count: found.length }
    }
    return { imageId: null, why: 'missing', count: 0 }
  }

  #ids(sql: string, ...values: readonly (string | number | Buffer)[]): number[] {
    return this.#prepared(sql).all(...values).map((row) => (row as [number])[0])
  }

  readonly #statements = new Map<string, Statement>()
  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#db.prepare(sql).raw()
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** Those that share the most folders with `path`, counted from the file up. */
function closest(found: readonly [number, string][], path: string, same: (path: string) => string): [number, string][] {
  const wanted = same(path).split('/').toReversed()
  const shared = found.map(([, candidate]) => {
    const parts = same(candidate).split('/').toReversed()
    const differs = parts.findIndex((part, i) => part !== wanted[i])
    return differs < 0 ? parts.length : differs
  })
  const most = Math.max(...shared)
  // The name alone tells nothing: at least one folder must agree.
  return most > 1 ? found.filter((_, i) => shared[i] === most) : [...found]
}
