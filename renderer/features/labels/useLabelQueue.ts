import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../../app/client.ts'
import { onTurned } from '../../app/decide.ts'
import { useView } from '../../app/view.ts'
import { forget, goTo, queueRequest, renewQueue, useLabels, viewArrived } from './labelsStore.ts'

/**
 * The ids of the queue. Its key does not begin with a topic on purpose: a decision must not reload the queue under the hand that decides.
 * Undo and redo go back to the image that they changed.
 */
export function useLabelQueue(runId: number) {
  const mode = useLabels((now) => now.mode)
  const order = useLabels((now) => now.order)
  const classId = useLabels((now) => now.classId)
  const sheetClassId = useLabels((now) => now.sheetClassId)
  const range = useLabels((now) => now.range)
  const state = useLabels((now) => now.state)
  const round = useLabels((now) => now.round)
  const request = queueRequest({ mode, order, classId, sheetClassId, range, state }, runId)
  const query = useQuery({
    queryKey: ['label-queue', request, round],
    queryFn: () => client.labels.queue(request),
    placeholderData: keepPreviousData,
    gcTime: 30_000
  })
  const { ids, error } = useView(query.data?.viewId)
  const waiting = query.isPlaceholderData || (query.isPending && !query.error)

  const viewId = waiting ? undefined : query.data?.viewId
  useEffect(() => { if (viewId !== undefined) viewArrived(viewId) }, [viewId])
  useEffect(() => onTurned(({ changed }) => {
    const images = new Set(changed)
    forget(images)
    const at = ids?.findIndex((id) => images.has(id)) ?? -1
    if (at >= 0 && ids) goTo(at, ids.length)
    // What was taken back may have been accepted in bulk and not be in this queue at all.
    else if (changed.length > 0) renewQueue()
  }), [ids])
  return { ids, waiting, error: query.error ?? error }
}
