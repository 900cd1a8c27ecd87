import { WinnowError } from '../domain/errors.ts'
import { rowOrder } from '../domain/rowOrder.ts'
import { bestRows, eachGroup, joinWithOrigin, type PairTable, pairKeys, samePair, takeRows } from './pairTable.ts'

export interface MeanScoresOptions {
  /** One weight a table; all 1 where it is left out. */
  readonly weights?: readonly number[]
  /**
   * Where a table does not list a pair that another one lists: `error` names the pair, `leave-out` drops it, `mean-of-present` takes the
   * (weighted) mean of the tables that do.
   */
  readonly missing: 'error' | 'leave-out' | 'mean-of-present'
  /** For messages: how a table and a part of an image are called. */
  readonly tableName?: (table: number) => string
  readonly imageName?: (image: number) => string
}

export interface MeanScores {
  /** One row a pair, best first. */
  readonly table: PairTable
  /** Pairs that not all tables list. */
  readonly incomplete: number
}

/**
 * The mean of several models' scores of the same pairs, joined by pair and never by row (flyingsheepbin/pet-biometrics, fusion.py, joins by
 * row, which a sorted file silently breaks). Throws BAD_INPUT where a table lists a pair twice, and by option where it misses one.
 */
export function meanScores(tables: readonly PairTable[], { weights, missing, tableName = (table) => `table ${table + 1}`, imageName = String }: MeanScoresOptions): MeanScores {
  if (weights && (weights.length !== tables.length || weights.some((weight) => !(weight >= 0)) || !weights.some((weight) => weight > 0))) {
    throw new WinnowError('BAD_INPUT', `Give one weight of 0 or more for each of the ${tables.length} tables, not all of them 0.`)
  }
  const { table: all, origin } = joinWithOrigin(tables)
  const nameOf = (row: number): string => {
    const part = (value: number): string => (value === 0 ? '' : ` (part ${value})`)
    return `${imageName(all.a[row] as number)}${part(all.aParts[row] as number)} and ${imageName(all.b[row] as number)}${part(all.bParts[row] as number)}`
  }
  const order = rowOrder(origin.length, [...pairKeys(all), { by: origin }])
  const rows = new Uint32Array(order.length)
  const means = new Float64Array(order.length)
  let count = 0
  let incomplete = 0
  eachGroup(order, (x, y) => samePair(all, x, y), (from, to) => {
    let sum = 0
    let weight = 0
    for (let i = from; i < to; i++) {
      const row = order[i] as number
      const table = origin[row] as number
      if (i > from && origin[order[i - 1] as number] === table) throw new WinnowError('BAD_INPUT', `${tableName(table)} lists the pair ${nameOf(row)} twice. Take one of the two out.`)
      sum += (weights?.[table] ?? 1) * (all.scores[row] as number)
      weight += weights?.[table] ?? 1
    }
    if (to - from < tables.length) {
      incomplete++
      if (missing === 'error') {
        const listed = new Set(Array.from(order.subarray(from, to), (row) => origin[row]))
        const absent = tables.findIndex((_, table) => !listed.has(table))
        throw new WinnowError('BAD_INPUT', `${tableName(absent)} does not list the pair ${nameOf(order[from] as number)}, which ${tableName(origin[order[from] as number] as number)} does. Score the same pairs with every model, or choose what becomes of pairs that are not complete.`)
      }
      if (missing === 'leave-out') return
    }
    if (weight === 0) return
    rows[count] = order[from] as number
    means[count++] = sum / weight
  })
  const kept = takeRows(all, rows.subarray(0, count))
  const scores = all.scores instanceof Float32Array ? Float32Array.from(means.subarray(0, count)) : means.slice(0, count)
  return { table: bestRows({ ...kept, scores }), incomplete }
}
