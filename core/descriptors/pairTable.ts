import { rowOrder, type SortKey } from '../domain/rowOrder.ts'

/**
 * Scored pairs as columns: part aParts[i] of image a[i] (the query side) against part bParts[i] of image b[i]. Higher scores are better.
 * A pair may stand more than once (other models, other parts).
 */
export interface PairTable {
  readonly a: Int32Array
  readonly aParts: Int32Array
  readonly b: Int32Array
  readonly bParts: Int32Array
  readonly scores: Float32Array | Float64Array
}

/** The rows of all tables, one table after the other. */
export function joinTables(tables: readonly PairTable[]): PairTable {
  const joinInts = (pick: (table: PairTable) => Int32Array): Int32Array => {
    const out = new Int32Array(tables.reduce((sum, table) => sum + table.a.length, 0))
    let at = 0
    for (const table of tables) {
      out.set(pick(table), at)
      at += table.a.length
    }
    return out
  }
  const single = tables.every(({ scores }) => scores instanceof Float32Array)
  const length = tables.reduce((sum, table) => sum + table.a.length, 0)
  const scores = single ? new Float32Array(length) : new Float64Array(length)
  let at = 0
  for (const table of tables) {
    scores.set(table.scores, at)
    at += table.a.length
  }
  return { a: joinInts(({ a }) => a), aParts: joinInts(({ aParts }) => aParts), b: joinInts(({ b }) => b), bParts: joinInts(({ bParts }) => bParts), scores }
}

/** joinTables, and which of the tables each row comes from. */
export function joinWithOrigin(tables: readonly PairTable[]): { table: PairTable; origin: Int32Array } {
  const table = joinTables(tables)
  const origin = new Int32Array(table.a.length)
  let at = 0
  for (const [i, { a }] of tables.entries()) {
    origin.fill(i, at, at + a.length)
    at += a.length
  }
  return { table, origin }
}

/** These rows of a table, in this order. */
export function takeRows(table: PairTable, rows: Uint32Array): PairTable {
  const take = <T extends Int32Array | Float32Array | Float64Array>(column: T): T => {
    const out = new (column.constructor as new (length: number) => T)(rows.length)
    for (let i = 0; i < rows.length; i++) out[i] = column[rows[i] as number] as number
    return out
  }
  return { a: take(table.a), aParts: take(table.aParts), b: take(table.b), bParts: take(table.bParts), scores: take(table.scores) }
}

/** The rows for which `keep` holds, in their order. */
export function filterRows(table: PairTable, keep: (row: number) => boolean): PairTable {
  const rows = new Uint32Array(table.a.length)
  let kept = 0
  for (let row = 0; row < rows.length; row++) if (keep(row)) rows[kept++] = row
  return kept === rows.length ? table : takeRows(table, rows.subarray(0, kept))
}

export const pairKeys = ({ a, aParts, b, bParts }: PairTable): SortKey[] => [{ by: a }, { by: b }, { by: aParts }, { by: bParts }]

/** The best `most` rows, best first; equal scores by the images, then by their parts, the query side first. */
export function bestRows(table: PairTable, most = Infinity): PairTable {
  const order = rowOrder(table.a.length, [{ by: table.scores, descending: true }, ...pairKeys(table)])
  return takeRows(table, order.length > most ? order.subarray(0, most) : order)
}

export const samePair = ({ a, aParts, b, bParts }: PairTable, x: number, y: number): boolean => a[x] === a[y] && b[x] === b[y] && aParts[x] === aParts[y] && bParts[x] === bParts[y]

/** Calls `visit` with the places [from, to) of `order` that `same` joins to a group; `order` must bring those together. */
export function eachGroup(order: Uint32Array, same: (x: number, y: number) => boolean, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && same(order[from] as number, order[to] as number)) to++
    visit(from, to)
    from = to
  }
}
