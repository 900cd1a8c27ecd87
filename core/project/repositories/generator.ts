import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { ImageFile } from './descriptors.ts'

export interface PictureFile extends ImageFile {
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** Smaller pictures have nothing to be edited. */
const shortestSide = 32

/** What the edit generator reads of a project. */
export class GeneratorReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /**
   * One image of each content (same pixels count once) that is ready, not dropped and at least 32 pixels on both sides, in the order of their content
   * hashes: the same in every project that holds the same pictures. `hash` says which they are.
   */
  sources(): { ids: Int32Array; hash: string } {
    const rows = this.#db
      .prepare(`SELECT image.id, MIN(image.sha256) FROM image LEFT JOIN verdict ON verdict.image_id = image.id
        WHERE image.state = 'ready' AND image.sha256 IS NOT NULL AND image.width >= ${shortestSide} AND image.height >= ${shortestSide} AND verdict.value IS NOT 'drop'
        GROUP BY COALESCE(image.pixel_hash, image.sha256) ORDER BY 2`)
      .raw()
      .all() as [number, Buffer][]
    const hash = createHash('sha256')
    for (const [, sha256] of rows) hash.update(sha256)
    return { ids: Int32Array.from(rows, ([id]) => id), hash: hash.digest('hex') }
  }

  /** Where these images lie; those that are gone are left out. */
  pictures(ids: readonly number[]): PictureFile[] {
    const find = this.#db.prepare<[number], { imageId: number; root: string; pathRaw: Buffer; path: string; bytes: number; mtimeMs: number; svg: number; sha256: Buffer }>(`
      SELECT image.id AS imageId, root.path AS root, image.path_raw AS pathRaw, image.path AS path, image.bytes AS bytes, image.mtime_ms AS mtimeMs, root.svg AS svg, image.sha256 AS sha256
      FROM image JOIN root ON root.id = image.root_id WHERE image.id = ? AND image.state = 'ready' AND image.sha256 IS NOT NULL`)
    return ids.flatMap((id) => {
      const row = find.get(id)
      return row ? [{ ...row, svg: row.svg === 1, sha256: row.sha256.toString('hex') }] : []
    })
  }
}
