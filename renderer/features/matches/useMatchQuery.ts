import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Candidate, MatchSource } from '../../../core/contract/matches.ts'
import { candidatesQuery } from './matchQueries.ts'
import { pairName, useMatches } from './matchesStore.ts'

/** The references of a query as the screen shows them: what the engine says, under what has just been said. */
export function useMatchQuery(source: MatchSource | null, queryId: number | undefined) {
  const limit = useMatches((now) => now.limit)
  const guesses = useMatches((now) => now.guesses)
  const at = useMatches((now) => now.reference)
  const { data, error, refetch } = useQuery({ ...candidatesQuery(source ?? { runId: 0, step: '' }, queryId ?? 0, limit), enabled: source !== null && queryId !== undefined })
  const candidates = useMemo(() => (data?.rows ?? []).map((one): Candidate => {
    const guessed = queryId === undefined ? undefined : guesses.get(pairName(queryId, one.image.id))
    return guessed === undefined ? one : { ...one, decision: guessed }
  }), [data, guesses, queryId])
  return { candidates, current: candidates[Math.min(at, candidates.length - 1)], total: data?.total ?? 0, loading: data === undefined && !error, error, refetch }
}
