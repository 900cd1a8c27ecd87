import { z } from 'zod'
import { histogram, id } from './common.ts'
import { imageRow } from './images.ts'
import { pairEvidence } from './verification.ts'

/** A step of a finished run that gave ranked lists or pairs. */
export const matchSource = z.object({ runId: id, step: z.string() })
export type MatchSource = z.infer<typeof matchSource>

export const matchSourceInfo = matchSource.extend({
  recipe: z.string(),
  /** Of the run. */
  title: z.string(),
  stepTitle: z.string(),
  at: z.number(),
  /** At most so many: places of ranked lists that hold nothing are counted too. */
  pairs: z.number(),
  hasTruth: z.boolean(),
  verified: z.boolean(),
  /** The one that the recipe is for (its first `shows` of this kind). */
  main: z.boolean()
})
export type MatchSourceInfo = z.infer<typeof matchSourceInfo>

/** Of the best reference: right, wrong; distractor: truth says that the query has none. */
export const matchTruth = z.enum(['right', 'wrong', 'distractor'])
export type MatchTruth = z.infer<typeof matchTruth>

/** A source as a whole. */
export const matchOverview = z.object({
  queries: z.number(),
  /** Queries of which somebody has spoken; see QueryRow.decision. */
  decided: z.number(),
  pairs: z.number(),
  /** Of all pairs. */
  scores: histogram,
  /** A threshold to begin with: down to where nine of ten pairs are right, or, without a truth, the best tenth of the queries. */
  suggested: z.number(),
  verified: z.boolean(),
  /** Of the queries' best references; null without a truth. */
  truth: z.object({ right: z.number(), wrong: z.number(), distractor: z.number() }).nullable()
})
export type MatchOverview = z.infer<typeof matchOverview>

/** What a person said of two pictures: same (a match), variant (related), different (no match). */
export const matchDecision = z.enum(['same', 'variant', 'different'])
export type MatchDecision = z.infer<typeof matchDecision>

export const queryOrder = z.enum(['score-high', 'score-low', 'margin', 'inliers', 'path', 'wrong-first'])
export type QueryOrder = z.infer<typeof queryOrder>
export const queryFilter = z.object({
  /** open: nobody has said anything of it that counts (see QueryRow.decision) */
  state: z.enum(['open', 'decided', 'all']).default('all'),
  minScore: z.number().optional(),
  maxScore: z.number().optional(),
  /** Only queries whose first reference is right, wrong, or has no truth (needs a truth in the run). */
  truth: matchTruth.optional(),
  /** Part of the query's path. */
  text: z.string().optional()
})
export type QueryFilter = z.infer<typeof queryFilter>

/** One line of the list of queries. */
export const queryRow = z.object({
  image: imageRow,
  candidates: z.number(),
  best: z.object({ imageId: id, score: z.number() }).nullable(),
  second: z.number().nullable(),
  /** Of the best reference, where the run verified it. */
  inliers: z.number().nullable(),
  /** same or variant where somebody said so of any of its references; different where the best one was refused. */
  decision: matchDecision.nullable(),
  truth: matchTruth.nullable()
})
export type QueryRow = z.infer<typeof queryRow>

/** Where the pair stood after one step of the run: "raw .71, normalised .44, re-ranked 1st". */
export const trailEntry = z.object({ step: z.string(), title: z.string(), rank: z.number().nullable(), score: z.number().nullable(), of: z.number() })
export type TrailEntry = z.infer<typeof trailEntry>

/** What of an image a descriptor saw: a box in pixels of the upright picture (null: all of it), turned, mirrored, squeezed through a small size. */
export const seenPart = z.object({
  part: z.number(),
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }).nullable(),
  /** Quarter turns counter-clockwise. */
  turn: z.number(),
  mirrored: z.boolean(),
  small: z.boolean()
})
export type SeenPart = z.infer<typeof seenPart>

export const candidate = z.object({
  image: imageRow,
  rank: z.number(),
  score: z.number(),
  queryPart: seenPart,
  referencePart: seenPart,
  trail: z.array(trailEntry),
  evidence: z.object({ inliers: z.number(), ratio: z.number() }).nullable(),
  decision: matchDecision.nullable(),
  vetoes: z.array(z.object({ list: z.string(), reason: z.string(), applied: z.boolean() })),
  truth: z.boolean().nullable()
})
export type Candidate = z.infer<typeof candidate>

/** The geometric evidence of a pair, for drawing. */
export const matchEvidence = pairEvidence.extend({
  /** stored: made by the run; now: worked out for this look */
  from: z.enum(['stored', 'now'])
})
export type MatchEvidence = z.infer<typeof matchEvidence>

/** Pairs that one act would accept: at or above the score, and nobody has spoken of them. */
export const bulkMatches = z.object({
  source: matchSource,
  minScore: z.number(),
  /** Least inliers, where the run verified its pairs; those it did not verify do not pass. */
  minInliers: z.int().min(1).optional(),
  /** Only of these queries (a view); otherwise of all. */
  queries: z.object({ viewId: z.string() }).optional()
})
export type BulkMatches = z.infer<typeof bulkMatches>

export const bulkCount = z.object({
  pairs: z.number(),
  queries: z.number(),
  /** Pairs above it of which somebody has spoken already: they stay as they are. */
  said: z.number(),
  /** What the truth says of them; null without one. */
  truth: z.object({ right: z.number(), wrong: z.number() }).nullable()
})
export type BulkCount = z.infer<typeof bulkCount>

export const vetoList = z.object({ listId: id, name: z.string(), reason: z.string(), applied: z.boolean(), images: z.number(), pairs: z.number() })
export type VetoList = z.infer<typeof vetoList>
