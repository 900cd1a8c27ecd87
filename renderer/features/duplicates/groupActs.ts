/** What can be decided about groups, each as one step of undo, shown at once and taken back if the engine refuses. */
import type { Act } from '../../../core/contract/decisions.ts'
import type { DuplicateGroup, DuplicateSettings, GroupFilter } from '../../../core/contract/duplicates.ts'
import type { ImageRow, VerdictValue } from '../../../core/contract/images.ts'
import { decide } from '../../app/decide.ts'
import { queryClient } from '../../app/queries.ts'
import { actedOn, guess, leaveGhost } from './duplicatesStore.ts'
import { groupQuery } from './groupQueries.ts'
import { reloadGroups } from './useGroupList.ts'

export type GroupDecision = 'accept' | 'keep' | 'drop' | 'clear'

const kinds = { accept: 'accept-groups', keep: 'keep-groups', drop: 'drop-groups', clear: 'clear-groups' } as const
const outcome = { accept: 'accepted', keep: 'kept', drop: 'mixed', clear: 'open' } as const

/** After a plain decision only the counts of the list change: they can wait until the hand rests. */
const COUNTS_LATER_MS = 1200

export const knownGroup = (settings: DuplicateSettings, group: number): DuplicateGroup | null | undefined =>
  queryClient.getQueryData(groupQuery(settings, group).queryKey)

function verdictOf(group: DuplicateGroup, image: number, decision: GroupDecision): VerdictValue | null {
  if (decision === 'clear') return null
  if (decision === 'accept') return image === group.id ? 'keep' : 'drop'
  return decision
}

/** Decides whole groups: the keeper stays and the others go, all stay, all go, or nothing was said. */
export async function decideGroups(settings: DuplicateSettings, groups: readonly number[], decision: GroupDecision): Promise<void> {
  if (groups.length === 0) return
  const verdicts = new Map<number, VerdictValue | null>()
  for (const id of groups) {
    const group = knownGroup(settings, id)
    for (const { image } of group?.members ?? []) verdicts.set(image.id, verdictOf(group!, image.id, decision))
  }
  guess(groups, outcome[decision])
  const patch = (row: ImageRow): ImageRow => ({ ...row, verdict: verdicts.get(row.id) ?? null })
  await decide({ kind: kinds[decision], settings, groups: [...groups] } as Act, { optimistic: { ids: verdicts.keys(), patch }, announce: groups.length > 1 })
  await Promise.all(groups.filter((id) => knownGroup(settings, id)).slice(0, MOST_ON_SCREEN).map((id) => queryClient.refetchQueries({ queryKey: groupQuery(settings, id).queryKey, exact: true })))
  guess(groups, null)
  reloadGroups(COUNTS_LATER_MS)
}
const MOST_ON_SCREEN = 48

/** Accepts every open group of the filter as one step, those not on the screen included. */
export async function acceptAllGroups(settings: DuplicateSettings, filter: GroupFilter): Promise<void> {
  await decide({ kind: 'accept-groups', settings, groups: 'all', filter }, { announce: true })
  await refreshGroups()
}

/** The image becomes the keeper of its group and stays it whatever the rules say. */
export async function pinKeeper(settings: DuplicateSettings, group: DuplicateGroup, image: number): Promise<void> {
  if (!await decide({ kind: 'pin-keeper', imageId: image, pinned: true, settings, group: group.id })) return
  actedOn(group.id, image)
  await refreshGroups()
}

/** Not duplicates: the member and the keeper; on the keeper itself, all of the group among each other. Remembered by content. */
export async function notDuplicates(group: DuplicateGroup, member: number): Promise<void> {
  const image = group.members[member]?.image.id
  if (image === undefined) return
  const all = image === group.id
  const images = all ? group.members.slice(0, MOST_RELATED).map((other) => other.image.id) : [group.id, image]
  if (!await decide({ kind: 'relation', images, value: 'different' })) return
  actedOn(group.id)
  if (all || group.members.length === 2) leaveGhost(group, 'different')
  await refreshGroups()
}
const MOST_RELATED = 1000

/** A variant is related and stays beside the keeper: it leaves the group. */
export async function markVariant(group: DuplicateGroup, member: number): Promise<void> {
  const image = group.members[member]?.image.id
  if (image === undefined || image === group.id) return
  if (!await decide({ kind: 'relation', images: [group.id, image], value: 'variant' })) return
  actedOn(group.id)
  if (group.members.length === 2) leaveGhost(group, 'variant')
  await refreshGroups()
}

/** Cuts the group before this member: it and all behind it are no duplicates of those before. */
export async function breakHere(settings: DuplicateSettings, group: DuplicateGroup, member: number): Promise<void> {
  if (member < 1) return
  if (!await decide({ kind: 'break-group', settings, group: group.id, images: group.members.slice(member).map((other) => other.image.id) })) return
  actedOn(group.id)
  if (member === 1) leaveGhost(group, 'different')
  await refreshGroups()
}

async function refreshGroups(): Promise<void> {
  reloadGroups()
  await queryClient.invalidateQueries({ queryKey: ['duplicates'] })
}
