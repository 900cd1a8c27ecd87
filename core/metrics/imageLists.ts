import { descendingOrder } from './descendingOrder.ts'
import { IntIndex, PairIndex } from './intIndex.ts'
import type { RetrievedImages } from './retrieval.ts'
import type { ScoredPairs } from './scoredPairs.ts'

/** Ranked lists as recipes keep them: a query may have a row for each of its parts, a list several parts of one image; -1 where it is short. */
export interface PartLists {
  readonly queries: Int32Array
  readonly k: number
  readonly references: Int32Array
  readonly scores: Float32Array
}

/** The entries of lists as pairs, in their order; an image is found once for each part. */
export function pairsOfLists({ queries, k, references, scores }: PartLists): ScoredPairs {
  const entries = Uint32Array.from(references.keys()).filter((at) => (references[at] as number) >= 0)
  return {
    query: Int32Array.from(entries, (at) => queries[Math.floor(at / k)] as number), reference: Int32Array.from(entries, (at) => references[at] as number),
    score: Float32Array.from(entries, (at) => scores[at] as number)
  }
}

/** Lists of images: the order within a row stays (re-ranking may set it against the scores); the rows of one query's parts are merged by score; each image once. */
export function imageLists(lists: PartLists): RetrievedImages {
  const pairs = pairsOfLists(lists)
  const order = new IntIndex(lists.queries).repeated === 0 ? Uint32Array.from(pairs.query.keys()) : descendingOrder(pairs.score)
  return grouped(pairs, order, lists.queries)
}

/** Lists out of pairs: for each query its references by score. */
export const listsOfPairs = (pairs: ScoredPairs): RetrievedImages => grouped(pairs, descendingOrder(pairs.score), pairs.query)

function grouped({ query, reference }: ScoredPairs, order: Uint32Array, queries: Int32Array): RetrievedImages {
  const index = new IntIndex(queries)
  const distinct = queries.filter((id, i) => index.find(id) === i)
  const places = new IntIndex(distinct)
  const seen = new PairIndex(Int32Array.from(order, (row) => query[row] as number), Int32Array.from(order, (row) => reference[row] as number))
  const isFirst = (i: number): boolean => seen.find(query[order[i] as number] as number, reference[order[i] as number] as number) === i
  const lengths = new Int32Array(distinct.length)
  for (let i = 0; i < order.length; i++) if (isFirst(i)) lengths[places.find(query[order[i] as number] as number)]!++
  const k = lengths.reduce((most, length) => Math.max(most, length), 0)
  const images = new Int32Array(distinct.length * k).fill(-1)
  lengths.fill(0)
  for (let i = 0; i < order.length; i++) {
    if (!isFirst(i)) continue
    const place = places.find(query[order[i] as number] as number)
    images[place * k + lengths[place]!++] = reference[order[i] as number] as number
  }
  return { queries: distinct, k, images }
}
