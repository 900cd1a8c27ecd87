import { WinnowError } from '../domain/errors.ts'
import { descendingOrder } from './descendingOrder.ts'
import { IntIndex, PairIndex } from './intIndex.ts'
import { noTruth } from './noTruth.ts'
import { rankedHits, type RankedHits } from './rankedHits.ts'
import type { ScoredPairs } from './scoredPairs.ts'
import type { PairsTruth } from './truth.ts'

export interface CopyDetectionOptions {
  /** listed: predictions of queries that the truth does not list are left out (DrivenData's scorer); all: they count, as wrong (FB). */
  readonly queries?: 'listed' | 'all'
  /** refuse: a pair predicted twice is an error (FB); keep: both rows count (DrivenData's scorer). */
  readonly duplicates?: 'refuse' | 'keep'
}

export interface RankedPairs extends RankedHits {
  /** Predictions left out, because the truth does not list their query. */
  readonly leftOut: number
}

/**
 * Predicted pairs against true pairs, ranked for microAp, recallAtPrecision and the curve. The evaluation of the Image Similarity Challenge 2021
 * (facebookresearch/isc2021, Douze et al. 2021), written from its definition. Throws BAD_INPUT: a pair that is predicted twice, a score that
 * is not a number, a truth without pairs.
 */
export function rankedPairs(pairs: ScoredPairs, truth: PairsTruth, { queries = 'listed', duplicates = 'refuse' }: CopyDetectionOptions = {}): RankedPairs {
  const { query, reference, score } = pairs
  if (duplicates === 'refuse') refuseRepeats(query, reference)
  const truePairs = new PairIndex(truth.query, truth.reference)
  const listed = queries === 'listed' ? new IntIndex(truth.queries) : null
  const relevant = new Uint8Array(query.length)
  const scores = score.slice()
  let count = 0
  for (let i = 0; i < query.length; i++) {
    const of = query[i] as number
    if (listed && listed.find(of) < 0) continue
    relevant[count] = truePairs.find(of, reference[i] as number) < 0 ? 0 : 1
    scores[count] = score[i] as number
    count++
  }
  return { ...rankedHits(scores.subarray(0, count), relevant.subarray(0, count), truth.query.length), leftOut: query.length - count }
}

/**
 * Recall at rank k (FB): the share of true pairs whose rank is below k, the rank being the number of that query's other predictions with at
 * least its score; a true pair that is not predicted is missed. One value for each of `ranks`.
 */
export function recallAtRanks({ query, reference, score }: ScoredPairs, truth: PairsTruth, ranks: readonly number[]): number[] {
  const positives = truth.query.length
  if (positives === 0) throw noTruth('true match')
  const truePairs = new PairIndex(truth.query, truth.reference)
  const queries = new IntIndex(truth.queries)
  const order = descendingOrder(score)
  const predicted = new Uint32Array(truth.queries.length)
  const seen = new Uint8Array(positives)
  const found = ranks.map(() => 0)
  for (let start = 0; start < order.length; ) {
    const level = score[order[start] as number]
    let end = start
    for (; end < order.length && score[order[end] as number] === level; end++) {
      const at = queries.find(query[order[end] as number] as number)
      if (at >= 0) predicted[at]!++
    }
    for (let i = start; i < end; i++) {
      const row = order[i] as number
      const pair = truePairs.find(query[row] as number, reference[row] as number)
      if (pair < 0 || seen[pair] === 1) continue
      seen[pair] = 1
      const rank = (predicted[queries.find(query[row] as number)] as number) - 1
      for (let k = 0; k < ranks.length; k++) if (rank < (ranks[k] as number)) found[k]!++
    }
    start = end
  }
  return found.map((count) => count / positives)
}

function refuseRepeats(query: Int32Array, reference: Int32Array): void {
  const { repeated, firstRepeat: at } = new PairIndex(query, reference)
  if (repeated === 0) return
  throw new WinnowError('BAD_INPUT', `${repeated === 1 ? 'A pair is' : `${repeated} pairs are`} predicted more than once, first in row ${at + 1} (query ${query[at]}, reference ${reference[at]}). Keep one row for each pair.`)
}
