/** What can be done in the library, as actions: in both looks, in the grid, in the loupe. */
import type { RefObject } from 'react'
import type { ImageRole } from '../../../core/contract/common.ts'
import { useActions } from '../../app/actions.ts'
import type { Action } from '../../app/scopes.ts'
import { useLibrary } from '../../stores/library.ts'
import { useOverlays } from '../../stores/overlays.ts'
import { useUi } from '../../stores/ui.ts'
import { clearLabel, decideLabel, decideProtection, decideRole, decideVerdict } from './decideInLibrary.ts'
import type { GridLayout } from './gridLayout.ts'
import { labelPicker } from './LabelPicker.tsx'
import { moveBy, moveByGroup, moveTo, moveVertically } from './moves.ts'
import { nothing, toggle } from './selectionRules.ts'
import type { LibraryList } from './useLibraryList.ts'

interface Wiring {
  readonly list: LibraryList | null
  readonly layout: GridLayout | null
  readonly search: RefObject<HTMLInputElement | null>
  readonly openFilter: () => void
  readonly refresh: () => void
}

// Named here, not taken from the contract: its values would bring the whole of zod into the page, which then tries `eval`.
const roleNames: readonly ImageRole[] = ['train', 'reference', 'query', 'negative', 'test']

const setMode = (mode: 'grid' | 'loupe'): void => useLibrary.setState({ mode, visiting: null })

export function useLibraryActions({ list, layout, search, openFilter, refresh }: Wiring): void {
  const mode = useLibrary((state) => state.mode)
  const nudge = useUi((state) => state.nudgeThumbSize)
  const ids = list?.ids
  const some = (): boolean => Boolean(ids && ids.length > 0)
  const inGrid = mode === 'grid'

  const decisions: Action[] = [
    { id: 'library.keep', title: 'Keep', keys: ['P'], hint: 'keep', group: 'Decide', when: some, run: () => list && decideVerdict(list, 'keep') },
    { id: 'library.drop', title: 'Drop', keys: ['X'], hint: 'drop', group: 'Decide', when: some, run: () => list && decideVerdict(list, 'drop') },
    { id: 'library.unsure', title: 'Unsure', keys: ['S'], group: 'Decide', when: some, run: () => list && decideVerdict(list, 'unsure') },
    { id: 'library.clear', title: 'Clear the verdict', keys: ['U'], group: 'Decide', when: some, run: () => list && decideVerdict(list, null) },
    { id: 'library.label', title: 'Give a class…', keys: ['L'], hint: 'class', group: 'Decide', when: some, run: () => labelPicker.open() },
    { id: 'library.repeat', title: 'Repeat the last class', keys: ['R'], group: 'Decide', when: () => some() && useLibrary.getState().lastLabel !== null, run: () => {
      const { lastLabel } = useLibrary.getState()
      if (list && lastLabel) decideLabel(list, lastLabel)
    } },
    { id: 'library.unlabel', title: 'Take the class back', keys: ['Shift+U'], group: 'Decide', when: some, run: () => list && clearLabel(list) }
  ]
  const roles = [...roleNames, null].map((role): Action => ({
    id: `library.role-${role ?? 'folder'}`, title: role ? `Role: ${role}` : 'Role: as the folder says', group: 'Role and protection', when: some, run: () => list && decideRole(list, role)
  }))
  const protections: Action[] = [
    { id: 'library.protect', title: 'Protect: stays before others of its group', group: 'Role and protection', when: some, run: () => list && decideProtection(list, true) },
    { id: 'library.unprotect', title: 'Protection: as the folder says', group: 'Role and protection', when: some, run: () => list && decideProtection(list, null) }
  ]
  const moves: Action[] = [
    { id: 'library.next', title: 'Next image', keys: ['Right', 'J', 'F'], group: 'Move', quiet: true, when: some, run: () => ids && moveBy(ids, 1) },
    { id: 'library.previous', title: 'Previous image', keys: ['Left', 'K', 'D'], group: 'Move', quiet: true, when: some, run: () => ids && moveBy(ids, -1) },
    { id: 'library.next-group', title: 'Next group', keys: ['Shift+J', 'Mod+Right'], group: 'Move', quiet: true, when: () => some() && layout !== null, run: () => ids && layout && moveByGroup(ids, layout, 1) },
    { id: 'library.previous-group', title: 'Previous group', keys: ['Shift+K', 'Mod+Left'], group: 'Move', quiet: true, when: () => some() && layout !== null, run: () => ids && layout && moveByGroup(ids, layout, -1) },
    { id: 'library.first', title: 'First image', keys: ['Home'], group: 'Move', quiet: true, when: some, run: () => ids && moveTo(ids, 0) },
    { id: 'library.last', title: 'Last image', keys: ['End'], group: 'Move', quiet: true, when: some, run: () => ids && moveTo(ids, ids.length - 1) },
    { id: 'library.goto', title: 'Go to…', keys: ['Mod+G'], group: 'Move', when: some, run: () => useOverlays.getState().show('goto') }
  ]
  const views: Action[] = [
    { id: 'library.search', title: 'Search by name', keys: ['/'], group: 'Look', hint: 'search', run: () => search.current?.focus() },
    { id: 'library.filter', title: 'Filter…', keys: ['Shift+F'], group: 'Look', run: openFilter },
    { id: 'library.refresh', title: 'Draw the list up again', keys: ['.'], group: 'Look', run: refresh }
  ]
  useActions('Library', [...decisions, ...roles, ...protections, ...moves, ...views])

  useActions('Library grid', [
    { id: 'grid.open', title: 'Open in the loupe', keys: ['Enter', 'E'], hint: 'open', group: 'Look', when: some, run: () => setMode('loupe') },
    { id: 'grid.down', title: 'Row down', keys: ['Down'], group: 'Move', quiet: true, when: some, run: () => ids && layout && moveVertically(ids, layout, 1) },
    { id: 'grid.up', title: 'Row up', keys: ['Up'], group: 'Move', quiet: true, when: some, run: () => ids && layout && moveVertically(ids, layout, -1) },
    { id: 'grid.page-down', title: 'Four rows down', keys: ['PageDown'], group: 'Move', quiet: true, when: some, run: () => { for (let i = 0; i < 4; i++) if (ids && layout) moveVertically(ids, layout, 1) } },
    { id: 'grid.page-up', title: 'Four rows up', keys: ['PageUp'], group: 'Move', quiet: true, when: some, run: () => { for (let i = 0; i < 4; i++) if (ids && layout) moveVertically(ids, layout, -1) } },
    { id: 'grid.extend-right', title: 'Select on to the right', keys: ['Shift+Right'], group: 'Select', quiet: true, when: some, run: () => ids && moveBy(ids, 1, { extend: true }) },
    { id: 'grid.extend-left', title: 'Select on to the left', keys: ['Shift+Left'], group: 'Select', quiet: true, when: some, run: () => ids && moveBy(ids, -1, { extend: true }) },
    { id: 'grid.extend-down', title: 'Select a row down', keys: ['Shift+Down'], group: 'Select', quiet: true, when: some, run: () => ids && layout && moveVertically(ids, layout, 1, { extend: true }) },
    { id: 'grid.extend-up', title: 'Select a row up', keys: ['Shift+Up'], group: 'Select', quiet: true, when: some, run: () => ids && layout && moveVertically(ids, layout, -1, { extend: true }) },
    { id: 'grid.extend-end', title: 'Select to the end', keys: ['Shift+End'], group: 'Select', quiet: true, when: some, run: () => ids && moveTo(ids, ids.length - 1, { extend: true }) },
    { id: 'grid.extend-home', title: 'Select to the start', keys: ['Shift+Home'], group: 'Select', quiet: true, when: some, run: () => ids && moveTo(ids, 0, { extend: true }) },
    { id: 'grid.toggle', title: 'Select or deselect this one', keys: ['Space'], group: 'Select', quiet: true, when: some, run: () => {
      const { cursorId, selected, cursor } = useLibrary.getState()
      if (ids && cursorId !== null) useLibrary.setState({ selected: toggle(selected, cursorId, ids), anchor: cursor })
    } },
    { id: 'grid.all', title: 'Select everything in this list', keys: ['Mod+A'], group: 'Select', when: some, run: () => useLibrary.setState({ selected: { kind: 'all' } }) },
    { id: 'grid.none', title: 'Select nothing', keys: ['Esc'], group: 'Select', quiet: true, when: () => { const { selected } = useLibrary.getState(); return selected.kind === 'all' || selected.ids.size > 0 }, run: () => useLibrary.setState({ selected: nothing }) },
    { id: 'grid.larger', title: 'Larger thumbnails', keys: ['+'], group: 'Look', run: () => nudge(1) },
    { id: 'grid.smaller', title: 'Smaller thumbnails', keys: ['-'], group: 'Look', run: () => nudge(-1) }
  ], { enabled: inGrid })

  useActions('Loupe view', [
    { id: 'loupe.close', title: 'Back to the grid', keys: ['Esc', 'G', 'Enter', 'E'], hint: 'grid', group: 'Look', run: () => {
      // From a neighbour one first comes back to where one was.
      if (useLibrary.getState().visiting === null) setMode('grid')
      else useLibrary.setState({ visiting: null })
    } }
  ], { enabled: !inGrid })
}
