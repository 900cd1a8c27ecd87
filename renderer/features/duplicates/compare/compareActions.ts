import type { Action } from '../../../app/scopes.ts'
import { goToGroup, goToMember, useDuplicates } from '../duplicatesStore.ts'
import { nudgeMode, toggleMode, useCompare } from './compareStore.ts'
import { actualPixels, FIT, panBy, type Size, zoomAt } from '../../../components/compare/zoom.ts'

const ZOOM_STEP = 1.25
const PAN_STEP = 80

interface Stage {
  readonly members: number
  /** The picture that bounds zoom and pan, and the pane it is in. */
  readonly picture: Size
  readonly pane: Size
}

/** Looking and moving on the compare bench; the decisions come from useGroupActions. */
export function compareActions({ members, picture, pane }: Stage): Action[] {
  const zoom = (factor: number): void =>
    useCompare.setState(({ look }) => ({ look: zoomAt(look, factor, { x: pane.width / 2, y: pane.height / 2 }, picture, pane) }))
  const pan = (dx: number, dy: number): void => useCompare.setState(({ look }) => ({ look: panBy(look, dx, dy, picture, pane) }))
  const fitOrActual = (): void => useCompare.setState(({ look }) => ({ look: look.zoom > 1 ? FIT : actualPixels(FIT, picture, pane, window.devicePixelRatio) }))
  const toGroup = (step: number): void => goToGroup(useDuplicates.getState().at + step)
  // The keeper always stands beside the member, so the cursor walks among the others.
  const toMember = (step: number): void => goToMember(Math.min(members - 1, Math.max(1, Math.max(1, useDuplicates.getState().member) + step)))
  return [
    {
      id: 'compare.flick', title: 'Flick: hold to see the other picture in the same place', keys: ['Space'], hint: 'flick', group: 'Look',
      run: () => useCompare.setState({ mode: 'flick', flicked: true }), release: () => useCompare.setState({ flicked: false })
    },
    { id: 'compare.split', title: 'Split slider', keys: ['\\'], hint: 'split', group: 'Look', run: () => toggleMode('split') },
    { id: 'compare.onion', title: 'Onion skin (Shift and wheel: opacity)', keys: ['O'], hint: 'onion', group: 'Look', run: () => toggleMode('onion') },
    { id: 'compare.difference', title: 'Absolute difference', keys: ['I'], hint: 'difference', group: 'Look', run: () => toggleMode('difference') },
    { id: 'compare.side', title: 'Side by side', keys: ['C', 'G'], group: 'Look', run: () => useCompare.setState({ mode: 'side', many: false }) },
    { id: 'compare.many', title: 'All of the group side by side, up to nine', keys: ['N'], group: 'Look', when: () => members > 2, run: () => useCompare.setState(({ many, mode }) => ({ mode: 'side', many: mode !== 'side' || !many })) },
    { id: 'compare.table', title: 'Table of what differs', keys: ['T'], hint: 'differences', group: 'Look', run: () => useCompare.setState(({ table }) => ({ table: !table })) },
    { id: 'compare.fit', title: 'Fit, or one pixel on one pixel', keys: ['Z'], hint: '1:1', group: 'Look', run: fitOrActual },
    { id: 'compare.in', title: 'Zoom in', keys: ['+'], group: 'Look', quiet: true, run: () => zoom(ZOOM_STEP) },
    { id: 'compare.out', title: 'Zoom out', keys: ['-'], group: 'Look', quiet: true, run: () => zoom(1 / ZOOM_STEP) },
    { id: 'compare.less', title: 'Move the split or the opacity down', keys: [','], group: 'Look', quiet: true, repeat: true, run: () => nudgeMode(-0.05) },
    { id: 'compare.more', title: 'Move the split or the opacity up', keys: ['.'], group: 'Look', quiet: true, repeat: true, run: () => nudgeMode(0.05) },
    { id: 'compare.pan-left', title: 'Look further left', keys: ['Shift+Left'], group: 'Look', quiet: true, run: () => pan(PAN_STEP, 0) },
    { id: 'compare.pan-right', title: 'Look further right', keys: ['Shift+Right'], group: 'Look', quiet: true, run: () => pan(-PAN_STEP, 0) },
    { id: 'compare.pan-up', title: 'Look further up', keys: ['Shift+Up'], group: 'Look', quiet: true, run: () => pan(0, PAN_STEP) },
    { id: 'compare.pan-down', title: 'Look further down', keys: ['Shift+Down'], group: 'Look', quiet: true, run: () => pan(0, -PAN_STEP) },
    { id: 'compare.next-member', title: 'Next image of the group', keys: ['Right'], group: 'Move', quiet: true, run: () => toMember(1) },
    { id: 'compare.previous-member', title: 'Previous image of the group', keys: ['Left'], group: 'Move', quiet: true, run: () => toMember(-1) },
    { id: 'compare.next-group', title: 'Next group', keys: ['Down', 'J', 'F'], group: 'Move', quiet: true, run: () => toGroup(1) },
    { id: 'compare.previous-group', title: 'Previous group', keys: ['Up', 'K', 'D'], group: 'Move', quiet: true, run: () => toGroup(-1) },
    { id: 'compare.close', title: 'Back to the groups', keys: ['Esc'], hint: 'back', group: 'Move', run: () => useDuplicates.setState({ comparing: false }) }
  ]
}
