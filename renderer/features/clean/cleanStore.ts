import { create } from 'zustand'
import type { CleanCellAt } from '../../../core/contract/clean.ts'
import type { Measure, PicturePlace, Trial } from './gridRules.ts'

interface CleanState {
  readonly projectId: string | null
  /** The sweep that is looked at; null: the newest. */
  readonly resultId: number | null
  readonly trial: Trial | null
  /** The cell at the cursor; null: where the grid begins. */
  readonly at: CleanCellAt | null
  /** What the cell is compared with. */
  readonly pinned: CleanCellAt | null
  readonly measure: Measure
  /** Pictures of this class only. */
  readonly label: { readonly label: number; readonly name: string } | null
  /** Where the keys are. */
  readonly zone: 'grid' | 'pictures'
  readonly picture: PicturePlace
  /** The picture whose pairs are looked at, and which of them. */
  readonly opened: { readonly imageId: number; readonly pair: number } | null
  /** The form for other thresholds. */
  readonly editing: boolean
  /** The form for another run. */
  readonly asking: boolean
  /** The job that was started from here. */
  readonly jobId: number | null
  readonly calibrationJobId: number | null
}

const fresh: Omit<CleanState, 'projectId' | 'measure'> = {
  resultId: null, trial: null, at: null, pinned: null, label: null, zone: 'grid', picture: { side: 'dropped', index: 0 }, opened: null, editing: false, asking: false, jobId: null, calibrationJobId: null
}

export const useClean = create<CleanState>()(() => ({ projectId: null, measure: 'images', ...fresh }))
const set = useClean.setState

/** Another project: from the start. */
export function startIn(projectId: string): void {
  if (useClean.getState().projectId !== projectId) set({ projectId, measure: 'images', ...fresh })
}

/** Another cell: its pictures from their first. */
export const goToCell = (at: CleanCellAt): void => set(({ picture }) => ({ at, picture: { ...picture, index: 0 }, opened: null }))

export const changeSweep = (resultId: number): void => set({ resultId, trial: null, at: null, pinned: null, label: null, zone: 'grid', opened: null, picture: { side: 'dropped', index: 0 }, editing: false, asking: false })

export const changeTrial = (trial: Trial | null): void => set({ trial, opened: null, label: null })

export const togglePin = (at: CleanCellAt): void => set(({ pinned, picture }) => ({ pinned: pinned ? null : at, picture: { ...picture, index: 0 } }))

export const pickClass = (label: CleanState['label']): void => set(({ picture, label: now }) => ({ label: label?.label === now?.label ? null : label, picture: { ...picture, index: 0 }, opened: null }))

export const goToPicture = (picture: PicturePlace): void => set({ picture, zone: 'pictures' })

export const openPicture = (imageId: number): void => set({ opened: { imageId, pair: 0 } })

/** One step back: from the pairs, from the pictures, from the class, from the comparison. Says whether there was one. */
export function stepBack(): boolean {
  const { opened, zone, label, pinned, asking } = useClean.getState()
  if (asking) set({ asking: false })
  else if (opened) set({ opened: null })
  else if (zone === 'pictures') set({ zone: 'grid' })
  else if (label) pickClass(null)
  else if (pinned) set({ pinned: null })
  else return false
  return true
}
