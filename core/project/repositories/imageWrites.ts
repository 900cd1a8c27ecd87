import type { Database, Statement } from 'better-sqlite3'
import type { ImageFailure, ImageState } from '../../contract/images.ts'
import type { FileOutcome } from '../../images/measurement.ts'
import type { PackExtent } from '../../images/thumbPack.ts'

/** A file as a folder listing shows it. */
export interface ListedFile {
  /** Below the root, as the file system gave it, parted by `/`. */
  readonly pathRaw: Uint8Array
  readonly bytes: number
  readonly mtimeMs: number
}

/** A new file that may be one that has gone from elsewhere: it has the size of one. */
export interface MoveCandidate {
  readonly key: number
  readonly rootId: number
  readonly pathRaw: Uint8Array
}

/** What a file failed of that lies in its bytes: what was measured before is no longer true of it. */
const contentFailures: ReadonlySet<ImageFailure> = new Set<ImageFailure>(['empty', 'not-an-image', 'unsupported', 'truncated', 'corrupt', 'too-large'])

/** The running scan's notes. They live as long as the connection: only one scan runs at a time, and a killed one starts its listing again. */
const scanTables = /* sql */ `
  CREATE TEMP TABLE IF NOT EXISTS scan_seen (id INTEGER PRIMARY KEY) STRICT;
  CREATE TEMP TABLE IF NOT EXISTS scan_todo (id INTEGER PRIMARY KEY) STRICT;
  CREATE TEMP TABLE IF NOT EXISTS scan_new (key INTEGER PRIMARY KEY, root_id INTEGER NOT NULL, path_raw BLOB NOT NULL, bytes INTEGER NOT NULL, mtime_ms REAL NOT NULL) STRICT;
  CREATE TEMP TABLE IF NOT EXISTS scan_gone_size (bytes INTEGER PRIMARY KEY) STRICT;
  DELETE FROM scan_seen;
  DELETE FROM scan_todo;
  DELETE FROM scan_new;
  DELETE FROM scan_gone_size;`

interface GoneRow {
  id: number; path: string
}

export class ImageWrites {
  readonly #db: Database
  readonly #statements = new Map<string, Statement>()
  constructor(db: Database) {
    this.#db = db
  }

  startListing(): void {
    this.#db.exec(scanTables)
  }

  /**
   * Takes back where thumbnails lie that are behind the end of these packs, whatever root they are of: the number of a pack that is gone is taken
   * again. Whatever has no thumbnail is read by the next listing.
   */
  forgetThumbs(lost: readonly PackExtent[]): void {
    this.#prepare(
      `UPDATE image SET thumb_pack = NULL, thumb_offset = NULL, thumb_length = NULL, thumb_width = NULL, thumb_height = NULL
       FROM (SELECT value ->> 'pack' AS pack, value ->> 'bytes' AS bytes FROM json_each(?)) AS lost
       WHERE thumb_pack = lost.pack AND thumb_offset + thumb_length > lost.bytes`
    ).run(JSON.stringify(lost))
  }

  /** Compares listed files of a root with what is known of it. Known ones that are as they were are done; the others are noted for later. */
  listed(rootId: number, files: readonly ListedFile[]): { unchanged: number; changed: number; fresh: number } {
    return this.#transaction(() => {
      const known = this.#prepare('SELECT id, bytes, mtime_ms, state, sha256 IS NOT NULL AND thumb_pack IS NOT NULL AS measured FROM image WHERE root_id = ? AND path_raw = ?')
      const note = this.#prepare('INSERT INTO scan_new (root_id, path_raw, bytes, mtime_ms) VALUES (?, ?, ?, ?)')
      const seen = this.#prepare('INSERT OR IGNORE INTO scan_seen (id) VALUES (?)')
      const todo = this.#prepare('INSERT OR IGNORE INTO scan_todo (id) VALUES (?)')
      const back = this.#prepare(`UPDATE image SET state = 'ready', failure = NULL, failure_detail = NULL WHERE id = ?`)
      const counts = { unchanged: 0, changed: 0, fresh: 0 }
      for (const { pathRaw, bytes, mtimeMs } of files) {
        const row = known.get(rootId, pathRaw) as { id: number; bytes: number; mtime_ms: number; state: ImageState; measured: number } | undefined
        if (!row) {
          note.run(rootId, pathRaw, bytes, mtimeMs)
          counts.fresh++
          continue
        }
        seen.run(row.id)
        const same = row.bytes === bytes && row.mtime_ms === mtimeMs && row.measured === 1
        if (same && (row.state === 'ready' || row.state === 'missing')) {
          if (row.state === 'missing') back.run(row.id)
          counts.unchanged++
        } else {
          todo.run(row.id)
          counts.changed++
        }
      }
      return counts
    })
  }

  /**
   * Marks images of a fully listed root that were not seen as missing, in steps of `limit` ids after `afterId`. Those below a folder that could
   * not be listed (`unlisted`: their paths) stay as they are: nothing is known of them.
   */
  markMissing(rootId: number, unlisted: readonly Uint8Array[], afterId: number, limit: number): { marked: number; lastId: number | null } {
    return this.#transaction(() => {
      const rows = this.#prepare('SELECT id, path_raw, state FROM image WHERE +root_id = ? AND id > ? ORDER BY id LIMIT ?').all(rootId, afterId, limit) as { id: number; path_raw: Buffer; state: ImageState }[]
      const seen = this.#prepare('SELECT 1 FROM scan_seen WHERE id = ?')
      const mark = this.#prepare(`UPDATE image SET state = 'missing', failure = NULL, failure_detail = NULL WHERE id = ?`)
      let marked = 0
      for (const { id, path_raw, state } of rows) {
        if (state === 'missing' || seen.get(id) !== undefined || unlisted.some((folder) => liesIn(path_raw, folder))) continue
        mark.run(id)
        marked++
      }
      return { marked, lastId: rows.length < limit ? null : (rows.at(-1)?.id ?? null) }
    })
  }

  /** New files of a size that a missing image had, after `afterKey`: their content decides whether they are that image. */
  moveCandidates(afterKey: number, limit: number): MoveCandidate[] {
    if (afterKey === 0) {
      this.#db.exec(`DELETE FROM scan_gone_size; INSERT OR IGNORE INTO scan_gone_size SELECT bytes FROM image WHERE state = 'missing' AND sha256 IS NOT NULL`)
    }
    return this.#prepare(`SELECT key, root_id AS rootId, path_raw AS pathRaw FROM scan_new WHERE key > ? AND bytes IN (SELECT bytes FROM scan_gone_size) ORDER BY key LIMIT ?`)
      .all(afterKey, limit) as MoveCandidate[]
  }

  /** Gives missing images the path of the new file that has their content: first where the name is the same too, then the others. Returns how many moved. */
  adoptMoved(found: readonly { readonly key: number; readonly sha256: Uint8Array }[]): number {
    return this.#transaction(() => {
      const gone = this.#prepare(`SELECT id, path FROM image WHERE sha256 = ? AND state = 'missing' ORDER BY id`)
      const entry = this.#prepare('SELECT root_id, path_raw, bytes, mtime_ms FROM scan_new WHERE key = ?')
      const forget = this.#prepare('DELETE FROM scan_new WHERE key = ?')
      const move = this.#prepare(
        `UPDATE image SET root_id = ?, path_raw = ?, path = ?, folder = ?, bytes = ?, mtime_ms = ?, state = 'ready', failure = NULL, failure_detail = NULL WHERE id = ?`
      )
      let moved = 0
      for (const byName of [true, false]) {
        for (const { key, sha256 } of found) {
          const file = entry.get(key) as { root_id: number; path_raw: Buffer; bytes: number; mtime_ms: number } | undefined
          if (!file) continue
          const { path, folder, name } = readable(file.path_raw)
          const match = (gone.all(sha256) as GoneRow[]).find((row) => !byName || row.path.slice(row.path.lastIndexOf('/') + 1) === name)
          if (!match) continue
          move.run(file.root_id, file.path_raw, path, folder, file.bytes, file.mtime_ms, match.id)
          forget.run(key)
          moved++
        }
      }
      return moved
    })
  }

  /** Adds noted new files as images of state 'new', at most `limit` of them. Returns how many; 0 when all are in. */
  addNew(limit: number): number {
    return this.#transaction(() => {
      const rows = this.#prepare('SELECT key, root_id, path_raw, bytes, mtime_ms FROM scan_new ORDER BY key LIMIT ?').all(limit) as { key: number; root_id: number; path_raw: Buffer; bytes: number; mtime_ms: number }[]
      const insert = this.#prepare('INSERT OR IGNORE INTO image (root_id, path_raw, path, folder, bytes, mtime_ms) VALUES (?, ?, ?, ?, ?, ?)')
      const forget = this.#prepare('DELETE FROM scan_new WHERE key = ?')
      for (const { key, root_id, path_raw, bytes, mtime_ms } of rows) {
        const { path, folder } = readable(path_raw)
        insert.run(root_id, path_raw, path, folder, bytes, mtime_ms)
        forget.run(key)
      }
      return rows.length
    })
  }

  /** The images of these roots that have to be read: new, changed, or failed before. Also what a killed scan left behind. */
  toRead(rootIds: readonly number[]): Int32Array {
    const ids = this.#prepare(
      `SELECT id FROM image WHERE root_id IN (SELECT value FROM json_each(?)) AND (state = 'new' OR id IN (SELECT id FROM scan_todo)) ORDER BY id`
    ).pluck().all(JSON.stringify(rootIds)) as number[]
    return Int32Array.from(ids)
  }

  /** What came out of reading files, in one transaction. An image whose content changed loses its vectors (a trigger sees to it). */
  commit(outcomes: readonly FileOutcome[]): void {
    this.#transaction(() => {
      for (const outcome of outcomes) {
        if (outcome.kind === 'measured') this.#measured(outcome)
        else if (outcome.kind === 'same') this.#same(outcome)
        else this.#failed(outcome)
      }
    })
  }

  /** Forgets images of a root, at most `limit`; the files stay. Returns how many; 0 when none is left. */
  forget(rootId: number, limit: number): number {
    return this.#prepare('DELETE FROM image WHERE id IN (SELECT id FROM image WHERE root_id = ? LIMIT ?)').run(rootId, limit).changes
  }

  #measured(o: Extract<FileOutcome, { kind: 'measured' }>): void {
    this.#prepare(
      `UPDATE image SET state = 'ready', failure = NULL, failure_detail = NULL, bytes = ?, mtime_ms = ?,
         format = ?, width = ?, height = ?, colour = ?, depth = ?, has_alpha = ?, orientation = ?, sha256 = ?, pixel_hash = ?, phash = ?,
         sharpness = ?, exposure = ?, contrast = ?, entropy = ?, compression = ?,
         thumb_pack = ?, thumb_offset = ?, thumb_length = ?, thumb_width = ?, thumb_height = ?
       WHERE id = ?`
    ).run(
      o.stamp.bytes, o.stamp.mtimeMs, o.format, o.width, o.height, o.colour, o.depth, Number(o.hasAlpha), o.orientation, o.sha256, o.pixelHash, o.phash,
      o.sharpness, o.exposure, o.contrast, o.entropy, o.compression, o.thumb.pack, o.thumb.offset, o.thumb.length, o.thumb.width, o.thumb.height, o.imageId
    )
  }

  #same({ imageId, stamp }: Extract<FileOutcome, { kind: 'same' }>): void {
    this.#prepare(`UPDATE image SET state = 'ready', failure = NULL, failure_detail = NULL, bytes = ?, mtime_ms = ? WHERE id = ?`).run(stamp.bytes, stamp.mtimeMs, imageId)
  }

  #failed({ imageId, failure, detail, stamp }: Extract<FileOutcome, { kind: 'failed' }>): void {
    this.#prepare(`UPDATE image SET state = 'failed', failure = ?, failure_detail = ?, bytes = COALESCE(?, bytes), mtime_ms = COALESCE(?, mtime_ms) WHERE id = ?`)
      .run(failure, detail, stamp?.bytes ?? null, stamp?.mtimeMs ?? null, imageId)
    if (!contentFailures.has(failure)) return
    this.#prepare(
      `UPDATE image SET format = NULL, width = NULL, height = NULL, colour = NULL, depth = NULL, has_alpha = NULL, orientation = NULL, sha256 = NULL, pixel_hash = NULL, phash = NULL,
         sharpness = NULL, exposure = NULL, contrast = NULL, entropy = NULL, compression = NULL,
         thumb_pack = NULL, thumb_offset = NULL, thumb_length = NULL, thumb_width = NULL, thumb_height = NULL
       WHERE id = ?`
    ).run(imageId)
  }

  #transaction<T>(act: () => T): T {
    return this.#db.transaction(act)()
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

const slash = 0x2f

const liesIn = (path: Uint8Array, folder: Uint8Array): boolean =>
  folder.length === 0 || (path.length > folder.length && path[folder.length] === slash && folder.every((byte, i) => path[i] === byte))

/** The path for people, its folder ('' for the root itself) and its name. */
function readable(pathRaw: Uint8Array): { path: string; folder: string; name: string } {
  const path = Buffer.from(pathRaw.buffer, pathRaw.byteOffset, pathRaw.byteLength).toString('utf8')
  const cut = path.lastIndexOf('/')
  return { path, folder: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) }
}
