import { WinnowError } from '../domain/errors.ts'
import { IntIndex } from './intIndex.ts'
import { noTruth } from './noTruth.ts'
import { rankedHits, type RankedHits } from './rankedHits.ts'
import { descendingOrder } from './descendingOrder.ts'
import type { ClassTruth } from './truth.ts'

/** One predicted class for an image. `class` is a position in the truth's names, -1 for a class that the truth does not know. */
export interface ClassPredictions {
  readonly image: Int32Array
  readonly class: Int32Array
  readonly score: Float32Array | Float64Array
}

export interface RecognitionOptions {
  /** Leaves images that have no class in the truth out of the ranking; the challenge keeps them in. */
  readonly ignoreWithoutClass?: boolean
  /** In which order equal scores stand, ascending; the image's id unless told. The challenge takes the order of the ids' text. */
  readonly tieOrder?: Int32Array
}

export interface RecognitionMetrics {
  /** Global average precision, micro-AP over one prediction per image. */
  readonly gap: number
  /** The share of images with a class whose prediction is right; no prediction is wrong. */
  readonly accuracy: number
  /** Images that have a class in the truth. */
  readonly positives: number
  /** Predictions that took part in the ranking. */
  readonly predictions: number
  /** Predictions for images that the truth does not list. */
  readonly leftOut: number
  /** Whether each prediction is right: 1 right, 0 wrong, 2 left out. */
  readonly right: Uint8Array
  /** For the curve. Within equal scores wrong predictions come first here; GAP itself goes by id. */
  readonly ranked: RankedHits
}

/**
 * GAP of the Google Landmarks recognition challenge (tensorflow/models, delf/datasets/google_landmarks_dataset/metrics.py; LM's gap is the same but for
 * ties): predictions by score descending, equal scores by id ascending; the sum of P_i over right predictions, divided by the number of
 * images that have a class. Images without a class stay in the ranking, as wrong. Throws BAD_INPUT: an image predicted twice, a score
 * that is not a number, no image with a class.
 */
export function recognitionMetrics(predictions: ClassPredictions, truth: ClassTruth, { ignoreWithoutClass = false, tieOrder }: RecognitionOptions = {}): RecognitionMetrics {
  const { image, score } = predictions
  let positives = 0
  for (let i = 0; i < truth.images.length; i++) if ((truth.offsets[i + 1] as number) > (truth.offsets[i] as number)) positives++
  if (positives === 0) throw noTruth('image with a class')
  refuseRepeats(image)
  const places = new IntIndex(truth.images)
  const right = new Uint8Array(image.length).fill(2)
  let leftOut = 0
  let correct = 0
  for (let i = 0; i < image.length; i++) {
    const at = places.find(image[i] as number)
    if (at < 0) {
      leftOut++
      continue
    }
    const from = truth.offsets[at] as number
    const to = truth.offsets[at + 1] as number
    if (ignoreWithoutClass && from === to) continue
    right[i] = truth.classes.subarray(from, to).includes(predictions.class[i] as number) ? 1 : 0
    correct += right[i] as number
  }
  const order = withTies(descendingOrder(score), score, tieOrder ?? image)
  let sum = 0
  let rank = 0
  let hits = 0
  for (const row of order) {
    if (right[row] === 2) continue
    rank++
    if (right[row] === 1) sum += ++hits / rank
  }
  const kept = order.filter((row) => right[row] !== 2)
  return {
    gap: sum / positives, accuracy: correct / positives, positives, predictions: rank, leftOut, right,
    ranked: rankedHits(Float64Array.from(kept, (row) => score[row] as number), Uint8Array.from(kept, (row) => right[row] as number), positives)
  }
}

/** Equal scores in the order of `ties`. */
function withTies(order: Uint32Array, score: Float32Array | Float64Array, ties: Int32Array): Uint32Array {
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && score[order[end] as number] === score[order[start] as number]) end++
    if (end - start > 1) order.subarray(start, end).sort((i, j) => (ties[i] as number) - (ties[j] as number))
    start = end
  }
  return order
}

function refuseRepeats(image: Int32Array): void {
  const first = new IntIndex(image)
  if (first.repeated === 0) return
  const at = image.findIndex((id, i) => first.find(id) !== i)
  throw new WinnowError('BAD_INPUT', `Image ${image[at]} has more than one prediction (row ${at + 1}). GAP takes one class for each image.`)
}
