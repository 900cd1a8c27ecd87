import { create } from 'zustand'
import type { StageLook } from '../../components/compare/useStageHands.ts'
import { FIT, type Look } from '../../components/compare/zoom.ts'
import type { StageMode } from './matchesStore.ts'

interface StageState {
  readonly mode: StageMode
  readonly look: Look
  /** Space is held: the other picture shows. */
  readonly flicked: boolean
  /** Where the split runs, as a share of the width of the picture below. */
  readonly split: number
  /** Of the picture on top. */
  readonly opacity: number
  /** The reference lies below and the query is laid over it. */
  readonly swapped: boolean
  readonly lines: boolean
  /** Boxes of parts and lines can be put away to see the bare pictures. */
  readonly bare: boolean
  readonly table: boolean
  /** The stage has the whole room. */
  readonly wide: boolean
}

export const useStage = create<StageState>()(() => ({ mode: 'side', look: FIT, flicked: false, split: 0.5, opacity: 0.5, swapped: false, lines: true, bare: false, table: false, wide: false }))
const { getState: get, setState: set } = useStage

/** The mode, or back to side by side when it is already on. */
export const toggleMode = (mode: StageMode): void => set((now) => ({ mode: now.mode === mode ? 'side' : mode, flicked: false }))

/** Lines are drawn between pictures that stand side by side. */
export const toggleLines = (): void => set(({ lines, mode, bare }) => (mode === 'side' && !bare ? { lines: !lines } : { mode: 'side', lines: true, bare: false }))

const share = (value: number): number => Math.min(1, Math.max(0, Math.round(value * 100) / 100))
export const moveSplit = (to: number): void => set({ split: share(to) })

/** , and . move what the mode can move. */
export function nudgeMode(step: number): void {
  const { mode, split, opacity } = get()
  if (mode === 'split') moveSplit(split + step)
  else if (mode === 'onion') set({ opacity: share(opacity + step) })
}

/** The stage's look for the wheel and the dragging hand. */
export const stageLook: StageLook = {
  now: () => get().look,
  set: (look) => set({ look }),
  fade: (by) => {
    const { mode, opacity } = get()
    if (mode !== 'onion') return false
    set({ opacity: share(opacity + by) })
    return true
  }
}
