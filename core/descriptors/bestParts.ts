import { rowOrder } from '../domain/rowOrder.ts'
import { bestRows, eachGroup, type PairTable, pairKeys, samePair } from './pairTable.ts'

/** What the scores of a pair of images, one for each part, model, set and scale, become. */
export type PartRule = 'best-two' | 'max' | 'mean'
export const partRules = ['best-two', 'max', 'mean'] as const

export interface BestParts {
  /** One row a pair of images, best first; `aParts` and `bParts` are those of its highest score. */
  readonly table: PairTable
  /** How many different rows each pair had. */
  readonly rows: Int32Array
}

/**
 * One score for each pair of images. Rows that are the same in parts and score count once. `best-two`: the mean of the highest score and the
 * second one, alone the highest where there is no second. The second is the highest among the scores that are not the maximum and that
 * occur once only, as VisionForce's pandas leaves them (WangWenhao0716/ISC-Track1-Submission, Test/top2.py: rows that occur twice after
 * the parts are stripped vanish altogether). `max`; `mean` of the different rows.
 */
export function bestParts(table: PairTable, rule: PartRule, most = Infinity): BestParts {
  const { a, b, scores } = table
  const order = rowOrder(a.length, [{ by: a }, { by: b }, { by: scores, descending: true }, { by: table.aParts }, { by: table.bParts }])
  const best: number[] = []
  const merged: number[] = []
  const rows: number[] = []
  const group: number[] = []
  eachGroup(order, (x, y) => a[x] === a[y] && b[x] === b[y], (from, to) => {
    group.length = 0
    for (let i = from; i < to; i++) {
      const row = order[i] as number
      const before = order[i - 1] as number
      if (i === from || scores[row] !== scores[before] || !samePair(table, row, before)) group.push(scores[row] as number)
    }
    best.push(order[from] as number)
    rows.push(group.length)
    merged.push(mergeScores(group, rule))
  })
  const pick = (column: Int32Array): Int32Array => Int32Array.from(best, (row) => column[row] as number)
  const one: PairTable = { a: pick(a), aParts: pick(table.aParts), b: pick(b), bParts: pick(table.bParts), scores: scores instanceof Float32Array ? Float32Array.from(merged) : Float64Array.from(merged) }
  const ranked = rowOrder(best.length, [{ by: one.scores, descending: true }, ...pairKeys(one)])
  return { table: bestRows(one, most), rows: Int32Array.from(ranked.subarray(0, Math.min(ranked.length, most)), (row) => rows[row] as number) }
}

/** `scores` in descending order. */
function mergeScores(scores: readonly number[], rule: PartRule): number {
  const highest = scores[0] as number
  if (rule === 'max') return highest
  if (rule === 'mean') return scores.reduce((sum, score) => sum + score, 0) / scores.length
  const second = scores.find((score, i) => score < highest && score !== scores[i - 1] && score !== scores[i + 1])
  return second === undefined ? highest : (highest + second) / 2
}
