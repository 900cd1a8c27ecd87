/** What can be said of pairs, each as one step of undo, shown at once. */
import type { MatchDecision, MatchSource } from '../../../core/contract/matches.ts'
import { decide } from '../../app/decide.ts'
import { queryClient } from '../../app/queries.ts'
import { forgetGuesses, guess, renewList, useMatches } from './matchesStore.ts'

/** Says that the query and each of these references match, do not, or that nothing was said. Resolves to whether the engine took it. */
export async function sayOf(query: number, references: readonly number[], value: MatchDecision | null): Promise<boolean> {
  if (references.length === 0) return false
  const pairs = references.map((reference) => [query, reference] as const)
  guess(pairs, value)
  const done = await decide({ kind: 'relation', images: [...references, query], against: query, value }, { announce: references.length > 1 })
  // The guess stays until the engine's own answer is here, or the old state would flash up in between.
  await queryClient.invalidateQueries({ queryKey: ['matches', 'candidates'] })
  await queryClient.invalidateQueries({ queryKey: ['matches', 'row'] })
  forgetGuesses(pairs)
  reloadCounts()
  return done !== null
}

/** Accepts every pair at or above the score of which nobody has spoken. */
export async function acceptAbove(source: MatchSource, minScore: number, minInliers: number | null): Promise<void> {
  const done = await decide({ kind: 'accept-matches', source, minScore, ...(minInliers === null ? {} : { minInliers }) }, { announce: true })
  if (!done) return
  renewList()
  reloadCounts(0)
}

export interface Vetoed {
  readonly list: string
  readonly reason: string
  readonly images: readonly number[]
  readonly pairs: readonly (readonly [number, number])[]
}

/** Puts images or pairs on a list of what results leave out. */
export async function veto({ list, reason, images, pairs }: Vetoed): Promise<boolean> {
  const done = await decide({ kind: 'veto', list, reason, images: [...images], pairs: pairs.map(([a, b]) => [a, b]), on: true }, { announce: true })
  if (done) useMatches.setState({ veto: { list, reason } })
  return done !== null
}

let timer: ReturnType<typeof setTimeout> | null = null
/** The counts follow when the hand rests. */
export function reloadCounts(delay = 700): void {
  if (timer) clearTimeout(timer)
  timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ['match-overview'] }), delay)
}
