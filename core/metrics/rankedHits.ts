import { descendingOrder } from './descendingOrder.ts'
import { noTruth } from './noTruth.ts'

/** Predictions from the best score to the worst and how many true matches are among the first i + 1 of them. */
export interface RankedHits {
  /** All true matches there are, found or not: what recall is a share of. */
  readonly positives: number
  readonly scores: Float32Array | Float64Array
  readonly hits: Uint32Array
}

/**
 * Ranks predictions by score, highest first. Within equal scores false matches come first, the worst case (facebookresearch/isc2021,
 * DrivenData's scorer of the Image Similarity Challenge). `relevant[i]` is 1 where prediction i is a true match; `positives` counts all true
 * matches of the truth. Throws BAD_INPUT where a score is not a number or there are no true matches to find.
 */
export function rankedHits(scores: Float32Array | Float64Array, relevant: Uint8Array, positives: number): RankedHits {
  if (positives < 1) throw noTruth('true match')
  const order = descendingOrder(scores)
  const count = order.length
  const sorted = scores.slice()
  for (let i = 0; i < count; i++) sorted[i] = scores[order[i] as number] as number
  const hits = new Uint32Array(count)
  let found = 0
  for (let start = 0; start < count; ) {
    let end = start
    let misses = 0
    for (; end < count && sorted[end] === sorted[start]; end++) if (relevant[order[end] as number] !== 1) misses++
    for (let i = start; i < end; i++) hits[i] = i - start < misses ? found : ++found
    start = end
  }
  return { positives, scores: sorted, hits }
}

/** uAP, micro-AP: the sum of (R_i - R_(i-1)) P_i over all ranks, without interpolation. 0..1. */
export function microAp({ hits, positives }: RankedHits): number {
  let sum = 0
  let before = 0
  for (let i = 0; i < hits.length; i++) {
    const found = hits[i] as number
    if (found !== before) sum += found / (i + 1)
    before = found
  }
  return sum / positives
}

export interface RecallAtPrecision {
  readonly recall: number
  /** The score of the first prediction that reaches this recall. */
  readonly threshold: number
  /** How many predictions stand at or before it. */
  readonly predictions: number
}

/**
 * The highest recall at any rank whose precision is at least `precision` (0..1); a later recovery counts. null where the precision is never
 * reached: DrivenData's script writes 0 there, FB's null.
 */
export function recallAtPrecision({ hits, scores, positives }: RankedHits, precision: number): RecallAtPrecision | null {
  let best = 0
  let at = -1
  for (let i = 0; i < hits.length; i++) {
    const found = hits[i] as number
    if (found > best && found / (i + 1) >= precision) {
      best = found
      at = i
    }
  }
  return at < 0 ? null : { recall: best / positives, threshold: scores[at] as number, predictions: at + 1 }
}

export interface AtThreshold {
  readonly threshold: number
  readonly predictions: number
  readonly hits: number
  /** 1 where nothing is predicted: nothing predicted is nothing wrong. */
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Precision and recall of the predictions with a score of at least `threshold`. */
export function atThreshold(ranked: RankedHits, threshold: number): AtThreshold {
  let low = 0
  let high = ranked.scores.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranked.scores[middle] as number) >= threshold) low = middle + 1
    else high = middle
  }
  return after(ranked, low, threshold)
}

/** The threshold with the highest F1; of several the highest. null without predictions. */
export function bestF1(ranked: RankedHits): AtThreshold | null {
  let best = 0
  let most = -1
  for (let i = 0; i < ranked.hits.length; i++) {
    // A threshold cannot cut between equal scores.
    if (ranked.scores[i + 1] === ranked.scores[i]) continue
    const f1 = (2 * (ranked.hits[i] as number)) / (i + 1 + ranked.positives)
    if (f1 > most) {
      most = f1
      best = i
    }
  }
  return most < 0 ? null : after(ranked, best + 1, ranked.scores[best] as number)
}

function after({ hits, positives }: RankedHits, predictions: number, threshold: number): AtThreshold {
  const found = predictions === 0 ? 0 : (hits[predictions - 1] as number)
  return {
    threshold, predictions, hits: found,
    precision: predictions === 0 ? 1 : found / predictions,
    recall: found / positives,
    f1: (2 * found) / (predictions + positives)
  }
}
