import { z } from 'zod'
import { histogram, id } from './common.ts'
import { imageRow } from './images.ts'

/** Ordered rules that choose which image of a group stays. */
export const keeperRule = z.enum(['protected', 'labelled', 'larger', 'less-compressed', 'sharper', 'older', 'shorter-path'])
export type KeeperRule = z.infer<typeof keeperRule>

/** How to read the stored edges as groups. Changing it never searches again. */
export const duplicateSettings = z.object({
  descriptorId: id.nullable(),
  /** Cosine at or above which two images are near-duplicates by descriptor; null switches that evidence off. */
  threshold: z.number().min(0).max(1).nullable(),
  /** Hamming distance of the 64-bit perceptual hash, best of 8 orientations; null switches it off. */
  radius: z.int().min(0).max(16).nullable(),
  rules: z.array(keeperRule)
})
export type DuplicateSettings = z.infer<typeof duplicateSettings>

export const edgeKind = z.enum(['exact', 'pixel', 'perceptual', 'descriptor'])
export type EdgeKind = z.infer<typeof edgeKind>

/** In words: one comparison of a member with its keeper; better says whose favour. */
export const comparison = z.object({ text: z.string(), better: z.enum(['keeper', 'member', 'same']) })

export const groupMember = z.object({
  image: imageRow,
  keeper: z.boolean(),
  /** The strongest evidence to the keeper. */
  kind: edgeKind.nullable(),
  /** Cosine to the keeper, where the descriptor saw the pair. */
  similarity: z.number().nullable(),
  /** Hamming distance to the keeper, where the perceptual hash saw the pair. */
  distance: z.number().nullable(),
  bytes: z.number(),
  format: z.string().nullable(),
  sharpness: z.number().nullable(),
  pinned: z.boolean(),
  comparisons: z.array(comparison)
})
export type GroupMember = z.infer<typeof groupMember>

export const duplicateGroup = z.object({
  /** The keeper's image id names the group at this threshold. */
  id,
  /** The weakest evidence of any member to the keeper: 'exact' means that all of them are. */
  kind: edgeKind,
  /** The keeper first, then the surest. */
  members: z.array(groupMember),
  /** Why this keeper: the first rule that told it apart, in words. */
  reason: z.string(),
  /** Least similarity of any member to the keeper, and of any two members. */
  leastToKeeper: z.number().nullable(),
  leastInside: z.number().nullable(),
  /** open: something in it is undecided */
  state: z.enum(['open', 'accepted', 'kept', 'mixed']),
  variants: z.array(z.object({ a: id, b: id }))
})
export type DuplicateGroup = z.infer<typeof duplicateGroup>

export const groupOrder = z.enum(['most-similar', 'least-similar', 'largest', 'path'])
export type GroupOrder = z.infer<typeof groupOrder>
export const groupFilter = z.object({
  state: z.enum(['open', 'decided', 'all']).default('open'),
  kind: z.array(edgeKind).optional()
})
export type GroupFilter = z.infer<typeof groupFilter>

export const duplicateSummary = z.object({
  /** false until a search has been run for these settings' descriptor */
  searched: z.boolean(),
  /** Images added or changed since that search. */
  stale: z.number(),
  edges: z.number(),
  /** Cosines of the stored edges, from the floor of the search to 1; without bars where no descriptor has been searched. */
  histogram,
  groups: z.number(),
  images: z.number(),
  wouldDrop: z.number(),
  open: z.number(),
  /** Groups by their kind. */
  byKind: z.object({ exact: z.number(), pixel: z.number(), perceptual: z.number(), descriptor: z.number() }),
  milliseconds: z.number()
})
export type DuplicateSummary = z.infer<typeof duplicateSummary>
