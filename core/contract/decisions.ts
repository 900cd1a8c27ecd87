import { z } from 'zod'
import { id, imageRole, selection } from './common.ts'
import { actEntry, verdictValue } from './images.ts'
import { duplicateSettings, groupFilter } from './duplicates.ts'
import { bulkMatches } from './matches.ts'

/** Everything a person can decide. One act is one step of undo, however many images it touches. */
export const act = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verdict'), selection, value: verdictValue.nullable(), reason: z.string().max(500).optional() }),
  /** class: classId given; none: none of the classes; unsure: skipped; clear: as if nobody had spoken */
  z.object({ kind: z.literal('label'), selection, state: z.enum(['class', 'none', 'unsure', 'clear']), classId: id.optional(), runId: id.optional() }),
  /** Accept the first candidate of every selected image, or only those within the scores. */
  z.object({ kind: z.literal('accept-predictions'), runId: id, selection, minScore: z.number().optional() }),
  /** Keepers stay, the others go. `groups` are group ids (keeper image ids) at these settings; 'all' means all that pass the filter. */
  z.object({ kind: z.literal('accept-groups'), settings: duplicateSettings, groups: z.union([z.array(id), z.literal('all')]), filter: groupFilter.optional() }),
  z.object({ kind: z.literal('keep-groups'), settings: duplicateSettings, groups: z.array(id) }),
  z.object({ kind: z.literal('drop-groups'), settings: duplicateSettings, groups: z.array(id) }),
  z.object({ kind: z.literal('clear-groups'), settings: duplicateSettings, groups: z.array(id) }),
  /** Each listed image against every other listed one, or against `against`; a relation of null forgets. same: they match. */
  z.object({ kind: z.literal('relation'), images: z.array(id).min(2).max(1000), value: z.enum(['different', 'variant', 'same']).nullable(), against: id.optional() }),
  /** Every pair of the source at or above the score is a match, except where somebody has said anything of it. */
  bulkMatches.extend({ kind: z.literal('accept-matches') }),
  /**
   * A cell of the cleaning rule is chosen: `drops` go, except what a person kept; of `keeps` those come back that a cell chosen before had dropped (its reason
   * says so). Use `clean.choose`, which knows both.
   */
  z.object({ kind: z.literal('clean'), drops: selection, keeps: selection, reason: z.string().min(1).max(500) }),
  /** These members are not duplicates of the rest of their group. */
  z.object({ kind: z.literal('break-group'), settings: duplicateSettings, group: id, images: z.array(id).min(1) }),
  z.object({ kind: z.literal('pin-keeper'), imageId: id, pinned: z.boolean(), settings: duplicateSettings.optional(), group: id.optional() }),
  z.object({ kind: z.literal('role'), selection, role: imageRole.nullable() }),
  z.object({ kind: z.literal('protect'), selection, protected: z.boolean().nullable() }),
  z.object({ kind: z.literal('identity'), selection, identity: z.string().max(200).nullable() }),
  z.object({ kind: z.literal('fold'), selection, fold: z.int().min(0).max(999).nullable() }),
  /** Puts images and pairs on a list of what results leave out (made where there is none of that name), or takes them off it. */
  z.object({
    kind: z.literal('veto'), list: z.string().trim().min(1).max(100), reason: z.string().trim().max(500).default(''),
    images: z.array(id).max(100_000).default([]), pairs: z.array(z.tuple([id, id])).max(100_000).default([]), on: z.boolean().default(true)
  }),
  /** What is left out changes. A list counts while it is applied; a removed one is gone with its entries (until undone). */
  z.object({ kind: z.literal('veto-list'), listId: id, applied: z.boolean().optional(), name: z.string().trim().min(1).max(100).optional(), reason: z.string().trim().max(500).optional(), removed: z.boolean().optional() }),
  z.object({ kind: z.literal('class-add'), name: z.string().trim().min(1).max(200) }),
  z.object({ kind: z.literal('class-rename'), classId: id, name: z.string().trim().min(1).max(200) }),
  z.object({ kind: z.literal('class-merge'), classId: id, into: id })
])
export type Act = z.infer<typeof act>

export const actResult = z.object({
  actId: id.nullable(),
  summary: z.string(),
  count: z.number(),
  /** The images whose state changed, at most 1,000 of them, for the screen to refresh. */
  changed: z.array(id),
  /** class-add: the new class. */
  classId: id.optional()
})
export type ActResult = z.infer<typeof actResult>

export const reviewStats = z.object({
  decided: z.number(),
  perMinute: z.number(),
  acceptedShare: z.number().nullable(),
  last: z.array(actEntry)
})
export type ReviewStats = z.infer<typeof reviewStats>
