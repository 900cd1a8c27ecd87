import { z } from 'zod'
import { id } from './common.ts'
import { imageRow } from './images.ts'

/** A step of a finished run that gave ranked lists or pairs. */
export const matchSource = z.object({ runId: id, step: z.string() })
export type MatchSource = z.infer<typeof matchSource>

export const matchSourceInfo = matchSource.extend({
  recipe: z.string(),
  title: z.string(),
  stepTitle: z.string(),
  at: z.number(),
  queries: z.number(),
  pairs: z.number(),
  hasTruth: z.boolean(),
  verified: z.boolean(),
  /** The one that the recipe is for (its first `shows` of this kind). */
  main: z.boolean()
})
export type MatchSourceInfo = z.infer<typeof matchSourceInfo>

/** What a person said of two pictures: same (a match), variant (related), different (no match). */
export const matchDecision = z.enum(['same', 'variant', 'different'])
export type MatchDecision = z.infer<typeof matchDecision>

export const queryOrder = z.enum(['score-high', 'score-low', 'margin', 'inliers', 'path', 'wrong-first'])
export type QueryOrder = z.infer<typeof queryOrder>
export const queryFilter = z.object({
  /** open: its best reference has no decision yet */
  state: z.enum(['open', 'decided', 'all']).default('all'),
  minScore: z.number().optional(),
  maxScore: z.number().optional(),
  /** Only queries whose first reference is right, wrong, or has no truth (needs a truth in the run). */
  truth: z.enum(['right', 'wrong', 'distractor']).optional(),
  text: z.string().optional()
})
export type QueryFilter = z.infer<typeof queryFilter>

/** One line of the list of queries. */
export const queryRow = z.object({
  image: imageRow,
  candidates: z.number(),
  best: z.object({ imageId: id, score: z.number() }).nullable(),
  second: z.number().nullable(),
  decision: matchDecision.nullable(),
  /** Of the best reference: right, wrong; distractor: truth says that the query has none. */
  truth: z.enum(['right', 'wrong', 'distractor']).nullable()
})
export type QueryRow = z.infer<typeof queryRow>

/** Where the pair stood after one step of the run: "raw .71, normalised .44, re-ranked 1st". */
export const trailEntry = z.object({ step: z.string(), title: z.string(), rank: z.number().nullable(), score: z.number().nullable(), of: z.number() })
export type TrailEntry = z.infer<typeof trailEntry>

export const candidate = z.object({
  image: imageRow,
  rank: z.number(),
  score: z.number(),
  queryPart: z.number(),
  referencePart: z.number(),
  trail: z.array(trailEntry),
  evidence: z.object({ inliers: z.number(), ratio: z.number() }).nullable(),
  decision: matchDecision.nullable(),
  vetoes: z.array(z.object({ list: z.string(), reason: z.string() })),
  truth: z.boolean().nullable()
})
export type Candidate = z.infer<typeof candidate>

/** The geometric evidence of a pair, for drawing. Points are pixels of the upright pictures. */
export const pairEvidence = z.object({
  inliers: z.number(),
  matches: z.number(),
  ratio: z.number(),
  model: z.enum(['affine', 'homography']).nullable(),
  /** 3 x 3, row-major: takes points of a to points of b; null where no model was found. */
  matrix: z.array(z.number()).length(9).nullable(),
  /** [ax, ay, bx, by] of each inlier. */
  points: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  a: z.object({ width: z.number(), height: z.number() }),
  b: z.object({ width: z.number(), height: z.number() }),
  /** stored: made by the run; now: worked out for this look */
  from: z.enum(['stored', 'now']),
  reason: z.string().nullable()
})
export type PairEvidence = z.infer<typeof pairEvidence>

export const vetoList = z.object({ listId: id, name: z.string(), reason: z.string(), applied: z.boolean(), images: z.number(), pairs: z.number() })
export type VetoList = z.infer<typeof vetoList>
