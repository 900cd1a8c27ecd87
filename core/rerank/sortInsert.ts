import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import type { NearestOptions } from '../search/blas.ts'
import { beforeScores } from './beforeScores.ts'

/** A predicted label for each row, and how sure it is (soft voting: core/pseudo/softVote.ts). A label below 0: none was predicted. */
export interface LabelVotes {
  readonly labels: Int32Array
  readonly scores: ArrayLike<number>
}

export interface SortInsertOptions {
  /** Lists are cut to this length before and after. Landmark 2019: 100. */
  readonly length: number
  /**
   * A reference is inserted where the query's score and its own add up to more than this, strictly. Landmark 2019: 0.6, which means something with
   * its descriptors only; at the final competition run 0. null inserts whatever shares the label (their first version).
   */
  readonly threshold: number | null
  /** A reference is not inserted for a query that has the same number (image ids). */
  readonly exclude?: NearestOptions['exclude']
}

export const sortInsertDefaults: SortInsertOptions = { length: 100, threshold: 0.6 }
/** As their repository had it at commit fd4ffbf. */
export const sortInsertFirstVersion: SortInsertOptions = { length: 100, threshold: null }

/** Where an entry of a new list comes from. */
export const sorted = 2
export const inserted = 1
export const rest = 0

export interface SortInsertResult {
  /**
   * Scores keep the order and say what it rests on: 4 + the old score for what shares the query's label, 2 + the label's score for what was inserted, the
   * old score for the rest. Where old scores or votes leave -1..1, whole numbers greater than 4 and 2 keep the groups apart.
   */
  readonly lists: RankedLists
  /** Old scores beside the entries; NaN where an entry was not listed. */
  readonly before: Float32Array
  /** `sorted`, `inserted` or `rest` beside each entry. */
  readonly origin: Uint8Array
}

/**
 * The re-ranking of Landmark 2019 ("Ours", `reranking_submission`): references with the query's predicted label first, then all references with that
 * label that were not listed, best prediction first, then the others; order kept inside each group. Sums of scores are compared in float32 as there.
 * Equal predictions are inserted in the order of the smaller index. Throws RangeError where lists and predictions do not fit.
 */
export function sortInsert(lists: RankedLists, queries: LabelVotes, references: LabelVotes, { length, threshold, exclude }: SortInsertOptions): SortInsertResult {
  if (queries.labels.length !== lists.queries) throw new RangeError(`${queries.labels.length} predictions for ${lists.queries} queries.`)
  const result = emptyLists(lists.queries, length)
  const origin = new Uint8Array(lists.queries * length)
  const members = membersByLabel(references)
  /** The last query (+ 1) that had the reference listed: what a set for each query would say. */
  const listedFor = new Int32Array(references.labels.length)
  const bound = Math.fround(threshold ?? 0)
  const lift = lifts(lists, references)
  for (let query = 0; query < lists.queries; query++) {
    const label = queries.labels[query] as number
    const from = query * lists.k
    let end = from
    while (end < from + Math.min(lists.k, length) && (lists.indices[end] as number) >= 0) {
      const reference = lists.indices[end++] as number
      if (reference >= references.labels.length) throw new RangeError(`A list names reference ${reference} of ${references.labels.length}.`)
      listedFor[reference] = query + 1
    }
    let at = query * length
    const full = at + length
    const put = (reference: number, score: number, from: number): void => {
      result.indices[at] = reference
      result.scores[at] = score
      origin[at] = from
      at++
    }
    const shares = (reference: number): boolean => label >= 0 && references.labels[reference] === label
    for (let entry = from; entry < end; entry++) {
      const reference = lists.indices[entry] as number
      const old = lists.scores[entry] as number
      if (shares(reference)) put(reference, lift.sorted + old, sorted)
    }
    const sure = Math.fround(queries.scores[query] as number)
    for (const reference of members.get(label) ?? []) {
      const score = Math.fround(references.scores[reference] as number)
      // Members come best first: behind the first that falls short all do.
      if (at >= full || (threshold !== null && !(Math.fround(sure + score) > bound))) break
      const own = exclude !== undefined && exclude.references[reference] === exclude.queries[query]
      if (listedFor[reference] !== query + 1 && !own) put(reference, lift.inserted + score, inserted)
    }
    for (let entry = from; entry < end; entry++) {
      if (at >= full) break
      const reference = lists.indices[entry] as number
      const old = lists.scores[entry] as number
      if (!shares(reference)) put(reference, old, rest)
    }
  }
  return { lists: result, before: beforeScores(result, lists), origin }
}

/** Rows of each label, best prediction first. */
function membersByLabel({ labels, scores }: LabelVotes): ReadonlyMap<number, number[]> {
  const members = new Map<number, number[]>()
  labels.forEach((label, row) => {
    if (label < 0) return
    const others = members.get(label)
    if (others) others.push(row)
    else members.set(label, [row])
  })
  for (const rows of members.values()) rows.sort((a, b) => Math.fround(scores[b] as number) - Math.fround(scores[a] as number) || a - b)
  return members
}

/** What is added to the scores of two groups so that each stands above the next. */
function lifts(lists: RankedLists, { scores }: LabelVotes): { readonly sorted: number; readonly inserted: number } {
  let [leastOld, mostOld, leastVote, mostVote] = [-1, 1, -1, 1]
  for (let at = 0; at < lists.indices.length; at++) {
    if ((lists.indices[at] as number) < 0) continue
    leastOld = Math.min(leastOld, lists.scores[at] as number)
    mostOld = Math.max(mostOld, lists.scores[at] as number)
  }
  for (let row = 0; row < scores.length; row++) {
    leastVote = Math.min(leastVote, scores[row] as number)
    mostVote = Math.max(mostVote, scores[row] as number)
  }
  const inserted = Math.ceil(mostOld - leastVote)
  return { inserted, sorted: inserted + Math.ceil(mostVote - leastOld) }
}
