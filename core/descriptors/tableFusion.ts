import { rowOrder } from '../domain/rowOrder.ts'
import { partKey } from './partKey.ts'
import { eachGroup, filterRows, joinWithOrigin, pairKeys, type PairTable, samePair, takeRows } from './pairTable.ts'

/**
 * The rows of all tables whose pair (image and part, both sides) at least `least` of the tables list; each keeps its own score. Sorted by
 * pair, then by table. VisionForce asks for 2 of its 3 backbones, and for all 3 where references are cut up
 * (WangWenhao0716/ISC-Track1-Submission, Test/final/*\/aggregate.py).
 */
export function keepAgreed(tables: readonly PairTable[], least: number): PairTable {
  const { table: all, origin } = joinWithOrigin(tables)
  const order = rowOrder(origin.length, [...pairKeys(all), { by: origin }])
  const kept = new Uint32Array(order.length)
  let count = 0
  eachGroup(order, (x, y) => samePair(all, x, y), (from, to) => {
    let listing = 1
    for (let i = from + 1; i < to; i++) if (origin[order[i] as number] !== origin[order[i - 1] as number]) listing++
    if (listing < least) return
    for (let i = from; i < to; i++) kept[count++] = order[i] as number
  })
  return takeRows(all, kept.subarray(0, count))
}

/** Parts of images as a set. */
export class PartSet {
  readonly #keys = new Set<number>()

  add(image: number, part: number): this {
    this.#keys.add(partKey(image, part))
    return this
  }

  has(image: number, part: number): boolean {
    return this.#keys.has(partKey(image, part))
  }

  get size(): number {
    return this.#keys.size
  }
}

/** Without the rows whose query part is in the set (VisionForce: crops narrower or lower than 100, 150 or 200 pixels). */
export const withoutQueryParts = (table: PairTable, parts: PartSet): PairTable =>
  parts.size === 0 ? table : filterRows(table, (row) => !parts.has(table.a[row] as number, table.aParts[row] as number))

/** Without the rows whose query or reference image is in one of the sets. */
export const withoutImages = (table: PairTable, queries: ReadonlySet<number>, references: ReadonlySet<number>): PairTable =>
  queries.size === 0 && references.size === 0 ? table : filterRows(table, (row) => !queries.has(table.a[row] as number) && !references.has(table.b[row] as number))

/**
 * Takes `penalty` off every score whose query part is not exempt: a crop that happens to look like something counts less than the whole
 * picture (VisionForce: 0.05 off all but the whole query and its detected overlays; Test/final/combine.py).
 */
export function penaliseParts(table: PairTable, penalty: number, isExempt: (part: number) => boolean): PairTable {
  const scores = table.scores.slice()
  for (let row = 0; row < scores.length; row++) if (!isExempt(table.aParts[row] as number)) scores[row] = (scores[row] as number) - penalty
  return { ...table, scores }
}
