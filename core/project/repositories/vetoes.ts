import { createHash } from 'node:crypto'
import type { Database, Statement } from 'better-sqlite3'
import type { VetoList } from '../../contract/matches.ts'

/** Entries of the lists that are applied, as images of the project: every image of a content stands for it. */
export interface AppliedVetoes {
  /** Left out whatever they are paired with, ascending. */
  readonly images: Int32Array
  /** Left out as pairs, the smaller id first. */
  readonly pairs: { readonly a: Int32Array; readonly b: Int32Array }
  readonly hash: string
}

export interface VetoOf {
  readonly list: string
  readonly reason: string
  readonly applied: boolean
}

interface Entry { hashA: Buffer; hashB: Buffer; listId: number }

/** What people keep out of results. Written by acts. */
export class VetoReads {
  readonly #db: Database
  readonly #imagesOf: Statement<[Buffer], number>
  constructor(db: Database) {
    this.#db = db
    this.#imagesOf = db.prepare<[Buffer], number>('SELECT id FROM image WHERE sha256 = ?').pluck()
  }

  lists(): VetoList[] {
    return this.#db.prepare<[], Omit<VetoList, 'applied'> & { applied: number }>(
      `SELECT veto_list.id AS listId, name, reason, applied, COUNT(*) FILTER (WHERE hash_a = hash_b) AS images, COUNT(*) FILTER (WHERE hash_a <> hash_b) AS pairs
       FROM veto_list LEFT JOIN veto ON veto.list_id = veto_list.id WHERE removed = 0 GROUP BY veto_list.id ORDER BY name COLLATE NOCASE`
    ).all().map((row) => ({ ...row, applied: row.applied === 1 }))
  }

  /** Entries of a list as images of the project (an image alone has no `b`), at most `limit`. */
  entries(listId: number, offset: number, limit: number): { a: number; b: number | null }[] {
    return this.#db.prepare<[number, number, number], { a: number; b: number | null }>(
      `SELECT one.id AS a, CASE WHEN hash_a = hash_b THEN NULL ELSE MIN(two.id) END AS b
       FROM veto JOIN image AS one ON one.sha256 = hash_a JOIN image AS two ON two.sha256 = hash_b
       WHERE list_id = ? GROUP BY hash_a, hash_b HAVING one.id = MIN(one.id) ORDER BY one.id LIMIT ? OFFSET ?`
    ).all(listId, limit, offset)
  }

  applied(): AppliedVetoes {
    const entries = this.#db.prepare<[], Entry>(
      'SELECT hash_a AS hashA, hash_b AS hashB, list_id AS listId FROM veto JOIN veto_list ON veto_list.id = veto.list_id WHERE applied = 1 AND removed = 0 ORDER BY hash_a, hash_b'
    ).all()
    const idsOf = this.#db.prepare<[Buffer], number>('SELECT id FROM image WHERE sha256 = ?').pluck()
    const images = new Set<number>()
    const [a, b]: [number[], number[]] = [[], []]
    const hash = createHash('sha256')
    for (const { hashA, hashB } of entries) {
      hash.update(hashA).update(hashB)
      const ones = idsOf.all(hashA)
      if (hashA.equals(hashB)) for (const id of ones) images.add(id)
      else {
        for (const one of ones) {
          for (const two of idsOf.all(hashB)) {
            a.push(Math.min(one, two))
            b.push(Math.max(one, two))
          }
        }
      }
    }
    return { images: Int32Array.from(images).sort(), pairs: { a: Int32Array.from(a), b: Int32Array.from(b) }, hash: hash.digest('hex') }
  }

  /** The vetoes that speak of a pair: of the pair, or of either image. */
  ofPair(a: number, b: number): VetoOf[] {
    return this.#db.prepare<[number, number], Omit<VetoOf, 'applied'> & { applied: number }>(
      `SELECT veto_list.name AS list, veto_list.reason AS reason, veto_list.applied AS applied
       FROM image AS one JOIN image AS two ON one.id = ? AND two.id = ?
       JOIN veto ON (hash_a = one.sha256 AND hash_b = one.sha256) OR (hash_a = two.sha256 AND hash_b = two.sha256)
         OR (hash_a = MIN(one.sha256, two.sha256) AND hash_b = MAX(one.sha256, two.sha256))
       JOIN veto_list ON veto_list.id = veto.list_id WHERE veto_list.removed = 0 ORDER BY veto_list.name`
    ).all(a, b).map((row) => ({ ...row, applied: Boolean(row.applied) }))
  }

  /** All that people said of pairs, by the name of the pair of contents (both hashes in hexadecimal, the smaller first). As text: buffers for a hundred thousand take three times as long. */
  said(): IterableIterator<[pair: string, value: 'same' | 'variant' | 'different']> {
    return this.#db.prepare('SELECT hex(hash_a) || hex(hash_b), value FROM relation').raw().iterate() as IterableIterator<[string, 'same' | 'variant' | 'different']>
  }

  /** The images of every pair of which something was said: one row for each two images that have these contents. */
  saidImages(): IterableIterator<[pair: string, a: number, b: number]> {
    return this.#db.prepare(
      'SELECT hex(hash_a) || hex(hash_b), one.id, two.id FROM relation JOIN image AS one ON one.sha256 = hash_a JOIN image AS two ON two.sha256 = hash_b WHERE one.id <> two.id'
    ).raw().iterate() as IterableIterator<[string, number, number]>
  }

  /** The images of two contents, by the name of their pair. */
  imagesOfPair(pair: string): readonly [ones: number[], twos: number[]] {
    const idsOf = (hex: string): number[] => this.#imagesOf.all(Buffer.from(hex, 'hex'))
    return [idsOf(pair.slice(0, pair.length / 2)), idsOf(pair.slice(pair.length / 2))]
  }

  /** Another text whenever something else was said of any pair. */
  relationsHash(): string {
    const hash = createHash('sha256')
    for (const { a, b, value } of this.#db.prepare<[], { a: Buffer; b: Buffer; value: string }>('SELECT hash_a AS a, hash_b AS b, value FROM relation ORDER BY hash_a, hash_b').iterate()) hash.update(a).update(b).update(value)
    return hash.digest('hex')
  }

  /** What people said of the pairs (as[i], bs[i]), by content, in either order; pairs of which nobody spoke are left out. */
  relations(as: readonly number[], bs: readonly number[]): { a: number; b: number; value: 'same' | 'variant' | 'different' }[] {
    const hashOf = this.#db.prepare<[number], Buffer | null>('SELECT sha256 FROM image WHERE id = ?').pluck()
    const said = this.#db.prepare<[Buffer, Buffer], 'same' | 'variant' | 'different'>('SELECT value FROM relation WHERE hash_a = ? AND hash_b = ?').pluck()
    const found: { a: number; b: number; value: 'same' | 'variant' | 'different' }[] = []
    const hashes = new Map([...as, ...bs].map((id) => [id, hashOf.get(id) ?? null]))
    as.forEach((a, i) => {
      const b = bs[i] as number
      const [one, two] = [hashes.get(a), hashes.get(b)]
      if (!one || !two) return
      const value = Buffer.compare(one, two) <= 0 ? said.get(one, two) : said.get(two, one)
      if (value) found.push({ a, b, value })
    })
    return found
  }
}
