import type { Selection } from '../contract/common.ts'
import type { Act } from '../contract/decisions.ts'
import type { DuplicateSettings, GroupFilter } from '../contract/duplicates.ts'
import type { BulkMatches } from '../contract/matches.ts'
import { WinnowError } from '../domain/errors.ts'
import { type GroupColumns, imagesOfGroup, imagesOfGroups } from '../dedupe/groupColumns.ts'
import type { Chosen, ResolvedAct } from './resolvedAct.ts'

/** Where views and groups are looked up. */
export interface Lookups {
  readonly resolveSelection: (selection: Selection) => Promise<Int32Array>
  /** The pairs of a source that the act is about. */
  readonly resolveMatches: (matches: BulkMatches) => Promise<{ readonly a: Int32Array; readonly b: Int32Array }>
  readonly resolveGroups: (settings: DuplicateSettings, groups: readonly number[] | 'all', filter?: GroupFilter) => Promise<GroupColumns>
}

/** Looks up the views and groups that an act names. Throws BAD_INPUT or NOT_FOUND with a sentence. */
export async function resolveAct(act: Act, lookups: Lookups): Promise<ResolvedAct> {
  const chosen = async (selection: Selection): Promise<Chosen> => ({
    ids: await lookups.resolveSelection(selection),
    named: 'ids' in selection
  })
  switch (act.kind) {
    case 'verdict': return { kind: 'verdict', chosen: await chosen(act.selection), value: act.value, reason: act.reason?.trim() ? act.reason.trim() : null }
    case 'clean': return { kind: 'clean', drops: await lookups.resolveSelection(act.drops), keeps: await lookups.resolveSelection(act.keeps), reason: act.reason.trim() }
    case 'label': return { kind: 'label', chosen: await chosen(act.selection), state: act.state, classId: act.classId ?? null, runId: act.runId ?? null }
    case 'accept-predictions': return { kind: act.kind, chosen: await chosen(act.selection), runId: act.runId, minScore: act.minScore ?? null }
    case 'accept-groups': return { kind: act.kind, groups: await groupsOf(act.settings, act.groups, lookups, act.filter), all: act.groups === 'all' }
    case 'keep-groups':
    case 'drop-groups':
    case 'clear-groups': {
      const groups = await groupsOf(act.settings, act.groups, lookups)
      return { kind: act.kind, ids: Int32Array.from(imagesOfGroups(groups).flat()), groups: groups.keepers.length }
    }
    case 'relation': {
      const images = distinct(act.images)
      if (act.against === undefined) {
        if (images.length < 2) throw new WinnowError('BAD_INPUT', 'A relation is between two images. Choose at least two different ones.')
        return { kind: 'relation', images: Int32Array.from(images), others: null, value: act.value }
      }
      const others = images.filter((id) => id !== act.against)
      return { kind: 'relation', images: Int32Array.from(others), others: Int32Array.of(act.against), value: act.value }
    }
    case 'accept-matches': {
      const { a, b } = await lookups.resolveMatches(act)
      return { kind: 'accept-matches', a, b }
    }
    case 'break-group': {
      const members = imagesOfGroup(await groupsOf(act.settings, [act.group], lookups), 0)
      const outside = act.images.find((id) => !members.includes(id))
      if (outside !== undefined) throw new WinnowError('BAD_INPUT', `Image ${outside} is not in group ${act.group} at these settings. Load the groups again.`)
      const taken = new Set(act.images)
      const rest = members.filter((id) => !taken.has(id))
      if (rest.length === 0) throw new WinnowError('BAD_INPUT', 'All images of the group were chosen: there is no rest to part them from. Leave at least one out.')
      return { kind: 'break-group', images: Int32Array.from(taken), others: Int32Array.from(rest), value: 'different' }
    }
    case 'pin-keeper': {
      const group = act.settings && act.group !== undefined ? imagesOfGroup(await groupsOf(act.settings, [act.group], lookups), 0) : []
      return { kind: 'pin-keeper', imageId: act.imageId, pinned: act.pinned, others: Int32Array.from(group) }
    }
    case 'role': return { kind: 'role', chosen: await chosen(act.selection), value: act.role }
    case 'protect': return { kind: 'protect', chosen: await chosen(act.selection), value: act.protected }
    case 'identity': return { kind: 'identity', chosen: await chosen(act.selection), value: identityOf(act.identity) }
    case 'fold': return { kind: 'fold', chosen: await chosen(act.selection), value: act.fold }
    case 'veto': return { kind: 'veto', list: act.list, reason: act.reason, images: distinct(act.images), pairs: act.pairs, on: act.on }
    case 'veto-list': return { kind: 'veto-list', listId: act.listId, applied: act.applied ?? null, name: act.name ?? null, reason: act.reason ?? null, removed: act.removed ?? null }
    case 'class-add': return { kind: 'class-add', name: act.name }
    case 'class-rename': return { kind: 'class-rename', classId: act.classId, name: act.name }
    case 'class-merge': return { kind: 'class-merge', classId: act.classId, into: act.into }
  }
}

/** Throws NOT_FOUND where a group that was asked for is not there at these settings (any more). */
async function groupsOf(settings: DuplicateSettings, groups: readonly number[] | 'all', lookups: Lookups, filter?: GroupFilter): Promise<GroupColumns> {
  const found = await lookups.resolveGroups(settings, groups, filter)
  if (groups === 'all') return found
  const keepers = new Set(found.keepers)
  const lost = groups.find((group) => !keepers.has(group))
  if (lost !== undefined) throw new WinnowError('NOT_FOUND', `Group ${lost} is not there at these settings (any more). Load the groups again.`)
  return found
}

const distinct = (ids: readonly number[]): number[] => [...new Set(ids)]

function identityOf(identity: string | null): string | null {
  const trimmed = identity?.trim() ?? ''
  if (/\p{Cc}/u.test(trimmed)) throw new WinnowError('BAD_INPUT', 'An identity cannot hold control characters (such as a line break). Leave them out.')
  return trimmed === '' ? null : trimmed
}
