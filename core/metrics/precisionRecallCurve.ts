import { recallAtPrecision, type RankedHits } from './rankedHits.ts'
import { thinCurve } from './thinCurve.ts'

export interface PrecisionRecallCurve {
  readonly recall: Float64Array
  readonly precision: Float64Array
  readonly threshold: Float64Array
}

/** Precision and recall after each prediction, best score first: as many points as predictions. */
export function wholeCurve({ hits, scores, positives }: RankedHits): PrecisionRecallCurve {
  const recall = new Float64Array(hits.length)
  const precision = new Float64Array(hits.length)
  for (let i = 0; i < hits.length; i++) {
    const found = hits[i] as number
    recall[i] = found / positives
    precision[i] = found / (i + 1)
  }
  return { recall, precision, threshold: Float64Array.from(scores) }
}

/** The curve to draw: at most `most` of its points, with its corners and the points at the given precision levels. */
export function precisionRecallCurve(ranked: RankedHits, levels: readonly number[] = [0.9], most = 500): PrecisionRecallCurve {
  const whole = wholeCurve(ranked)
  const keep = levels.flatMap((level) => {
    const found = recallAtPrecision(ranked, level)
    return found ? [found.predictions - 1] : []
  })
  const points = thinCurve(whole.recall, whole.precision, most, keep)
  const pick = (column: Float64Array): Float64Array => Float64Array.from(points, (at) => column[at] as number)
  return { recall: pick(whole.recall), precision: pick(whole.precision), threshold: pick(whole.threshold) }
}
