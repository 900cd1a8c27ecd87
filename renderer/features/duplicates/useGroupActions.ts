import type { DuplicateGroup, DuplicateSettings } from '../../../core/contract/duplicates.ts'
import type { Action } from '../../app/scopes.ts'
import { digitOf, digits } from '../../components/digitKeys.ts'
import { useUi } from '../../stores/ui.ts'
import { breakHere, decideGroups, type GroupDecision, knownGroup, markVariant, notDuplicates, pinKeeper } from './groupActs.ts'
import {
  currentGroup, expand, extendSelection, goToGroup, goToMember, renewList, selectAll, selectNone, toggleExpanded, useDuplicates
} from './duplicatesStore.ts'
import { nextOpen } from './nextOpen.ts'

const store = useDuplicates.getState

/** The next open group; on to it at once, so that one key decides and shows what comes next. */
function advance(settings: DuplicateSettings): void {
  const { order, at, guesses, ghosts } = store()
  goToGroup(nextOpen(order, at, (id) => {
    const state = guesses.get(id) ?? knownGroup(settings, id)?.state
    return !ghosts.has(id) && (state === undefined || state === 'open')
  }))
}

/** Decides the selected groups, else the one at the cursor. */
function decideHere(settings: DuplicateSettings, decision: GroupDecision): void {
  const { selected } = store()
  const here = currentGroup()
  if (selected.size > 0) {
    void decideGroups(settings, [...selected], decision)
    selectNone()
  } else if (here !== undefined) void decideGroups(settings, [here], decision)
  if (decision !== 'clear') advance(settings)
}

const isGone = (): boolean => {
  const here = currentGroup()
  return here === undefined || store().ghosts.has(here)
}

async function makeKeeper(settings: DuplicateSettings, group: DuplicateGroup, number: number): Promise<void> {
  const image = group.members[number - 1]?.image.id
  if (image === undefined) return
  await pinKeeper(settings, group, image)
  goToMember(0)
}

/** Goes on when the decision left nothing of the group. */
async function takeApart(act: Promise<void>, settings: DuplicateSettings): Promise<void> {
  await act
  if (isGone()) advance(settings)
}

/** The decisions about the group at the cursor; the group sheet and the compare bench share them. */
export function decisionActions(settings: DuplicateSettings, group: DuplicateGroup | null | undefined): Action[] {
  const when = (): boolean => Boolean(group) && !isGone()
  const member = (): number => store().member
  const onMember = (): boolean => when() && member() > 0
  return [
    { id: 'group.accept', title: 'Accept: the keeper stays, the others go', keys: ['P', 'Enter'], hint: 'accept', group: 'Decide', when, run: () => decideHere(settings, 'accept') },
    { id: 'group.keep', title: 'Keep all', keys: ['A'], hint: 'keep all', group: 'Decide', when, run: () => decideHere(settings, 'keep') },
    { id: 'group.drop', title: 'Drop all', keys: ['Shift+X'], group: 'Decide', when, run: () => decideHere(settings, 'drop') },
    {
      id: 'group.different', title: 'Not duplicates: this image and the keeper (on the keeper: all)', keys: ['X'], hint: 'not duplicates', group: 'Decide', when,
      run: () => { if (group) void takeApart(notDuplicates(group, member()), settings) }
    },
    { id: 'group.variant', title: 'Variant of the keeper: related, stays', keys: ['V'], hint: 'variant', group: 'Decide', when: onMember, run: () => { if (group) void takeApart(markVariant(group, member()), settings) } },
    { id: 'group.break', title: 'Break the group before this image', keys: ['B'], group: 'Decide', when: onMember, run: () => { if (group) void takeApart(breakHere(settings, group, member()), settings) } },
    { id: 'group.clear', title: 'Clear the decision', keys: ['U'], group: 'Decide', when, run: () => decideHere(settings, 'clear') },
    { id: 'group.skip', title: 'Skip', keys: ['S'], group: 'Decide', when: () => store().order.length > 0, run: () => goToGroup(store().at + 1) },
    {
      id: 'group.keeper', title: 'Make the image of this number the keeper', keys: digits, group: 'Decide', quiet: true, when,
      run: (event) => { if (group) void makeKeeper(settings, group, digitOf(event)) }
    }
  ]
}

/** Moving about and looking, on the group sheet. */
export function sheetActions(group: DuplicateGroup | null | undefined, { page, columns, compare, acceptAll }: SheetMoves): Action[] {
  const some = (): boolean => store().order.length > 0
  const toMember = (step: number): void => {
    const count = group?.members.length ?? 1
    const to = Math.min(count - 1, Math.max(0, store().member + step))
    if (group && to >= columns - 1 && count > columns) expand(group.id)
    goToMember(to)
  }
  return [
    { id: 'groups.compare', title: 'Compare', keys: ['Space', 'C'], hint: 'compare', group: 'Look', when: () => Boolean(group), run: compare },
    { id: 'groups.expand', title: 'Show all of the group, or one line', keys: ['E'], group: 'Look', when: some, run: () => { const here = currentGroup(); if (here !== undefined) toggleExpanded(here) } },
    { id: 'groups.bigger', title: 'Larger pictures', keys: ['+'], group: 'Look', run: () => useUi.getState().nudgeThumbSize(1) },
    { id: 'groups.smaller', title: 'Smaller pictures', keys: ['-'], group: 'Look', run: () => useUi.getState().nudgeThumbSize(-1) },
    { id: 'groups.next', title: 'Next group', keys: ['Down', 'J', 'F'], group: 'Move', quiet: true, when: some, run: () => goToGroup(store().at + 1) },
    { id: 'groups.previous', title: 'Previous group', keys: ['Up', 'K', 'D'], group: 'Move', quiet: true, when: some, run: () => goToGroup(store().at - 1) },
    { id: 'groups.right', title: 'Next image of the group', keys: ['Right'], group: 'Move', quiet: true, when: some, run: () => toMember(1) },
    { id: 'groups.left', title: 'Previous image of the group', keys: ['Left'], group: 'Move', quiet: true, when: some, run: () => toMember(-1) },
    { id: 'groups.page-down', title: 'A page down', keys: ['PageDown'], group: 'Move', quiet: true, when: some, run: () => goToGroup(store().at + page) },
    { id: 'groups.page-up', title: 'A page up', keys: ['PageUp'], group: 'Move', quiet: true, when: some, run: () => goToGroup(store().at - page) },
    { id: 'groups.first', title: 'First group', keys: ['Home'], group: 'Move', quiet: true, when: some, run: () => goToGroup(0) },
    { id: 'groups.last', title: 'Last group', keys: ['End'], group: 'Move', quiet: true, when: some, run: () => goToGroup(store().order.length - 1) },
    { id: 'groups.extend-down', title: 'Select on to the next group', keys: ['Shift+Down', 'Shift+J'], group: 'Bulk', quiet: true, when: some, run: () => extendSelection(store().at + 1) },
    { id: 'groups.extend-up', title: 'Select on to the previous group', keys: ['Shift+Up', 'Shift+K'], group: 'Bulk', quiet: true, when: some, run: () => extendSelection(store().at - 1) },
    { id: 'groups.select-all', title: 'Select all groups of the list', keys: ['Mod+A'], group: 'Bulk', when: some, run: selectAll },
    { id: 'groups.select-none', title: 'Select nothing', keys: ['Esc'], group: 'Bulk', quiet: true, when: () => store().selected.size > 0, run: selectNone },
    { id: 'groups.accept-all', title: 'Accept the selected groups, or all open ones shown', keys: ['Mod+Enter'], group: 'Bulk', when: some, run: acceptAll },
    { id: 'groups.renew', title: 'Put away what is decided', keys: ['Shift+R'], group: 'Look', when: some, run: renewList }
  ]
}

interface SheetMoves {
  /** Groups on one screen. */
  readonly page: number
  /** Pictures in one line. */
  readonly columns: number
  readonly compare: () => void
  readonly acceptAll: () => void
}
