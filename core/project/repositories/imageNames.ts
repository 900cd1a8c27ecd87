import type { Database } from 'better-sqlite3'
import { WinnowError } from '../../domain/errors.ts'

/** path: below its root (whole where two roots have the same one). name: the file's name. stem: without its extension. sha256: the content's hash. */
export type NameStyle = 'path' | 'name' | 'stem' | 'sha256'

/** What images are called in files that leave the project: the other direction of ImageMatcher. */
export class ImageNames {
  readonly #row
  readonly #samePath

  constructor(db: Database) {
    this.#row = db.prepare<[number], { path: string; root: string; sha256: Buffer | null }>('SELECT image.path, root.path AS root, sha256 FROM image JOIN root ON root.id = root_id WHERE image.id = ?')
    this.#samePath = db.prepare<[string], number>('SELECT COUNT(*) FROM (SELECT 1 FROM image WHERE path = ? LIMIT 2)').pluck()
  }

  /** Throws NOT_FOUND for an image that is no longer in the project, UNAVAILABLE for a hash that was never made. */
  nameOf(id: number, style: NameStyle): string {
    const row = this.#row.get(id)
    if (!row) throw new WinnowError('NOT_FOUND', `Image ${id} is no longer in the project. Run the recipe again.`)
    const { path, root, sha256 } = row
    if (style === 'path') return (this.#samePath.get(path) ?? 0) > 1 ? `${root.replaceAll('\\', '/').replace(/\/$/u, '')}/${path}` : path
    if (style === 'sha256') {
      if (!sha256) throw new WinnowError('UNAVAILABLE', `${path} has not been read yet, so its hash is unknown. Scan its folder first.`)
      return sha256.toString('hex')
    }
    const name = path.slice(path.lastIndexOf('/') + 1)
    const dot = name.lastIndexOf('.')
    return style === 'stem' && dot > 0 ? name.slice(0, dot) : name
  }

  /** Names of many images, each of which must be another. Throws BAD_INPUT naming two images of the same name. */
  namesOf(ids: Iterable<number>, style: NameStyle): Map<number, string> {
    const names = new Map<number, string>()
    const taken = new Map<string, number>()
    for (const id of ids) {
      if (names.has(id)) continue
      const name = this.nameOf(id, style)
      const other = taken.get(name)
      if (other !== undefined) throw new WinnowError('BAD_INPUT', `${this.nameOf(other, 'path')} and ${this.nameOf(id, 'path')} would both be called "${name}". Write paths instead of ${style === 'sha256' ? 'hashes' : 'names'}.`)
      taken.set(name, id)
      names.set(id, name)
    }
    return names
  }
}
