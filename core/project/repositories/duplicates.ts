import type { Database } from 'better-sqlite3'

/** Ready images as columns, ascending by id: a million rows of objects would not fit. Unknown numbers are NaN. */
export interface ImageColumns {
  readonly ids: Int32Array
  /** 4 words (the first 16 bytes) of the SHA-256 and of the pixel hash; zeros where there is none. */
  readonly sha: Uint32Array
  readonly pixels: Uint32Array
  readonly width: Int32Array
  readonly height: Int32Array
  readonly bytes: Float64Array
  readonly mtimeMs: Float64Array
  readonly sharpness: Float64Array
  readonly compression: Float64Array
  /** Index into `formats`. */
  readonly format: Uint8Array
  readonly formats: readonly string[]
  readonly pathLength: Int32Array
  /** Place in the order of (path, id). */
  readonly pathRank: Int32Array
  readonly protected: Uint8Array
  /** 1 where the role is test. */
  readonly heldOut: Uint8Array
}

/** Perceptual hashes of ready images, ascending by id. */
export interface PerceptualColumns {
  readonly ids: Int32Array
  /** 64 bytes an image: 8 orientations. */
  readonly hashes: Uint8Array
  readonly contrast: Float64Array
}

export interface ValueColumns {
  readonly ids: Int32Array
  readonly values: Uint8Array
}

export interface ImagePrints {
  readonly ids: Int32Array
  readonly sha: Uint32Array
  readonly pixels: Uint32Array
}

const hashWords = 4

/** What the search for near-duplicates and the keeper rules need, read in bulk. For threads with a connection of their own. */
export class DuplicateReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  images(): ImageColumns {
    return this.#db.transaction(() => this.#images())()
  }

  prints(): ImagePrints {
    return this.#db.transaction(() => this.#prints())()
  }

  perceptual(): PerceptualColumns {
    return this.#db.transaction(() => this.#perceptual())()
  }

  #images(): ImageColumns {
    const n = this.#readyCount()
    const columns = {
      ids: new Int32Array(n), sha: new Uint32Array(n * hashWords), pixels: new Uint32Array(n * hashWords), width: new Int32Array(n), height: new Int32Array(n),
      bytes: new Float64Array(n), mtimeMs: new Float64Array(n), sharpness: new Float64Array(n), compression: new Float64Array(n), format: new Uint8Array(n),
      pathLength: new Int32Array(n), protected: new Uint8Array(n), heldOut: new Uint8Array(n)
    }
    const formats: string[] = []
    const rows = this.#db.prepare(/* sql */ `
      SELECT image.id, sha256, pixel_hash, width, height, bytes, mtime_ms, sharpness, compression, format, length(root.path) + 1 + length(image.path),
        COALESCE(image.protected, root.protected), COALESCE(image.role, root.role) = 'test'
      FROM image JOIN root ON root.id = image.root_id WHERE state = 'ready' ORDER BY image.id LIMIT ?`).raw().iterate(n) as IterableIterator<unknown[]>
    let at = 0
    for (const row of rows) {
      columns.ids[at] = row[0] as number
      putHash(columns.sha, at, row[1])
      putHash(columns.pixels, at, row[2])
      columns.width[at] = (row[3] as number | null) ?? 0
      columns.height[at] = (row[4] as number | null) ?? 0
      columns.bytes[at] = row[5] as number
      columns.mtimeMs[at] = row[6] as number
      columns.sharpness[at] = (row[7] as number | null) ?? NaN
      columns.compression[at] = (row[8] as number | null) ?? NaN
      columns.format[at] = indexIn(formats, (row[9] as string | null) ?? '')
      columns.pathLength[at] = row[10] as number
      columns.protected[at] = row[11] as number
      columns.heldOut[at] = row[12] as number
      at++
    }
    return { ...columns, formats, pathRank: this.#pathRanks(columns.ids) }
  }

  #prints(): ImagePrints {
    const n = this.#readyCount()
    const columns = { ids: new Int32Array(n), sha: new Uint32Array(n * hashWords), pixels: new Uint32Array(n * hashWords) }
    const rows = this.#db.prepare("SELECT id, sha256, pixel_hash FROM image WHERE state = 'ready' ORDER BY id LIMIT ?").raw().iterate(n) as IterableIterator<unknown[]>
    let at = 0
    for (const [id, sha, pixels] of rows) {
      columns.ids[at] = id as number
      putHash(columns.sha, at, sha)
      putHash(columns.pixels, at, pixels)
      at++
    }
    return columns
  }

  #perceptual(): PerceptualColumns {
    const where = "FROM image WHERE state = 'ready' AND length(phash) = 64"
    const n = this.#db.prepare(`SELECT COUNT(*) ${where}`).pluck().get() as number
    const columns = { ids: new Int32Array(n), hashes: new Uint8Array(n * 64), contrast: new Float64Array(n) }
    let at = 0
    for (const [id, hash, contrast] of this.#db.prepare(`SELECT id, phash, contrast ${where} ORDER BY id LIMIT ?`).raw().iterate(n) as IterableIterator<unknown[]>) {
      columns.ids[at] = id as number
      columns.hashes.set(hash as Buffer, at * 64)
      columns.contrast[at] = (contrast as number | null) ?? NaN
      at++
    }
    return columns
  }

  /** Of these images, those that have a vector of this descriptor. */
  withVector(descriptorId: number, ids: readonly number[]): number[] {
    const byId = this.#db.prepare<[number, number]>('SELECT image_id FROM vector WHERE image_id = ? AND descriptor_id = ? AND part = 0').pluck()
    return ids.filter((id) => byId.get(id, descriptorId) !== undefined)
  }

  /** The 64 bytes of perceptual hashes of these images; those without are left out. */
  hashesOf(ids: readonly number[]): Map<number, Uint8Array> {
    const byId = this.#db.prepare<[number]>('SELECT phash FROM image WHERE id = ? AND length(phash) = 64').pluck()
    return new Map(ids.flatMap((id) => {
      const hash = byId.get(id) as Buffer | undefined
      return hash ? [[id, new Uint8Array(hash)] as const] : []
    }))
  }

  /** Codes as in `verdictCodes`. */
  verdicts(): ValueColumns {
    return this.#values("SELECT image_id, CASE value WHEN 'keep' THEN 1 WHEN 'drop' THEN 2 ELSE 3 END FROM verdict")
  }

  /** Codes as in `labelCodes`: the class a person gave, else the one that came with the data, unless a person said that it is none or unsure. */
  labels(): ValueColumns {
    return this.#values(/* sql */ `
      SELECT image_id, 2 FROM label WHERE state = 'class'
      UNION ALL SELECT image_id, 1 FROM given_label WHERE NOT EXISTS (SELECT 1 FROM label WHERE label.image_id = given_label.image_id)`)
  }

  pins(): Int32Array {
    return Int32Array.from(this.#db.prepare('SELECT image_id FROM pin ORDER BY image_id').pluck().all() as number[])
  }

  relations(): { a: Buffer; b: Buffer; value: 'different' | 'variant' }[] {
    return this.#db.prepare("SELECT hash_a AS a, hash_b AS b, value FROM relation WHERE value <> 'same' ORDER BY hash_a, hash_b").all() as { a: Buffer; b: Buffer; value: 'different' | 'variant' }[]
  }

  /** The kinds of the acts after `actId`, undo and redo counting as what they turn, and the last act's id. */
  actsSince(actId: number): { last: number; kinds: string[] } {
    const rows = this.#db.prepare('SELECT MAX(act.id) AS last, COALESCE(turned.kind, act.kind) AS kind FROM act LEFT JOIN act AS turned ON turned.id = act.turns WHERE act.id > ? GROUP BY 2')
      .all(actId) as { last: number; kind: string }[]
    return { last: rows.reduce((most, { last }) => Math.max(most, last), actId), kinds: rows.map(({ kind }) => kind) }
  }

  #readyCount(): number {
    return this.#db.prepare("SELECT COUNT(*) FROM image WHERE state = 'ready'").pluck().get() as number
  }

  #pathRanks(ids: Int32Array): Int32Array {
    const ranks = new Int32Array(ids.length)
    const placeOf = new Int32Array((ids.at(-1) ?? 0) + 1).fill(-1)
    for (const [at, id] of ids.entries()) placeOf[id] = at
    let rank = 0
    for (const id of this.#db.prepare("SELECT id FROM image WHERE state = 'ready' ORDER BY path, id").pluck().iterate() as IterableIterator<number>) {
      const at = placeOf[id] ?? -1
      if (at >= 0) ranks[at] = rank++
    }
    return ranks
  }

  #values(sql: string): ValueColumns {
    const rows = this.#db.prepare(sql).raw().all() as [number, number][]
    const ids = new Int32Array(rows.length)
    const values = new Uint8Array(rows.length)
    for (const [at, [id, value]] of rows.entries()) {
      ids[at] = id
      values[at] = value
    }
    return { ids, values }
  }
}

export interface DuplicateRun {
  readonly params: unknown
  readonly descriptorId: number | null
  readonly startedAt: number
  readonly finishedAt: number
  readonly summary: unknown
}

export class DuplicateWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** Notes a finished search. Returns the run's id. */
  addRun({ params, descriptorId, startedAt, finishedAt, summary }: DuplicateRun): number {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO run (kind, params, descriptor_id, started_at, finished_at, summary) VALUES ('duplicates', ?, ?, ?, ?, ?)")
      .run(JSON.stringify(params), descriptorId, startedAt, finishedAt, JSON.stringify(summary))
    return Number(lastInsertRowid)
  }
}

function putHash(words: Uint32Array, row: number, hash: unknown): void {
  if (!(hash instanceof Uint8Array)) return
  const bytes = Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength)
  for (let i = 0; i < hashWords && (i + 1) * 4 <= bytes.length; i++) words[row * hashWords + i] = bytes.readUInt32LE(i * 4)
}

function indexIn(list: string[], value: string): number {
  const at = list.indexOf(value)
  return at >= 0 ? at : list.push(value) - 1
}
