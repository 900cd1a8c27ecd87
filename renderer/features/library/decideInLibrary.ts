/** Decisions about the selection, or about the image under the hand, which then goes on to the next. */
import type { Act } from '../../../core/contract/decisions.ts'
import type { ImageRow, VerdictValue } from '../../../core/contract/images.ts'
import type { ImageRole, Selection } from '../../../core/contract/common.ts'
import { decide } from '../../app/decide.ts'
import { useLibrary } from '../../stores/library.ts'
import { moveBy } from './moves.ts'
import { nothing } from './selectionRules.ts'
import type { LibraryList } from './useLibraryList.ts'

interface Target {
  readonly selection: Selection
  readonly ids: Iterable<number>
  readonly bulk: boolean
}

/** The selection where there is one, else the image under the hand. */
function target({ ids, view }: LibraryList): Target | null {
  const { selected, visiting, cursor, mode } = useLibrary.getState()
  const one = visiting ?? ids[cursor]
  if (mode === 'loupe' || (selected.kind === 'some' && selected.ids.size === 0)) {
    return one === undefined ? null : { selection: { ids: [one] }, ids: [one], bulk: false }
  }
  if (selected.kind === 'all') return { selection: { viewId: view.viewId }, ids, bulk: true }
  return { selection: { ids: [...selected.ids] }, ids: selected.ids, bulk: selected.ids.size > 1 }
}

function send(list: LibraryList, actOf: (selection: Selection) => Act, patch: (row: ImageRow) => ImageRow): void {
  const about = target(list)
  if (!about) return
  void decide(actOf(about.selection), { optimistic: { ids: about.ids, patch }, announce: about.bulk })
  if (about.bulk) useLibrary.setState({ selected: nothing })
  else {
    useLibrary.setState({ selected: nothing })
    if (useLibrary.getState().visiting === null) moveBy(list.ids, 1)
  }
}

export const decideVerdict = (list: LibraryList, value: VerdictValue | null): void =>
  send(list, (selection) => ({ kind: 'verdict', selection, value }), (row) => ({ ...row, verdict: value, verdictReason: null }))

export function decideLabel(list: LibraryList, label: { classId: number; name: string }): void {
  useLibrary.setState({ lastLabel: label })
  const human = { state: 'class' as const, classId: label.classId, className: label.name, source: 'human', score: null, runId: null }
  send(list, (selection) => ({ kind: 'label', selection, state: 'class', classId: label.classId }), (row) => ({ ...row, label: human, className: label.name, labelSource: 'human' }))
}

export const clearLabel = (list: LibraryList): void =>
  send(list, (selection) => ({ kind: 'label', selection, state: 'clear' }), (row) => ({ ...row, label: null, className: row.givenClassName, labelSource: row.givenClassName === null ? null : 'given' }))

/** What the images are for; null: as their folder says. */
export const decideRole = (list: LibraryList, role: ImageRole | null): void =>
  send(list, (selection) => ({ kind: 'role', selection, role }), (row) => (role === null ? row : { ...row, role }))

/** A protected image is kept before any other of its group; null: as its folder says. */
export const decideProtection = (list: LibraryList, value: boolean | null): void =>
  send(list, (selection) => ({ kind: 'protect', selection, protected: value }), (row) => row)

/** What a decision would be about, in words: "12 selected images", "this image". */
export function targetWords(list: LibraryList): string {
  const { selected, mode } = useLibrary.getState()
  if (mode === 'loupe') return 'this image'
  const count = selected.kind === 'all' ? list.ids.length : selected.ids.size
  return count > 1 ? `${count.toLocaleString('en-US')} selected images` : 'this image'
}
