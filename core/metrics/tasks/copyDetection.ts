import { type CopyDetectionOptions, rankedPairs, recallAtRanks } from '../copyDetection.ts'
import { precisionRecallCurve } from '../precisionRecallCurve.ts'
import { atThreshold, bestF1, microAp, type RankedHits, recallAtPrecision } from '../rankedHits.ts'
import { type MeasuredCurve, type MeasuredValue, type MetricReport, plural, value } from '../report.ts'
import { onePerPair, type ScoredPairs, unordered, unorderedTruth } from '../scoredPairs.ts'
import type { PairsTruth } from '../truth.ts'

export interface CopyDetectionTask extends CopyDetectionOptions {
  readonly precisions: readonly number[]
  readonly ranks: readonly number[]
  /** Also precision and recall at this score. */
  readonly threshold?: number | undefined
  /** (a, b) is the same pair as (b, a): a set searched against itself. Then every prediction counts, and there are no ranks. */
  readonly eitherWay?: boolean
}

/** Copy detection: uAP, recall at precision, recall@k, the best F1, and the curve. */
export function copyDetectionReport(pairs: ScoredPairs, truth: PairsTruth, { precisions, ranks, threshold, eitherWay = false, ...options }: CopyDetectionTask): MetricReport {
  const ranked = eitherWay ? rankedPairs(onePerPair(unordered(pairs)), unorderedTruth(truth), { ...options, queries: 'all' }) : rankedPairs(pairs, truth, options)
  const found = eitherWay ? [] : recallAtRanks(pairs, truth, ranks)
  return {
    values: [
      value('uAP', microAp(ranked), 'Micro-AP over all predictions; equal scores count in the worst order.'),
      ...recallsAtPrecision(ranked, precisions),
      ...found.map((recall, i) => value(`recall@${ranks[i]}`, recall, `The share of true pairs among their query's first ${plural(ranks[i] as number, 'prediction')}.`)),
      ...thresholdValues(ranked, threshold)
    ],
    curves: [drawnCurve(ranked, precisions)],
    notes: ranked.leftOut > 0 ? [`${plural(ranked.leftOut, 'prediction')} of queries that the truth does not list were left out.`] : []
  }
}

export const recallsAtPrecision = (ranked: RankedHits, precisions: readonly number[]): MeasuredValue[] =>
  precisions.flatMap((level) => {
    const found = recallAtPrecision(ranked, level)
    return [
      // A precision that is never reached is a recall of 0, as in the challenge's own script.
      value(`R@P${percent(level)}`, found?.recall ?? 0, `The highest recall with a precision of at least ${level}.`),
      value(`score at P${percent(level)}`, found?.threshold ?? null, `Predictions down to this score have it.`)
    ]
  })

/** The best F1, and how it is at a chosen score. */
export function thresholdValues(ranked: RankedHits, threshold: number | undefined): MeasuredValue[] {
  const best = bestF1(ranked)
  const chosen = threshold === undefined ? null : atThreshold(ranked, threshold)
  return [
    ...(best ? [value('best F1', best.f1, 'The highest harmonic mean of precision and recall at any score.'), value('score at best F1', best.threshold, 'Predictions down to this score have it.')] : []),
    ...(chosen
      ? [
          value(`precision at ${threshold}`, chosen.precision, `Of the ${plural(chosen.predictions, 'prediction')} with at least this score, the right ones.`),
          value(`recall at ${threshold}`, chosen.recall, 'Of all true pairs, those predicted with at least this score.')
        ]
      : [])
  ]
}

export function drawnCurve(ranked: RankedHits, precisions: readonly number[]): MeasuredCurve {
  const { recall, precision, threshold } = precisionRecallCurve(ranked, precisions)
  return { name: 'precision-recall', xTitle: 'recall', yTitle: 'precision', x: recall, y: precision, thresholds: threshold }
}

/** 0.9 -> 90, 0.995 -> 99.5 */
const percent = (level: number): string => String(Number((level * 100).toFixed(4)))
