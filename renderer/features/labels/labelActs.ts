/** What can be said about images and classes, shown at once. */
import type { ImageRow } from '../../../core/contract/images.ts'
import type { LabelItem } from '../../../core/contract/labels.ts'
import { client } from '../../app/client.ts'
import { decide } from '../../app/decide.ts'
import { showError } from '../../app/notify.tsx'
import { queryClient } from '../../app/queries.ts'
import { refreshItems } from './labelItems.ts'
import { type Answer, remember, renewQueue } from './labelsStore.ts'

function labelled(row: ImageRow, answer: Answer, runId: number): ImageRow {
  if (answer.state === 'clear') return { ...row, label: null, className: row.givenClassName, labelSource: row.givenClassName === null ? null : 'given' }
  const known = answer.state === 'class'
  return {
    ...row,
    className: known ? answer.className : null,
    labelSource: known ? 'human' : null,
    label: { state: answer.state, classId: known ? answer.classId : null, className: known ? answer.className : null, source: 'human', score: null, runId }
  }
}

/** Says something of one image; the first candidate is recorded as an accepted prediction, with its score. */
export async function say(runId: number, item: LabelItem, answer: Answer): Promise<void> {
  const ids = [item.image.id]
  remember({ imageId: item.image.id, answer })
  const top = item.candidates[0]
  const optimistic = { ids, patch: (row: ImageRow) => labelled(row, answer, runId) }
  if (answer.state === 'class' && top?.classId === answer.classId) await decide({ kind: 'accept-predictions', runId, selection: { ids } }, { optimistic })
  else await decide({ kind: 'label', selection: { ids }, state: answer.state, runId, ...(answer.state === 'class' ? { classId: answer.classId } : {}) }, { optimistic })
  reloadCounts()
}

/** Accepts these images' first candidates as one step. */
export async function acceptAll(runId: number, ids: readonly number[]): Promise<boolean> {
  const done = await decide({ kind: 'accept-predictions', runId, selection: { ids: [...ids] } }, { announce: true })
  reloadCounts()
  return done !== null
}

/** Accepts every open prediction at or above the score as one step; the engine counts them at this moment, not when the screen last did. */
export async function acceptAbove(runId: number, minScore: number, classId: number | null): Promise<void> {
  try {
    const view = await client.labels.queue({ runId, order: 'surest', state: 'open', minScore, ...(classId === null ? {} : { classId }) })
    if (view.count === 0) return
    await decide({ kind: 'accept-predictions', runId, selection: { viewId: view.viewId }, minScore }, { announce: true })
    renewQueue()
    reloadCounts()
  } catch (error) {
    showError(error, 'The predictions were not accepted.')
  }
}

/** Adds a class; null where the engine refused. */
export async function addClass(name: string): Promise<Answer | null> {
  const done = await decide({ kind: 'class-add', name })
  void queryClient.invalidateQueries({ queryKey: ['labels', 'classes'] })
  return done?.classId === undefined ? null : { state: 'class', classId: done.classId, className: name }
}

export async function renameClass(classId: number, name: string): Promise<void> {
  await decide({ kind: 'class-rename', classId, name })
  refreshItems()
}

export async function mergeClass(classId: number, into: number): Promise<void> {
  await decide({ kind: 'class-merge', classId, into }, { announce: true })
  refreshItems()
}

let timer: ReturnType<typeof setTimeout> | null = null
/** The counts on the buttons follow when the hand rests. */
function reloadCounts(): void {
  if (timer) clearTimeout(timer)
  timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ['label-count'] }), 700)
}
