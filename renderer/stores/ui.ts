import { create } from 'zustand'
import { persist } from 'zustand/middleware'

interface UiState {
  readonly inspectorOpen: boolean
  /** Height of a row of thumbnails, px. */
  readonly thumbSize: number
  readonly gridShape: 'justified' | 'square'
  readonly railLabels: boolean
  toggleInspector(): void
  setThumbSize(size: number): void
  nudgeThumbSize(direction: 1 | -1): void
  setGridShape(shape: 'justified' | 'square'): void
}

export const thumbSizes = { least: 72, most: 320, step: 1.2 } as const
const clampSize = (size: number): number => Math.round(Math.min(thumbSizes.most, Math.max(thumbSizes.least, size)))

/** How this window looks; kept in the window's storage. */
export const useUi = create<UiState>()(
  persist(
    (set) => ({
      inspectorOpen: true,
      thumbSize: 148,
      gridShape: 'justified',
      railLabels: false,
      toggleInspector: () => set((state) => ({ inspectorOpen: !state.inspectorOpen })),
      setThumbSize: (size) => set({ thumbSize: clampSize(size) }),
      nudgeThumbSize: (direction) => set((state) => ({ thumbSize: clampSize(state.thumbSize * thumbSizes.step ** direction) })),
      setGridShape: (gridShape) => set({ gridShape })
    }),
    { name: 'winnow-ui' }
  )
)
