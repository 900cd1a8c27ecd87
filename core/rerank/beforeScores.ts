import type { RankedLists } from '../domain/rankedLists.ts'

/** The score that each entry of the new lists had in the old ones of the same queries; NaN where it was not listed. */
export function beforeScores(now: RankedLists, old: RankedLists): Float32Array {
  if (now.queries !== old.queries) throw new RangeError(`Lists of ${now.queries} queries were not made from lists of ${old.queries}.`)
  const before = new Float32Array(now.indices.length).fill(Number.NaN)
  const scoreOf = new Map<number, number>()
  for (let query = 0; query < now.queries; query++) {
    scoreOf.clear()
    for (let at = query * old.k; at < (query + 1) * old.k; at++) if ((old.indices[at] as number) >= 0) scoreOf.set(old.indices[at] as number, old.scores[at] as number)
    for (let at = query * now.k; at < (query + 1) * now.k; at++) before[at] = scoreOf.get(now.indices[at] as number) ?? Number.NaN
  }
  return before
}
