import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { MatchSource, QueryFilter } from '../../../core/contract/matches.ts'
import { client } from '../../app/client.ts'
import { onTurned } from '../../app/decide.ts'
import { useView } from '../../app/view.ts'
import { reloadCounts } from './matchActs.ts'
import { goToQuery, renewList, type ScoreSide, useMatches, viewArrived } from './matchesStore.ts'

/**
 * The ids of the queries. Its key does not begin with a topic on purpose: a decision must not reload the list under the hand that decides.
 * Undo and redo go back to the query that they changed.
 */
export function useQueryList(source: MatchSource | null, suggested: number | undefined) {
  const state = useMatches((now) => now.state)
  const truth = useMatches((now) => now.truth)
  const text = useMatches((now) => now.text)
  const order = useMatches((now) => now.order)
  const round = useMatches((now) => now.round)
  const side = useMatches((now) => now.side)
  const threshold = useMatches((now) => now.threshold) ?? suggested ?? null
  const [settled] = useDebouncedValue(threshold, 300)
  const filter = { state, ...(truth === null ? {} : { truth }), ...(text.trim() === '' ? {} : { text: text.trim() }), ...scoreFilter(side, settled) }
  const query = useQuery({
    queryKey: ['match-queue', source, filter, order, round],
    queryFn: ({ signal }) => client.matches.queries({ source: source!, filter, order }, { signal }),
    enabled: source !== null,
    placeholderData: keepPreviousData,
    gcTime: 30_000
  })
  const { ids, error } = useView(query.data?.viewId)
  const waiting = query.isPlaceholderData || (query.isPending && !query.error)

  const viewId = waiting ? undefined : query.data?.viewId
  useEffect(() => { if (viewId !== undefined) viewArrived(viewId) }, [viewId])
  useEffect(() => onTurned(({ changed }) => {
    useMatches.setState({ guesses: new Map() })
    reloadCounts()
    const images = new Set(changed)
    const at = ids?.findIndex((id) => images.has(id)) ?? -1
    if (at >= 0 && ids) goToQuery(at, ids.length)
    // What was taken back may have been decided in bulk and not be in this list at all. A veto of one picture changes no list.
    else if (changed.length > 1) renewList()
  }), [ids])
  return { ids, waiting, error: query.error ?? error }
}

/** "Below" leaves out what is at the threshold itself: scores are float32, whose neighbours lie further apart than this. */
function scoreFilter(side: ScoreSide, threshold: number | null): Pick<QueryFilter, 'minScore' | 'maxScore'> {
  if (side === 'any' || threshold === null) return {}
  return side === 'above' ? { minScore: threshold } : { maxScore: threshold - 1e-8 * Math.max(1e-3, Math.abs(threshold)) }
}
