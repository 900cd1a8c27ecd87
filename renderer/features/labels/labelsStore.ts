import { create } from 'zustand'
import type { LabelQueueRequest, QueueOrder } from '../../../core/contract/labels.ts'
import { FULL_RANGE, rangeFilter, type ScoreRange } from './scoreRange.ts'

/** What a person said of an image. */
export type Answer =
  | { readonly state: 'class'; readonly classId: number; readonly className: string }
  | { readonly state: 'none' | 'unsure' | 'clear' }

export interface Said {
  readonly imageId: number
  readonly answer: Answer
}

interface LabelsState {
  readonly projectId: string | null
  /** The run a person chose; null: the newest. */
  readonly runId: number | null
  readonly mode: 'single' | 'sheet'
  readonly order: QueueOrder
  readonly classId: number | null
  /** The class of the contact sheet; the filter of the queue stays as it is. */
  readonly sheetClassId: number | null
  readonly range: ScoreRange
  readonly state: LabelQueueRequest['state']
  /** Cursor in the queue. */
  readonly at: number
  /** At and above this score predictions are accepted in bulk. */
  readonly threshold: number
  /** Contact sheets: what was marked wrong. The marks stay, so that a later step over the same class does not accept them after all. */
  readonly wrong: ReadonlySet<number>
  readonly last: Answer | null
  /** The last ten decisions, newest first. */
  readonly said: readonly Said[]
  /** Grows when the queue is to be asked for afresh. */
  readonly round: number
  /** The view that `at` counts in. */
  readonly viewId: string | null
  readonly picking: boolean
  readonly managing: boolean
}

const STRIP = 10

const fresh: Omit<LabelsState, 'projectId'> = {
  runId: null, mode: 'single', order: 'surest', classId: null, sheetClassId: null, range: FULL_RANGE, state: 'open', at: 0, threshold: 0.9, wrong: new Set(), last: null, said: [], round: 0, viewId: null, picking: false, managing: false
}

export const useLabels = create<LabelsState>()(() => ({ projectId: null, ...fresh }))
const { getState: get, setState: set } = useLabels

/** Forgets where the person was when this is another project. */
export function startIn(projectId: string): void {
  if (get().projectId !== projectId) set({ projectId, ...fresh })
}

/** Another queue: it starts at its beginning. */
export function changeQueue(patch: Partial<Pick<LabelsState, 'runId' | 'mode' | 'order' | 'classId' | 'sheetClassId' | 'range' | 'state'>>): void {
  set((now) => ({ ...patch, at: 0, round: now.round + 1 }))
}

/** The same queue without what has been decided since. */
export const renewQueue = (): void => set((now) => ({ at: 0, round: now.round + 1 }))

/** Another list of ids: the cursor starts at its beginning. */
export function viewArrived(viewId: string): void {
  if (get().viewId !== viewId) set((now) => ({ viewId, at: now.viewId === null ? now.at : 0 }))
}

export const goTo = (at: number, count: number): void => set({ at: Math.max(0, Math.min(count, at)) })

export function remember(said: Said): void {
  set((now) => ({ last: said.answer.state === 'clear' ? now.last : said.answer, said: [said, ...now.said.filter((one) => one.imageId !== said.imageId)].slice(0, STRIP) }))
}

export function forget(images: ReadonlySet<number>): void {
  set((now) => ({ said: now.said.filter((one) => !images.has(one.imageId)) }))
}

/** The class that the screen shows now; null: all. */
export const shownClass = (now: Pick<LabelsState, 'mode' | 'classId' | 'sheetClassId'>): number | null => (now.mode === 'sheet' ? now.sheetClassId : now.classId)

/** Shows one class, in the queue or on the contact sheet. */
export const showClass = (classId: number | null): void => changeQueue(get().mode === 'sheet' && classId !== null ? { sheetClassId: classId } : { classId, mode: 'single' })

/** What the engine is asked for. A contact sheet is always of one class, surest first. */
export function queueRequest(now: Pick<LabelsState, 'mode' | 'order' | 'classId' | 'sheetClassId' | 'range' | 'state'>, runId: number): LabelQueueRequest {
  const classId = shownClass(now)
  return {
    runId,
    order: now.mode === 'sheet' ? 'surest' : now.order,
    state: now.mode === 'sheet' ? 'open' : now.state,
    ...(classId === null ? {} : { classId }),
    ...rangeFilter(now.range)
  }
}
