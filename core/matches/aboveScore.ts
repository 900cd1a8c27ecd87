import type { BulkCount } from '../contract/matches.ts'
import { pairKey } from './pairKey.ts'
import type { QueryView } from './queryList.ts'

export interface PairsAbove extends BulkCount {
  readonly a: Int32Array
  readonly b: Int32Array
}

/** The pairs at or above a score (and with so many inliers) of which nobody has spoken. `only`: of these queries. */
export function pairsAbove({ index, said, truth, inliersOf }: QueryView, minScore: number, minInliers: number | undefined, only: Int32Array | null): PairsAbove {
  // Scores are kept in float32: a threshold that was read off one of them must not lie just above it.
  const least = Math.fround(minScore)
  const [a, b]: [number[], number[]] = [[], []]
  const queries = new Set<number>()
  const judged = { right: 0, wrong: 0 }
  let spoken = 0
  for (const query of only ?? index.queries) {
    const [from, to] = index.range(query)
    for (let at = from; at < to; at++) {
      const reference = index.references[at] as number
      if ((index.scores[at] as number) < least) continue
      if (minInliers !== undefined && (inliersOf(query, reference) ?? -1) < minInliers) continue
      if (said.has(pairKey(query, reference))) {
        spoken++
        continue
      }
      a.push(query)
      b.push(reference)
      queries.add(query)
      const right = truth?.pair(query, reference)
      if (right === true) judged.right++
      else if (right === false) judged.wrong++
    }
  }
  return { a: Int32Array.from(a), b: Int32Array.from(b), pairs: a.length, queries: queries.size, said: spoken, truth: truth ? judged : null }
}
