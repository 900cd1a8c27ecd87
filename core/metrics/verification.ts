import { WinnowError } from '../domain/errors.ts'
import { descendingOrder } from './descendingOrder.ts'
import { noTruth } from './noTruth.ts'
import { rankedHits, type RankedHits } from './rankedHits.ts'
import { thinCurve } from './thinCurve.ts'

/** A point for each distinct score, highest first, after the point (0, 0) with threshold Infinity. */
export interface RocCurve {
  readonly positives: number
  readonly negatives: number
  /** Shares of the negatives and of the positives with at least this score. */
  readonly falsePositiveRate: Float64Array
  readonly truePositiveRate: Float64Array
  readonly threshold: Float64Array
}

/**
 * The receiver operating characteristic of scored pairs; `labels` 1 the same, 0 not. Throws BAD_INPUT where a score is not a number, or all
 * pairs are of one kind.
 */
export function rocCurve(scores: Float32Array | Float64Array, labels: Uint8Array): RocCurve {
  if (scores.length !== labels.length) throw new RangeError(`${scores.length} scores stand beside ${labels.length} labels.`)
  let positives = 0
  for (const label of labels) if (label === 1) positives++
  const negatives = labels.length - positives
  if (positives === 0) throw noTruth('pair that shows the same')
  if (negatives === 0) throw noTruth('pair that shows two different things')
  const order = descendingOrder(scores)
  const falsePositiveRate = new Float64Array(order.length + 1)
  const truePositiveRate = new Float64Array(order.length + 1)
  const threshold = new Float64Array(order.length + 1).fill(Infinity)
  let points = 1
  let right = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    if (labels[row] === 1) right++
    if (i + 1 < order.length && scores[order[i + 1] as number] === scores[row]) continue
    falsePositiveRate[points] = (i + 1 - right) / negatives
    truePositiveRate[points] = right / positives
    threshold[points++] = scores[row] as number
  }
  return {
    positives, negatives, falsePositiveRate: falsePositiveRate.subarray(0, points), truePositiveRate: truePositiveRate.subarray(0, points),
    threshold: threshold.subarray(0, points)
  }
}

/** The area under the curve: P(score+ > score-) + P(equal) / 2. */
export function auc({ falsePositiveRate, truePositiveRate }: RocCurve): number {
  let area = 0
  for (let i = 1; i < falsePositiveRate.length; i++) {
    const width = (falsePositiveRate[i] as number) - (falsePositiveRate[i - 1] as number)
    area += (width * ((truePositiveRate[i] as number) + (truePositiveRate[i - 1] as number))) / 2
  }
  return area
}

export interface OperatingPoint {
  readonly threshold: number
  readonly falsePositiveRate: number
  readonly truePositiveRate: number
}

/** The highest recall at which at most `rate` (0..1) of the negatives pass: a threshold that exists, nothing interpolated. */
export function recallAtFalsePositiveRate(roc: RocCurve, rate: number): OperatingPoint {
  let at = 0
  for (let i = 1; i < roc.falsePositiveRate.length && (roc.falsePositiveRate[i] as number) <= rate; i++) {
    if ((roc.truePositiveRate[i] as number) > (roc.truePositiveRate[at] as number)) at = i
  }
  return { threshold: roc.threshold[at] as number, falsePositiveRate: roc.falsePositiveRate[at] as number, truePositiveRate: roc.truePositiveRate[at] as number }
}

export interface EqualErrorRate {
  readonly rate: number
  /** The threshold next to it at which the two error rates are closest. */
  readonly threshold: number
}

/** Where as many of the negatives pass as of the positives fail; between two points of the curve on the line that joins them. */
export function equalErrorRate({ falsePositiveRate, truePositiveRate, threshold }: RocCurve): EqualErrorRate {
  const gap = (i: number): number => (falsePositiveRate[i] as number) - (1 - (truePositiveRate[i] as number))
  let after = 1
  while (after < falsePositiveRate.length - 1 && gap(after) < 0) after++
  const before = after - 1
  const share = -gap(before) / (gap(after) - gap(before))
  return {
    rate: (falsePositiveRate[before] as number) + share * ((falsePositiveRate[after] as number) - (falsePositiveRate[before] as number)),
    threshold: threshold[before === 0 || gap(after) <= -gap(before) ? after : before] as number
  }
}

/** The curve to draw: at most `most` of its points, corners kept. */
export function drawnRoc(roc: RocCurve, most = 500): RocCurve {
  const points = thinCurve(roc.falsePositiveRate, roc.truePositiveRate, most)
  const pick = (column: Float64Array): Float64Array => Float64Array.from(points, (at) => column[at] as number)
  return { ...roc, falsePositiveRate: pick(roc.falsePositiveRate), truePositiveRate: pick(roc.truePositiveRate), threshold: pick(roc.threshold) }
}

/** Scored pairs ranked for bestF1, recallAtPrecision and the precision-recall curve. */
export function rankedLabels(scores: Float32Array | Float64Array, labels: Uint8Array): RankedHits {
  if (scores.length !== labels.length) throw new WinnowError('BAD_INPUT', `${scores.length} scores stand beside ${labels.length} labels.`)
  let positives = 0
  for (const label of labels) if (label === 1) positives++
  return rankedHits(scores, labels, positives)
}
