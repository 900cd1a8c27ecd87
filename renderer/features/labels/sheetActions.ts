import type { Action } from '../../app/scopes.ts'
import { useUi } from '../../stores/ui.ts'
import { changeQueue, goTo, useLabels } from './labelsStore.ts'
import { toggleMark, withoutMarks } from './wrongMarks.ts'

interface Sheet {
  readonly ids: Int32Array
  readonly columns: number
  /** Rows on one screen. */
  readonly page: number
  readonly accept: () => void
  readonly next: () => void
  readonly previous: () => void
}

/** The keys of the contact sheet. */
export function sheetActions({ ids, columns, page, accept, next, previous }: Sheet): Action[] {
  const move = (step: number): void => goTo(Math.min(ids.length - 1, Math.max(0, useLabels.getState().at + step)), ids.length)
  const here = (): number | undefined => ids[useLabels.getState().at]
  const mark = (): void => {
    const id = here()
    if (id !== undefined) useLabels.setState((now) => ({ wrong: toggleMark(now.wrong, id) }))
  }
  return [
    { id: 'sheet.wrong', title: 'Mark as wrong, or take the mark back', keys: ['X', 'Space'], hint: 'wrong', group: 'Decide', when: () => here() !== undefined, run: mark },
    { id: 'sheet.clear', title: 'Take all marks back', keys: ['U'], group: 'Decide', when: () => useLabels.getState().wrong.size > 0, run: () => useLabels.setState((now) => ({ wrong: withoutMarks(now.wrong, ids) })) },
    { id: 'sheet.accept', title: 'Accept all that is not marked', keys: ['Mod+Enter'], hint: 'accept the rest', group: 'Bulk', run: accept },
    { id: 'sheet.next-class', title: 'Next class', keys: ['Shift+Right', 'Shift+J', 'Shift+Down'], hint: 'next class', group: 'Move', run: next },
    { id: 'sheet.previous-class', title: 'Class before', keys: ['Shift+Left', 'Shift+K', 'Shift+Up'], group: 'Move', run: previous },
    { id: 'sheet.right', title: 'Next image', keys: ['Right', 'J', 'F'], group: 'Move', quiet: true, run: () => move(1) },
    { id: 'sheet.left', title: 'Previous image', keys: ['Left', 'K', 'D'], group: 'Move', quiet: true, run: () => move(-1) },
    { id: 'sheet.down', title: 'A row down', keys: ['Down'], group: 'Move', quiet: true, run: () => move(columns) },
    { id: 'sheet.up', title: 'A row up', keys: ['Up'], group: 'Move', quiet: true, run: () => move(-columns) },
    { id: 'sheet.page-down', title: 'A page down', keys: ['PageDown'], group: 'Move', quiet: true, run: () => move(columns * page) },
    { id: 'sheet.page-up', title: 'A page up', keys: ['PageUp'], group: 'Move', quiet: true, run: () => move(-columns * page) },
    { id: 'sheet.first', title: 'First image', keys: ['Home'], group: 'Move', quiet: true, run: () => move(-ids.length) },
    { id: 'sheet.last', title: 'Last image', keys: ['End'], group: 'Move', quiet: true, run: () => move(ids.length) },
    { id: 'sheet.bigger', title: 'Larger pictures', keys: ['+'], group: 'Look', quiet: true, run: () => useUi.getState().nudgeThumbSize(1) },
    { id: 'sheet.smaller', title: 'Smaller pictures', keys: ['-'], group: 'Look', quiet: true, run: () => useUi.getState().nudgeThumbSize(-1) },
    { id: 'sheet.single', title: 'One at a time', keys: ['E', 'G', 'Esc'], hint: 'one at a time', group: 'Look', run: () => changeQueue({ mode: 'single' }) }
  ]
}
