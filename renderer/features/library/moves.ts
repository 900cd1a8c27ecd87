/** How the hand moves over the list. */
import { useLibrary } from '../../stores/library.ts'
import type { GridLayout } from './gridLayout.ts'
import { nothing, range } from './selectionRules.ts'

/** Goes to an index; with `extend` everything from the anchor to it is selected. */
export function moveTo(ids: Int32Array, index: number, { extend = false } = {}): void {
  if (ids.length === 0) return
  const cursor = Math.max(0, Math.min(index, ids.length - 1))
  const { anchor, cursor: before, selected, mode } = useLibrary.getState()
  const hasRange = selected.kind === 'some' && selected.ids.size > 0
  if (extend && mode === 'grid') {
    const from = hasRange ? anchor : before
    useLibrary.setState({ cursor, cursorId: ids[cursor] ?? null, anchor: from, selected: range(ids, from, cursor), visiting: null })
  } else useLibrary.setState({ cursor, cursorId: ids[cursor] ?? null, anchor: cursor, visiting: null })
}

export const moveBy = (ids: Int32Array, by: number, options?: { extend?: boolean }): void => moveTo(ids, useLibrary.getState().cursor + by, options)
export const moveVertically = (ids: Int32Array, layout: GridLayout, by: 1 | -1, options?: { extend?: boolean }): void =>
  moveTo(ids, layout.vertical(useLibrary.getState().cursor, by), options)
export const moveByGroup = (ids: Int32Array, layout: GridLayout, by: 1 | -1): void => moveTo(ids, layout.groupStep(useLibrary.getState().cursor, by))

/** A click: plain goes there, Ctrl adds or removes, Shift takes the range. */
export function click(ids: Int32Array, index: number, { shift, mod }: { shift: boolean; mod: boolean }): void {
  if (shift) moveTo(ids, index, { extend: true })
  else if (mod) {
    const id = ids[index]
    const { selected } = useLibrary.getState()
    if (id === undefined) return
    const now = new Set(selected.kind === 'all' ? Array.from(ids) : selected.ids)
    if (!now.delete(id)) now.add(id)
    useLibrary.setState({ cursor: index, cursorId: id, anchor: index, selected: { kind: 'some', ids: now } })
  } else {
    moveTo(ids, index)
    useLibrary.setState({ selected: nothing })
  }
}
