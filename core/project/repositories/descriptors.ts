import type { Database } from 'better-sqlite3'
import type { ModelCard } from '../../contract/models.ts'
import type { ViewPlan } from '../../contract/views.ts'

/** Vectors of one model in this project: a file, and which image each of its rows describes. */
export interface DescriptorRecord {
  readonly id: number
  readonly model: string
  /** Hash of all that decides a vector's values: model file, preprocessing, views, dtype. */
  readonly fingerprint: string
  readonly card: ModelCard
  /** Test-time views; null: one, as the card says. */
  readonly views: ViewPlan | null
  readonly dim: number
  readonly dtype: 'float32' | 'float16'
  /** Name inside the project's vectors folder. */
  readonly file: string
  /** Rows of the file that the database vouches for, tombstones included. Only grows. */
  readonly nextRow: number
  readonly provider: string | null
  readonly imagesPerSecond: number | null
  readonly createdAt: number
}

export type NewDescriptor = Pick<DescriptorRecord, 'model' | 'fingerprint' | 'card' | 'dim' | 'dtype' | 'file'> & { readonly views?: ViewPlan | null }

/** Where a ready image lies, as an embedding worker needs it. */
export interface ImageFile {
  readonly imageId: number
  readonly root: string
  readonly pathRaw: Uint8Array
  readonly path: string
  readonly bytes: number
  readonly mtimeMs: number
  readonly svg: boolean
  /** Of the content, hexadecimal; null where it is not known. */
  readonly sha256: string | null
}

interface Row {
  id: number; model: string; fingerprint: string; card: string; dim: number; dtype: 'float32' | 'float16'; file: string; next_row: number
  provider: string | null; images_per_second: number | null; created_at: number; views: string | null
}

const toRecord = (row: Row): DescriptorRecord => ({
  id: row.id,
  model: row.model,
  fingerprint: row.fingerprint,
  card: JSON.parse(row.card) as ModelCard,
  views: row.views === null ? null : (JSON.parse(row.views) as ViewPlan),
  dim: row.dim,
  dtype: row.dtype,
  file: row.file,
  nextRow: row.next_row,
  provider: row.provider,
  imagesPerSecond: row.images_per_second,
  createdAt: row.created_at
})

interface FileRow {
  imageId: number; root: string; pathRaw: Buffer; path: string; bytes: number; mtimeMs: number; svg: number; sha256: Buffer | null
}

const toFile = (row: FileRow): ImageFile => ({ ...row, svg: row.svg === 1, sha256: row.sha256?.toString('hex') ?? null })

const selectFile = /* sql */ `
  SELECT image.id AS imageId, root.path AS root, image.path_raw AS pathRaw, image.path AS path,
    image.bytes AS bytes, image.mtime_ms AS mtimeMs, root.svg AS svg, image.sha256 AS sha256
  FROM image JOIN root ON root.id = image.root_id`

/** Of the vectors of whole images (part 0), those whose image can still be looked at. Other rows of the file are tombstones. */
const liveRows = /* sql */ `
  FROM vector JOIN image ON image.id = vector.image_id
  WHERE vector.descriptor_id = ? AND vector.part = 0 AND image.state = 'ready'`

const isWaiting = /* sql */ `
  image.state = 'ready' AND NOT EXISTS (
    SELECT 1 FROM vector WHERE vector.image_id = image.id AND vector.descriptor_id = ? AND vector.part = 0)`

export class DescriptorReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  list(): DescriptorRecord[] {
    return this.#db.prepare<[], Row>('SELECT * FROM descriptor ORDER BY id').all().map(toRecord)
  }

  byId(id: number): DescriptorRecord | null {
    const row = this.#db.prepare<[number], Row>('SELECT * FROM descriptor WHERE id = ?').get(id)
    return row ? toRecord(row) : null
  }

  byFingerprint(fingerprint: string): DescriptorRecord | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM descriptor WHERE fingerprint = ?').get(fingerprint)
    return row ? toRecord(row) : null
  }

  /** Rows of the file that describe ready images, ascending, and those images: two arrays of one length. */
  rows(descriptorId: number): { rows: Int32Array; imageIds: Int32Array } {
    const found = this.#db.prepare<[number]>(`SELECT vector.row, vector.image_id ${liveRows} ORDER BY vector.row`).raw()
    const count = this.rowCount(descriptorId)
    const rows = new Int32Array(count)
    const imageIds = new Int32Array(count)
    let at = 0
    for (const [row, imageId] of found.iterate(descriptorId) as IterableIterator<[number, number]>) {
      rows[at] = row
      imageIds[at++] = imageId
    }
    return { rows, imageIds }
  }

  /** The same, of these images only. Images without a vector are left out. */
  rowsOf(descriptorId: number, ids: Int32Array): { rows: Int32Array; imageIds: Int32Array } {
    const pairs = ids.length > 5000 ? this.#rowsByScan(descriptorId, ids) : this.#rowsByKey(descriptorId, ids)
    pairs.sort((a, b) => a[0] - b[0])
    return { rows: Int32Array.from(pairs, ([row]) => row), imageIds: Int32Array.from(pairs, ([, imageId]) => imageId) }
  }

  /**
   * The row of each of these parts: `parts[i]` of image `imageIds[i]`; -1 where it has none or its image is not ready. Both arrays are of one
   * length; ask by pages of some thousands.
   */
  rowsOfParts(descriptorId: number, imageIds: Int32Array, parts: Int32Array): Int32Array {
    const find = this.#db.prepare<[number, number, number]>(`
      SELECT vector.row FROM vector JOIN image ON image.id = vector.image_id
      WHERE vector.image_id = ? AND vector.descriptor_id = ? AND vector.part = ? AND image.state = 'ready'`).pluck()
    return imageIds.map((imageId, i) => (find.get(imageId, descriptorId, parts[i] as number) as number | undefined) ?? -1)
  }

  rowCount(descriptorId: number): number {
    return this.#db.prepare<[number]>(`SELECT COUNT(*) ${liveRows}`).pluck().get(descriptorId) as number
  }

  waitingCount(descriptorId: number): number {
    return this.#db.prepare<[number]>(`SELECT COUNT(*) FROM image WHERE ${isWaiting}`).pluck().get(descriptorId) as number
  }

  /** Ready images without a vector, by id, after image `afterId`: a page that stays right while rows are being added. */
  waiting(descriptorId: number, afterId: number, limit: number): ImageFile[] {
    return this.#db
      .prepare<[number, number, number], FileRow>(`${selectFile} WHERE ${isWaiting} AND image.id > ? ORDER BY image.id LIMIT ?`)
      .all(descriptorId, afterId, limit)
      .map(toFile)
  }

  /** Of these images, those that are ready. */
  files(ids: readonly number[]): ImageFile[] {
    const byId = this.#db.prepare<[number], FileRow>(`${selectFile} WHERE image.id = ? AND image.state = 'ready'`)
    return ids.flatMap((id) => {
      const row = byId.get(id)
      return row ? [toFile(row)] : []
    })
  }

  #rowsByKey(descriptorId: number, ids: Int32Array): [number, number][] {
    const byImage = this.#db.prepare(`SELECT vector.row, vector.image_id ${liveRows} AND vector.image_id = ?`).raw()
    const pairs: [number, number][] = []
    for (const id of new Set(ids)) {
      const pair = byImage.get(descriptorId, id) as [number, number] | undefined
      if (pair) pairs.push(pair)
    }
    return pairs
  }

  #rowsByScan(descriptorId: number, ids: Int32Array): [number, number][] {
    const wanted = new Set(ids)
    const { rows, imageIds } = this.rows(descriptorId)
    const pairs: [number, number][] = []
    for (const [i, imageId] of imageIds.entries()) if (wanted.has(imageId)) pairs.push([rows[i] as number, imageId])
    return pairs
  }
}

export class DescriptorWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** The descriptor with this fingerprint, made where there is none yet. Its card is brought up to date in what does not touch its vectors. */
  findOrCreate(descriptor: NewDescriptor, at: number): DescriptorRecord {
    this.#db
      .prepare('INSERT INTO descriptor (model, fingerprint, card, views, dim, dtype, file, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET model = excluded.model, card = excluded.card')
      .run(descriptor.model, descriptor.fingerprint, JSON.stringify(descriptor.card), descriptor.views ? JSON.stringify(descriptor.views) : null, descriptor.dim, descriptor.dtype, descriptor.file, at)
    return new DescriptorReads(this.#db).byFingerprint(descriptor.fingerprint) as DescriptorRecord
  }

  /**
   * Commits rows that were appended to the file: row firstRow + i describes part `parts[i]` (the whole where none are given) of image
   * `imageIds[i]`. An older row of the same part becomes a tombstone, as does a row whose image was removed meanwhile. Throws where firstRow
   * does not continue what is committed.
   */
  appendRows(descriptorId: number, firstRow: number, imageIds: Int32Array, parts: Int32Array = new Int32Array(imageIds.length)): void {
    const forget = this.#db.prepare('DELETE FROM vector WHERE image_id = ? AND descriptor_id = ? AND part = ?')
    const insert = this.#db.prepare('INSERT INTO vector (descriptor_id, row, image_id, part) SELECT ?, ?, id, ? FROM image WHERE id = ?')
    this.#db.transaction(() => {
      const advanced = this.#db.prepare('UPDATE descriptor SET next_row = ? WHERE id = ? AND next_row = ?').run(firstRow + imageIds.length, descriptorId, firstRow)
      if (advanced.changes !== 1) throw new Error(`Row ${firstRow} does not continue the vectors of descriptor ${descriptorId}.`)
      for (const [i, imageId] of imageIds.entries()) {
        const part = parts[i] as number
        forget.run(imageId, descriptorId, part)
        insert.run(descriptorId, firstRow + i, part, imageId)
      }
    })()
  }

  /**
   * Forgets rows from `row` on: the file lost them. Returns how many images lost their vector. Results of recipes that name rows of this
   * descriptor go too, for those numbers will be given to other vectors.
   */
  dropRowsFrom(descriptorId: number, row: number): number {
    return this.#db.transaction(() => {
      this.#db.prepare("DELETE FROM step_result WHERE use = 'embed' AND json_extract(facts, '$.descriptorId') = ?").run(descriptorId)
      this.#db.prepare('UPDATE descriptor SET next_row = ? WHERE id = ? AND next_row > ?').run(row, descriptorId, row)
      return this.#db.prepare('DELETE FROM vector WHERE descriptor_id = ? AND row >= ?').run(descriptorId, row).changes
    })()
  }

  setSpeed(descriptorId: number, provider: string, imagesPerSecond: number | null): void {
    this.#db
      .prepare('UPDATE descriptor SET provider = ?, images_per_second = COALESCE(?, images_per_second) WHERE id = ?')
      .run(provider, imagesPerSecond, descriptorId)
  }
}
