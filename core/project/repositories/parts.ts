import type { Database } from 'better-sqlite3'
import { type Box, partIds } from '../../descriptors/partView.ts'

export type PartSource = 'proposal' | 'detector'

export interface StoredPart {
  readonly imageId: number
  readonly part: number
  readonly box: Box
}

/** What was found in one image. */
export interface FoundBoxes {
  readonly imageId: number
  readonly boxes: readonly Box[]
}

const range = { proposal: [partIds.firstProposal, partIds.lastProposal], detector: [partIds.firstDetection, partIds.lastDetection] } as const

interface Row {
  imageId: number; part: number; left: number; top: number; width: number; height: number
}

const toPart = ({ imageId, part, left, top, width, height }: Row): StoredPart => ({ imageId, part, box: { left, top, width, height } })
const columns = `image_id AS imageId, part, "left", top, width, height`

/** Parts of images whose place is their own: region proposals and detector boxes. */
export class PartReads {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /** Width and height (upright) of these images, two numbers each; 0, 0 for one that is not ready. */
  imageSizes(imageIds: Int32Array): Int32Array {
    const find = this.#db.prepare<[number], { width: number; height: number }>(`SELECT width, height FROM image WHERE id = ? AND state = 'ready' AND width IS NOT NULL AND height IS NOT NULL`)
    const sizes = new Int32Array(imageIds.length * 2)
    for (const [i, id] of imageIds.entries()) {
      const found = find.get(id)
      if (!found) continue
      sizes[i * 2] = found.width
      sizes[i * 2 + 1] = found.height
    }
    return sizes
  }

  /** The parts that `source` with `fingerprint` found in these images, by image (in their order), then part. */
  found(source: PartSource, fingerprint: string, imageIds: readonly number[]): StoredPart[] {
    const find = this.#db.prepare<[number, string, string], Row>(`SELECT ${columns} FROM image_part WHERE image_id = ? AND source = ? AND fingerprint = ? ORDER BY part`)
    return imageIds.flatMap((id) => find.all(id, source, fingerprint).map(toPart))
  }

  /** One part; null where it is not stored. */
  byId(imageId: number, part: number): StoredPart | null {
    const row = this.#db.prepare<[number, number], Row>(`SELECT ${columns} FROM image_part WHERE image_id = ? AND part = ?`).get(imageId, part)
    return row ? toPart(row) : null
  }
}

export class PartWrites {
  readonly #db: Database
  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Keeps the boxes found in images. A box that the same `fingerprint` had found there before keeps its part id, a new one gets the lowest free id of its
   * source's range; ids in use never change their box, because vectors are kept under them. Images that are gone are passed over. Returns how many boxes found
   * no free id.
   */
  keep(source: PartSource, fingerprint: string, found: readonly FoundBoxes[]): number {
    return this.#db.transaction(() => found.reduce((left, each) => left + this.#keepImage(source, fingerprint, each), 0))()
  }

  #keepImage(source: PartSource, fingerprint: string, { imageId, boxes }: FoundBoxes): number {
    if (this.#db.prepare('SELECT 1 FROM image WHERE id = ?').get(imageId) === undefined) return 0
    const known = this.#db.prepare<[number, string], Row & { fingerprint: string }>(`SELECT ${columns}, fingerprint FROM image_part WHERE image_id = ? AND source = ?`).all(imageId, source)
    const keyOf = ({ left, top, width, height }: Box): string => `${left},${top},${width},${height}`
    const here = new Set(known.filter((row) => row.fingerprint === fingerprint).map(keyOf))
    const taken = new Set(known.map(({ part }) => part))
    const add = this.#db.prepare(`INSERT INTO image_part (image_id, part, source, fingerprint, "left", top, width, height) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
    const [first, last] = range[source]
    let next: number = first
    let without = 0
    for (const box of boxes) {
      if (here.has(keyOf(box))) continue
      here.add(keyOf(box))
      while (taken.has(next)) next++
      if (next > last) {
        without++
        continue
      }
      add.run(imageId, next, source, fingerprint, box.left, box.top, box.width, box.height)
      taken.add(next)
    }
    return without
  }
}
