import type { RankedLists } from '../domain/rankedLists.ts'

/** What soft voting says of each query. */
export interface LabelPredictions {
  /** n: place of the predicted class; -1 where no neighbour has a label. */
  readonly labels: Int32Array
  /** n: higher is surer; 0 beside -1. */
  readonly scores: Float64Array
  /** n: sum of the best of the other classes on the same scale; 0 where there is none. */
  readonly runnersUp: Float64Array
}

/** Inliers of a pair of rows; undefined where the pair was not verified. */
export type InliersOf = (query: number, reference: number) => number | undefined

/** How a ranked neighbour votes. */
export interface Ballot {
  /** What a list's score is worth to the label of its entry. */
  readonly weight: (score: number, query: number, reference: number) => number
  /** The sum of the winner is divided by this. */
  readonly divisor: number
}

/** Retrieval: each neighbour adds its cosine, and the sum is divided by k however many voted (lyakaap's submit_retrieval.py, predict_landmark_id). */
export const cosineBallot = (k: number): Ballot => ({ weight: (cosine) => cosine, divisor: k })

/**
 * Recognition: each neighbour adds 1 - d^2 and, where the pair was verified, min(saturation, inliers) / saturation; the sum is the score
 * (lyakaap's submit_recognition.py, saturation 70). `measure` says what the lists hold: the cosine of unit vectors (d^2 = 2 - 2 cos), or -d^2.
 */
export function distanceBallot({ measure, inliersOf, saturation = 70 }: { measure: 'cosine' | 'negative-squared-distance'; inliersOf?: InliersOf; saturation?: number }): Ballot {
  if (!(saturation > 0)) throw new RangeError(`Inliers saturate at a number above 0, not ${saturation}.`)
  return {
    weight: (score, query, reference) => {
      const inliers = inliersOf?.(query, reference)
      return (measure === 'cosine' ? 2 * score - 1 : 1 + score) + (inliers === undefined ? 0 : Math.min(saturation, inliers) / saturation)
    },
    divisor: 1
  }
}

/**
 * Label prediction by soft voting: the first k labelled entries of each list vote for their class; the largest sum wins, equal sums the class met first.
 * `classOf[reference]` is the place of a reference's class, -1 for none: such an entry does not vote and does not count among the k.
 * Throws RangeError for k below 1 and for a list entry beyond the labels.
 */
export function softVote(lists: RankedLists, classOf: Int32Array, k: number, { weight, divisor }: Ballot): LabelPredictions {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a whole number from 1, not ${k}.`)
  const n = lists.queries
  const predictions = { labels: new Int32Array(n).fill(-1), scores: new Float64Array(n), runnersUp: new Float64Array(n) }
  const sums = new Map<number, number>()
  for (let query = 0; query < n; query++) {
    sums.clear()
    let voters = 0
    for (let i = query * lists.k; i < (query + 1) * lists.k && voters < k; i++) {
      const reference = lists.indices[i] as number
      if (reference < 0) break
      if (reference >= classOf.length) throw new RangeError(`List ${query} names row ${reference}; there are labels for ${classOf.length}.`)
      const label = classOf[reference] as number
      if (label < 0) continue
      voters++
      sums.set(label, (sums.get(label) ?? 0) + weight(lists.scores[i] as number, query, reference))
    }
    let best = -Infinity
    let second = -Infinity
    let winner = -1
    // In the order of first meeting, so that an equal sum does not displace an earlier one.
    for (const [label, sum] of sums) {
      if (winner < 0 || sum > best) {
        second = best
        best = sum
        winner = label
      } else if (sum > second) second = sum
    }
    predictions.labels[query] = winner
    predictions.scores[query] = winner < 0 ? 0 : best / divisor
    predictions.runnersUp[query] = second === -Infinity ? 0 : second / divisor
  }
  return predictions
}
