import { useEffect } from 'react'
import type { DuplicateGroup, DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { onTurned } from '../../app/decide.ts'
import { queryClient } from '../../app/queries.ts'
import { goToGroup, useDuplicates } from './duplicatesStore.ts'

/** Undo and redo go back to where they took effect: to the first group on the screen's list that holds an image whose state changed. */
export function useGoBack(settings: DuplicateSettings): void {
  useEffect(() => onTurned(({ changed }) => {
    void queryClient.invalidateQueries({ queryKey: ['duplicates'] })
    const { order, ghosts } = useDuplicates.getState()
    const images = new Set(changed)
    const groups = new Set(changed)
    const loaded = queryClient.getQueriesData<DuplicateGroup | null>({ queryKey: ['duplicates', 'group', settings] }).map(([, group]) => group)
    for (const group of [...loaded, ...[...ghosts.values()].map((ghost) => ghost.group)]) {
      if (group?.members.some((member) => images.has(member.image.id))) groups.add(group.id)
    }
    const at = order.findIndex((id) => groups.has(id))
    if (at >= 0) goToGroup(at)
  }), [settings])
}
