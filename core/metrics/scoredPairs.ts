import { groupRows } from './groups.ts'
import { PairIndex } from './intIndex.ts'
import type { PairsTruth } from './truth.ts'

/** Predicted pairs, higher score = more alike. Ids are image ids. */
export interface ScoredPairs {
  readonly query: Int32Array
  readonly reference: Int32Array
  readonly score: Float32Array | Float64Array
}

/** Of pairs that stand more than once (found by several parts of an image) one row with the best score, where the first stood. */
export function onePerPair({ query, reference, score }: ScoredPairs): ScoredPairs {
  const index = new PairIndex(query, reference)
  if (index.repeated === 0) return { query, reference, score }
  const best = score.slice()
  const first = new Int32Array(query.length - index.repeated)
  let count = 0
  for (let i = 0; i < query.length; i++) {
    const at = index.find(query[i] as number, reference[i] as number)
    if (at === i) first[count++] = i
    else if ((best[i] as number) > (best[at] as number)) best[at] = best[i] as number
  }
  return {
    query: first.map((i) => query[i] as number), reference: first.map((i) => reference[i] as number),
    score: score instanceof Float32Array ? Float32Array.from(first, (i) => best[i] as number) : Float64Array.from(first, (i) => best[i] as number)
  }
}

/** Every pair with its smaller id first: (a, b) is the pair (b, a). */
export const unordered = (pairs: ScoredPairs): ScoredPairs => ({ ...pairs, ...smallerFirst(pairs.query, pairs.reference) })

export function unorderedTruth(truth: PairsTruth): PairsTruth {
  const { query, reference } = smallerFirst(truth.query, truth.reference)
  const { valueRow } = groupRows(query, reference)
  return { kind: 'pairs', queries: truth.queries, query: valueRow.map((row) => query[row] as number), reference: valueRow.map((row) => reference[row] as number) }
}

const smallerFirst = (a: Int32Array, b: Int32Array): { query: Int32Array; reference: Int32Array } => ({
  query: a.map((one, i) => Math.min(one, b[i] as number)),
  reference: b.map((one, i) => Math.max(one, a[i] as number))
})
