import { useQuery } from '@tanstack/react-query'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { queryClient } from '../../app/queries.ts'
import { useDuplicates } from './duplicatesStore.ts'
import { groupQuery } from './groupQueries.ts'

/** More groups than this are counted without their images: asking for each would cost more than the number is worth. */
const MOST_COUNTED = 600

/** How many groups are selected, and how many images accepting them would drop (null: too many to count one by one); null without a selection. */
export function useSelectionSize(settings: DuplicateSettings): { groups: number; images: number | null } | null {
  const selected = useDuplicates((now) => now.selected)
  const all = useDuplicates((now) => now.selected.size > 0 && now.selected.size === now.order.length)
  const { data } = useQuery({
    queryKey: ['duplicates', 'selection', settings, [...selected].slice(0, MOST_COUNTED + 1)],
    queryFn: async () => {
      const groups = await Promise.all([...selected].map((id) => queryClient.ensureQueryData(groupQuery(settings, id))))
      return groups.reduce((sum, group) => sum + Math.max(0, (group?.members.length ?? 0) - 1), 0)
    },
    enabled: selected.size > 0 && selected.size <= MOST_COUNTED,
    placeholderData: (previous) => previous,
    gcTime: 10_000
  })
  if (selected.size === 0) return null
  return { groups: selected.size, images: selected.size > MOST_COUNTED && !all ? null : (data ?? null) }
}
