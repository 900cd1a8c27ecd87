import { create } from 'zustand'
import type { ImageFilter, ImageSort } from '../../core/contract/images.ts'
import { nothing, type Selected } from '../features/library/selectionRules.ts'

export interface LibraryState {
  readonly filter: ImageFilter
  readonly sort: ImageSort
  readonly mode: 'grid' | 'loupe'
  /** Where the hand is: the image, and its index in the list. */
  readonly cursor: number
  readonly cursorId: number | null
  /** An image outside the list that the loupe looks at for a moment (a neighbour). */
  readonly visiting: number | null
  readonly selected: Selected
  /** Where a Shift range starts. */
  readonly anchor: number
  /** What R repeats. */
  readonly lastLabel: { readonly classId: number; readonly name: string } | null
}

const fresh = { cursor: 0, cursorId: null, visiting: null, selected: nothing, anchor: 0, mode: 'grid' } as const

export const useLibrary = create<LibraryState>()(() => ({ filter: {}, sort: 'path', lastLabel: null, ...fresh }))

/** Another list: the hand goes to its start. */
export const setFilter = (filter: ImageFilter): void => useLibrary.setState({ filter, ...fresh })
export const setSort = (sort: ImageSort): void => useLibrary.setState({ sort, ...fresh })
export const resetLibrary = (): void => useLibrary.setState({ filter: {}, sort: 'path', lastLabel: null, ...fresh })
export const select = (selected: Selected): void => useLibrary.setState({ selected })
