import { type ClassPredictions, recognitionMetrics } from '../recognition.ts'
import { type MetricReport, plural, value } from '../report.ts'
import { type ClassTruth, classesOf, type Usage } from '../truth.ts'
import { bestF1, recallAtPrecision } from '../rankedHits.ts'
import { drawnCurve } from './copyDetection.ts'

export interface RecognitionTask {
  readonly precisions: readonly number[]
  readonly usage: Usage
  readonly ignoreWithoutClass: boolean
}

/** Recognition: GAP, accuracy, and how many images can be labelled at a given precision. */
export function recognitionReport(predictions: ClassPredictions, truth: ClassTruth, { precisions, usage, ignoreWithoutClass }: RecognitionTask): MetricReport {
  const { gap, accuracy, positives, predictions: ranked, leftOut, right, ranked: hits } = recognitionMetrics(predictions, classesOf(truth, usage), { ignoreWithoutClass })
  const best = bestF1(hits)
  return {
    values: [
      value('GAP', gap, `Micro-AP over ${plural(ranked, 'prediction')}, one an image; ${plural(positives, 'image')} have a class.`),
      value('accuracy', accuracy, 'Of the images that have a class, those whose prediction is right.'),
      value('precision', ranked === 0 ? null : right.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0) / ranked, 'Of all predictions, the right ones.'),
      ...precisions.flatMap((level) => {
        const found = recallAtPrecision(hits, level)
        return [
          value(`R@P${Number((level * 100).toFixed(4))}`, found?.recall ?? 0, `The most images that can be labelled with a precision of at least ${level}, of those that have a class.`),
          value(`score at P${Number((level * 100).toFixed(4))}`, found?.threshold ?? null, 'Predictions down to this score have it.')
        ]
      }),
      ...(best ? [value('best F1', best.f1, 'The highest harmonic mean of precision and recall at any score.'), value('score at best F1', best.threshold, 'Predictions down to this score have it.')] : [])
    ],
    curves: [drawnCurve(hits, precisions)],
    notes: leftOut > 0 ? [`${plural(leftOut, 'prediction')} for images that the truth does not list were left out.`] : []
  }
}
