import type { MatchDecision, MatchTruth, QueryOrder, SeenPart, TrailEntry } from '../../../core/contract/matches.ts'
import { formatCount } from '../../components/format.ts'

/** Scores of any kind: cosines, negative squared distances, counts of inliers. */
export function scoreText(score: number): string {
  const size = Math.abs(score)
  const text = size >= 1e6 ? size.toExponential(1) : Number.isInteger(score) && size >= 2 ? size.toFixed(0) : size >= 100 ? size.toFixed(0) : size >= 10 ? size.toFixed(1) : size.toFixed(3)
  return score < 0 && Number(text) !== 0 ? `−${text}` : text
}

export const ordinal = (n: number): string => `${n}${n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`

/** Steps of the trail at which the pair came to stand elsewhere; a step that changed neither score nor rank is left out, the last one is always there. */
export function shownTrail(trail: readonly TrailEntry[]): TrailEntry[] {
  const shown: TrailEntry[] = []
  for (const entry of trail) {
    const before = shown.at(-1)
    if (before && before.rank === entry.rank && before.score === entry.score) shown.pop()
    shown.push(entry)
  }
  return shown
}

export const decisionMarks = { same: 'accept', variant: 'variant', different: 'reject' } as const satisfies Record<MatchDecision, string>
export const decisionWords: Record<MatchDecision, string> = { same: 'match', variant: 'variant', different: 'no match' }
export const truthWords: Record<MatchTruth, string> = { right: 'right by the truth', wrong: 'wrong by the truth', distractor: 'by the truth the query has no match' }

export const orderWords: Record<QueryOrder, string> = {
  'score-high': 'Surest first', 'score-low': 'Weakest first', margin: 'Closest call first', inliers: 'Most inliers first', path: 'By path', 'wrong-first': 'Wrong by truth first'
}

/** What of a picture was looked at; null: all of it, as it is. */
export function partWords({ box, turn, mirrored, small }: SeenPart): string | null {
  const words = [box ? `part ${box.width} × ${box.height}` : null, turn === 0 ? null : `turned by ${turn * 90}°`, mirrored ? 'mirrored' : null, small ? 'at a small size' : null].filter(Boolean)
  return words.length === 0 ? null : words.join(', ')
}

/** "Accept 24 pairs of 20 queries" */
export function bulkWords({ pairs, queries }: { pairs: number; queries: number }, threshold: number): string {
  if (pairs === 0) return `No open pair at ${scoreText(threshold)} or more`
  return `Accept ${formatCount(pairs, 'pair')} of ${formatCount(queries, 'query', 'queries')}`
}
