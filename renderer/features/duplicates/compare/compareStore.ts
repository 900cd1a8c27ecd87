import { create } from 'zustand'
import type { StageLook } from '../../../components/compare/useStageHands.ts'
import { FIT, type Look } from '../../../components/compare/zoom.ts'

export type CompareMode = 'side' | 'flick' | 'split' | 'onion' | 'difference'

interface CompareState {
  readonly mode: CompareMode
  readonly look: Look
  /** Space is held: the other picture shows. */
  readonly flicked: boolean
  /** Where the split runs, as a share of the picture's width. */
  readonly split: number
  /** Of the picture on top. */
  readonly opacity: number
  /** Side by side: all of the group (up to nine) and not only the two. */
  readonly many: boolean
  readonly table: boolean
}

export const useCompare = create<CompareState>()(() => ({ mode: 'side', look: FIT, flicked: false, split: 0.5, opacity: 0.5, many: false, table: false }))

/** The mode, or back to side by side when it is already on. */
export const toggleMode = (mode: CompareMode): void => useCompare.setState((now) => ({ mode: now.mode === mode ? 'side' : mode, flicked: false }))

const share = (value: number): number => Math.min(1, Math.max(0, Math.round(value * 100) / 100))
export const moveSplit = (to: number): void => useCompare.setState({ split: share(to) })
export const setOpacity = (to: number): void => useCompare.setState({ opacity: share(to) })

/** , and . move what the mode can move. */
export function nudgeMode(step: number): void {
  const { mode, split, opacity } = useCompare.getState()
  if (mode === 'split') moveSplit(split + step)
  else if (mode === 'onion') setOpacity(opacity + step)
}

/** The bench's look for the wheel and the dragging hand. */
export const stageLook: StageLook = {
  now: () => useCompare.getState().look,
  set: (look) => useCompare.setState({ look }),
  fade: (by) => {
    const { mode, opacity } = useCompare.getState()
    if (mode !== 'onion') return false
    setOpacity(opacity + by)
    return true
  }
}
