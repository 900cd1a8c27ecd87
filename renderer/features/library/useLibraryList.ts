import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { View } from '../../../core/contract/images.ts'
import { queries } from '../../app/queries.ts'
import { useView } from '../../app/view.ts'
import { useLibrary } from '../../stores/library.ts'

export interface LibraryList {
  readonly view: View
  readonly ids: Int32Array
}

/**
 * The list that the library shows. While a new one is on its way the old one stays on the screen, and the hand stays on its image
 * when the list grows or shrinks around it.
 */
export function useLibraryList(): { list: LibraryList | null; error: Error | null; retry: () => void; refresh: () => void } {
  const filter = useLibrary((state) => state.filter)
  const sort = useLibrary((state) => state.sort)
  const query = useQuery({ ...queries.view(filter, sort), staleTime: 0, placeholderData: keepPreviousData })
  const { ids, error } = useView(query.data?.viewId)
  const [list, setList] = useState<LibraryList | null>(null)
  if (ids && query.data && list?.ids !== ids) setList({ view: query.data, ids })

  useEffect(() => {
    if (!list) return
    const { cursor, cursorId } = useLibrary.getState()
    const found = cursorId === null || list.ids[cursor] === cursorId ? cursor : list.ids.indexOf(cursorId)
    const next = Math.max(0, Math.min(found < 0 ? cursor : found, list.ids.length - 1))
    useLibrary.setState({ cursor: next, cursorId: list.ids[next] ?? null })
  }, [list])
  const refetch = (): void => void query.refetch()
  return { list, error: query.error ?? error, retry: refetch, refresh: refetch }
}
