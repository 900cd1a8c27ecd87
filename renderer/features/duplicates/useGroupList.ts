import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { onChange } from '../../app/client.ts'
import { onTurned } from '../../app/decide.ts'
import { queryClient } from '../../app/queries.ts'
import { groupFilterOf, listArrived, useDuplicates } from './duplicatesStore.ts'
import { type GroupList, groupListQuery } from './groupQueries.ts'

let timer: ReturnType<typeof setTimeout> | null = null

/** Asks for the list again; what is on the screen keeps its place. After a plain decision there is no hurry: only the counts change. */
export function reloadGroups(afterMs = 0): void {
  if (timer) clearTimeout(timer)
  timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ['duplicate-groups'] }), afterMs)
}

/** Loads the list for the settings and the filter, and keeps the order on the screen in step with it. */
export function useGroupList(settings: DuplicateSettings | null) {
  const state = useDuplicates((now) => now.state)
  const kinds = useDuplicates((now) => now.kinds)
  const sort = useDuplicates((now) => now.sort)
  const listKey = useDuplicates((now) => now.listKey)
  const filter = useMemo(() => groupFilterOf({ state, kinds }), [state, kinds])
  const query = useQuery({ ...groupListQuery(settings ?? NO_SETTINGS, filter, sort), enabled: settings !== null })
  const { data, isPlaceholderData, isFetching } = query
  const merged = useRef<GroupList | null>(null)

  useEffect(() => {
    const key = JSON.stringify([settings, filter, sort])
    // A renewed list waits for the answer that knows the latest decisions.
    if (!data || isPlaceholderData || (listKey !== key && isFetching)) return
    // The same answer twice would use up what is known of the last act.
    if (listKey === key && merged.current === data) return
    merged.current = data
    listArrived(key, data.groups.slice(0, MOST_LISTED), data.existing)
  }, [data, isPlaceholderData, isFetching, listKey, settings, filter, sort])

  useEffect(() => {
    const stop = [onTurned(() => reloadGroups()), onChange((change) => { if (change.topic === 'duplicates') reloadGroups(300) })]
    return () => { for (const end of stop) end() }
  }, [])
  return query
}

/** A list that is higher than a browser can scroll helps nobody; what is decided makes room for the rest. */
export const MOST_LISTED = 120_000

const NO_SETTINGS: DuplicateSettings = { descriptorId: null, threshold: null, radius: null, rules: [] }
