import { IntIndex, PairIndex } from '../intIndex.ts'
import { microAp } from '../rankedHits.ts'
import { lowerIsBetter, type MetricReport, plural, value } from '../report.ts'
import { onePerPair, type ScoredPairs, unordered } from '../scoredPairs.ts'
import type { ClassTruth, PairLabelsTruth } from '../truth.ts'
import { auc, drawnRoc, equalErrorRate, rankedLabels, recallAtFalsePositiveRate, rocCurve } from '../verification.ts'
import { firstClass } from './groups.ts'
import { drawnCurve, recallsAtPrecision, thresholdValues } from './copyDetection.ts'

export interface VerificationTask {
  readonly precisions: readonly number[]
  readonly falsePositiveRates: readonly number[]
  readonly threshold?: number | undefined
}

/**
 * Verification of labelled pairs: AUC, equal error rate, recall at a false-positive rate, the best F1. A labelled pair that was not scored
 * stands below all that were: whoever lists only the best has said so.
 */
export function verificationReport(pairs: ScoredPairs, truth: PairLabelsTruth, task: VerificationTask): MetricReport {
  const predicted = onePerPair(unordered(pairs))
  const index = new PairIndex(predicted.query, predicted.reference)
  let without = 0
  const scores = Float64Array.from(truth.a, (a, i) => {
    const b = truth.b[i] as number
    const at = index.find(Math.min(a, b), Math.max(a, b))
    if (at < 0) without++
    return at < 0 ? -Infinity : (predicted.score[at] as number)
  })
  const report = labelledReport(scores, truth.label, task)
  const unjudged = predicted.query.length - (truth.a.length - without)
  return {
    ...report,
    notes: [
      ...(without > 0 ? [`${plural(without, 'labelled pair was', 'labelled pairs were')} not scored and ${without === 1 ? 'stands' : 'stand'} below all others.`] : []),
      ...(unjudged > 0 ? [`${plural(unjudged, 'scored pair')} without a label were left out.`] : [])
    ]
  }
}

/** The same for scores beside labels (1 the same, 0 not). */
export function labelledReport(scores: Float64Array, labels: Uint8Array, { precisions, falsePositiveRates, threshold }: VerificationTask): MetricReport {
  const roc = rocCurve(scores, labels)
  const equal = equalErrorRate(roc)
  const ranked = rankedLabels(scores, labels)
  const drawn = drawnRoc(roc)
  const ends = scores.filter(Number.isFinite)
  const finite = (score: number): number => (score === Infinity ? greatest(ends) : score === -Infinity ? -greatest(ends.map((one) => -one)) : score)
  const curve = drawnCurve(ranked, precisions)
  return {
    values: [
      value('AUC', auc(roc), `The chance that a pair that shows the same scores higher than one that does not, of ${plural(roc.positives, 'such pair')} and ${roc.negatives.toLocaleString('en')}.`),
      lowerIsBetter('EER', equal.rate, 'Where as many different pairs pass as same ones fail.'),
      value('score at EER', equal.threshold, 'Pairs down to this score pass there.'),
      ...thresholdValues(ranked, threshold),
      ...falsePositiveRates.flatMap((rate) => {
        const { truePositiveRate, threshold: score } = recallAtFalsePositiveRate(roc, rate)
        return [value(`recall at FPR ${rate}`, truePositiveRate, `With at most ${rate} of the different pairs passing, the same ones that pass.`), value(`score at FPR ${rate}`, score, 'Pairs down to this score pass there.')]
      }),
      value('micro-AP', microAp(ranked), 'Average precision over the labelled pairs; equal scores count in the worst order.'),
      ...recallsAtPrecision(ranked, precisions)
    ],
    curves: [
      { name: 'roc', xTitle: 'false-positive rate', yTitle: 'recall', x: drawn.falsePositiveRate, y: drawn.truePositiveRate, thresholds: drawn.threshold.map(finite) },
      { ...curve, thresholds: (curve.thresholds as Float64Array).map(finite) }
    ],
    notes: []
  }
}

const greatest = (values: Float64Array): number => values.reduce((most, one) => Math.max(most, one), -Infinity)

/** Verification where the truth is each image's class: of the scored pairs, those of one class against those of two. */
export function classVerificationReport(pairs: ScoredPairs, truth: ClassTruth, task: VerificationTask): MetricReport {
  const predicted = onePerPair(unordered(pairs))
  const places = new IntIndex(truth.images)
  const classes = firstClass(truth)
  const classOf = (image: number): number => {
    const place = places.find(image)
    return place < 0 ? -1 : (classes[place] as number)
  }
  const judged = Uint32Array.from(predicted.query.keys()).filter((i) => {
    const [a, b] = [predicted.query[i] as number, predicted.reference[i] as number]
    return a !== b && classOf(a) >= 0 && classOf(b) >= 0
  })
  const report = labelledReport(
    Float64Array.from(judged, (i) => predicted.score[i] as number),
    Uint8Array.from(judged, (i) => (classOf(predicted.query[i] as number) === classOf(predicted.reference[i] as number) ? 1 : 0)),
    task
  )
  const without = predicted.query.length - judged.length
  return { ...report, notes: without > 0 ? [`${plural(without, 'scored pair')} with an image without a class were left out.`] : [] }
}
