import { useEffect, useState } from 'react'
import { onChange } from '../../app/client.ts'
import { useLibrary } from '../../stores/library.ts'
import { dependsOnDecisions } from './filterWords.ts'
import type { LibraryList } from './useLibraryList.ts'

/** Whether decisions since the list was drawn up would change it. It is not redrawn by itself: pictures must not slide away under the hand. */
export function useStaleList(list: LibraryList | null): boolean {
  const { filter, sort } = useLibrary()
  const [staleList, setStaleList] = useState<LibraryList | null>(null)
  useEffect(() => onChange((change) => {
    if (change.topic === 'decisions') setStaleList(list)
  }), [list])
  return list !== null && staleList === list && dependsOnDecisions(filter, sort)
}
