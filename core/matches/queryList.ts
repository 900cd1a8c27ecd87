import type { MatchDecision, MatchTruth, QueryFilter, QueryOrder } from '../contract/matches.ts'
import type { PairIndex } from './pairIndex.ts'
import { pairOfKey } from './pairKey.ts'
import { type TruthLookup, truthOf } from './truthLookup.ts'

/** What people have said of pairs of images, by pairKey. */
export type Said = ReadonlyMap<number, MatchDecision>

export interface QueryView {
  readonly index: PairIndex
  readonly truth: TruthLookup | null
  readonly said: Said
  /** Inliers of a pair; null where it was not verified. */
  readonly inliersOf: (query: number, reference: number) => number | null
}

type Decisions = ReadonlyMap<number, MatchDecision>
const known = new WeakMap<PairIndex, { readonly said: Said; readonly decisions: Decisions }>()

/**
 * What was said of each query as a whole: same before variant, of whichever reference; different only where it was the best that was refused.
 * Worked out from what was said, which is far less than there are pairs.
 */
export function decisionsOf({ index, said }: Pick<QueryView, 'index' | 'said'>): Decisions {
  const before = known.get(index)
  if (before?.said === said) return before.decisions
  const decisions = new Map<number, MatchDecision>()
  const hear = (query: number, reference: number, value: MatchDecision): void => {
    const at = index.find(query, reference)
    if (at < 0 || (value === 'different' && at !== index.range(query)[0])) return
    const standing = decisions.get(query)
    if (standing === undefined || strength[value] > strength[standing]) decisions.set(query, value)
  }
  for (const [key, value] of said) {
    const [a, b] = pairOfKey(key)
    hear(a, b, value)
    hear(b, a, value)
  }
  known.set(index, { said, decisions })
  return decisions
}
const strength = { same: 3, variant: 2, different: 1 } as const

export const bestOf = (index: PairIndex, query: number): number | null => {
  const [from, to] = index.range(query)
  return to > from ? (index.references[from] as number) : null
}

/** The queries that pass, in order. `byPath`: all images that pass the text (or all there are), in the order of their paths. */
export function listQueries(view: QueryView, filter: QueryFilter, order: QueryOrder, byPath: Int32Array | null): Int32Array {
  const { index, truth } = view
  const passes = filter.text && byPath ? new Set(byPath) : null
  const scoreOf = (query: number): number => index.scores[index.range(query)[0]] as number
  const truthOfQuery = (query: number): MatchTruth | null => truthOf(truth, query, bestOf(index, query))
  const decisions = decisionsOf(view)
  const queries = index.queries.filter((query) => {
    if (passes && !passes.has(query)) return false
    const score = scoreOf(query)
    // Scores are float32: a threshold that was read off one of them must not lie just beside it.
    if (score < Math.fround(filter.minScore ?? -Infinity) || score > (filter.maxScore ?? Infinity)) return false
    if (filter.truth !== undefined && truthOfQuery(query) !== filter.truth) return false
    return filter.state === 'all' || decisions.has(query) === (filter.state === 'decided')
  })
  if (order === 'path') {
    const wanted = new Set(queries)
    return (byPath ?? queries).filter((id) => wanted.has(id))
  }
  const margin = (query: number): number => {
    const [from, to] = index.range(query)
    return to - from < 2 ? Infinity : (index.scores[from] as number) - (index.scores[from + 1] as number)
  }
  const inliers = (query: number): number => view.inliersOf(query, bestOf(index, query) as number) ?? -1
  switch (order) {
    case 'score-high': return sortedBy(queries, (query) => -scoreOf(query))
    case 'score-low': return sortedBy(queries, scoreOf)
    case 'margin': return sortedBy(queries, margin)
    case 'inliers': return sortedBy(queries, (query) => -inliers(query))
    case 'wrong-first': return wrongFirst(queries, truthOfQuery, scoreOf)
  }
}

/** The surest mistakes first (wrong, then distractors that found something), then what nothing is known of, then what is right, the weakest first. */
function wrongFirst(queries: Int32Array, truthOfQuery: (query: number) => MatchTruth | null, scoreOf: (query: number) => number): Int32Array {
  const rank = { wrong: 0, distractor: 1, unknown: 2, right: 3 } as const
  const ranks = new Map(Array.from(queries, (query) => [query, rank[truthOfQuery(query) ?? 'unknown']]))
  const sign = (query: number): number => (ranks.get(query) === rank.right ? 1 : -1)
  return queries.slice().sort((x, y) => (ranks.get(x) as number) - (ranks.get(y) as number) || sign(x) * (scoreOf(x) - scoreOf(y)) || x - y)
}

function sortedBy(queries: Int32Array, key: (query: number) => number): Int32Array {
  const keys = Float64Array.from(queries, key)
  const order = Uint32Array.from(queries.keys()).sort((x, y) => {
    const [one, two] = [keys[x] as number, keys[y] as number]
    // Two infinities are equal, which their difference would not say.
    return one === two ? x - y : one - two
  })
  return Int32Array.from(order, (at) => queries[at] as number)
}
