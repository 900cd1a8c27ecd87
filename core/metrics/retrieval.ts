import { IntIndex } from './intIndex.ts'
import type { Judge } from './judge.ts'
import { noTruth } from './noTruth.ts'

/** What was found for each query, best first: images[q * k + rank], -1 where there are fewer. Ids are image ids; each query once. */
export interface RetrievedImages {
  readonly queries: Int32Array
  readonly k: number
  readonly images: Int32Array
}

export interface RetrievalOptions {
  /** Only the first so many of each list count (the challenge: 100). */
  readonly depth?: number
  /** For which k to give R@k and P@k. */
  readonly ranks?: readonly number[]
  /** The query's own image is taken out of its list, and what stands behind it moves up. */
  readonly skipSelf?: boolean
}

export interface RetrievalMetrics {
  /** Queries that have something to find: what everything here is a mean of. */
  readonly queries: number
  /** Of those, queries without a list: they count 0. */
  readonly withoutList: number
  /** Lists of queries that the truth does not judge, or that have nothing to find: left out. */
  readonly leftOut: number
  readonly map: number
  /** The mean of 1 / rank of the first relevant image. */
  readonly mrr: number
  /** For each of `ranks`: the share of queries with a relevant image among the first k. */
  readonly hitAt: readonly number[]
  /** For each of `ranks`: the mean share of relevant images among the first k. */
  readonly precisionAt: readonly number[]
  /** For each of `ranks`: the mean share of the relevant images that are among the first k. */
  readonly recallAt: readonly number[]
  /** Average precision of judge.queries[place]; NaN where there is nothing to find. */
  readonly perQuery: Float64Array
}

/**
 * mAP@depth as the Google Landmarks challenge takes it (tensorflow/models, delf/datasets/google_landmarks_dataset/metrics.py): for each
 * query the precision at every correct rank up to `depth`, summed and divided by min(#relevant, depth); an image listed again keeps its rank but
 * never counts again; queries without a list count 0. Queries with nothing to find have no average precision and are left out.
 * Throws BAD_INPUT where no query has anything to find.
 */
export function retrievalMetrics(lists: RetrievedImages, judge: Judge, { depth = 100, ranks = [1, 10], skipSelf = false }: RetrievalOptions = {}): RetrievalMetrics {
  const listOf = new IntIndex(lists.queries)
  const perQuery = new Float64Array(judge.queries.length).fill(Number.NaN)
  const hitAt = ranks.map(() => 0)
  const precisionAt = ranks.map(() => 0)
  const recallAt = ranks.map(() => 0)
  let queries = 0
  let withList = 0
  let withoutList = 0
  let precisions = 0
  let reciprocals = 0
  const seen = new Set<number>()
  for (let place = 0; place < judge.queries.length; place++) {
    const relevant = judge.count(place)
    if (relevant === 0) continue
    queries++
    perQuery[place] = 0
    const query = judge.queries[place] as number
    const list = listOf.find(query)
    if (list < 0) {
      withoutList++
      continue
    }
    withList++
    seen.clear()
    let rank = 0
    let hits = 0
    let first = 0
    let sum = 0
    const hitsWithin = ranks.map(() => 0)
    for (let at = list * lists.k; at < (list + 1) * lists.k; at++) {
      const image = lists.images[at] as number
      if (image < 0) break
      if (skipSelf && image === query) continue
      rank++
      if (seen.has(image)) continue
      seen.add(image)
      if (!judge.isRelevant(place, image)) continue
      first ||= rank
      if (rank <= depth) sum += ++hits / rank
      for (let k = 0; k < ranks.length; k++) if (rank <= (ranks[k] as number)) hitsWithin[k]!++
    }
    perQuery[place] = sum / Math.min(relevant, depth)
    precisions += perQuery[place] as number
    if (first > 0) reciprocals += 1 / first
    for (let k = 0; k < ranks.length; k++) {
      const found = hitsWithin[k] as number
      if (found > 0) hitAt[k]!++
      precisionAt[k]! += found / (ranks[k] as number)
      recallAt[k]! += found / relevant
    }
  }
  if (queries === 0) throw noTruth('query with something to find')
  const mean = (sums: readonly number[]): number[] => sums.map((sum) => sum / queries)
  return {
    queries, withoutList, leftOut: lists.queries.length - withList, map: precisions / queries, mrr: reciprocals / queries,
    hitAt: mean(hitAt), precisionAt: mean(precisionAt), recallAt: mean(recallAt), perQuery
  }
}

/**
 * LM's map_at_k (lyakaap/Landmark2019 src/metrics.py), another quantity under the same name: each query has one true class and a list of k
 * predicted classes; the precision at every rank that names the true class, summed and divided by k (not by the number of positives).
 * `predicted[q * k + rank]`.
 */
export function classListMap(truth: Int32Array, predicted: Int32Array, k: number): number {
  if (truth.length === 0) throw noTruth('query')
  let sum = 0
  for (let query = 0; query < truth.length; query++) {
    let hits = 0
    for (let rank = 1; rank <= k; rank++) if (predicted[query * k + rank - 1] === truth[query]) sum += ++hits / rank / k
  }
  return sum / truth.length
}
