import { z } from 'zod'
import { id } from './common.ts'

/** Why a pair of images has no inliers. */
export const noEvidenceReason = z.enum(['image-failed', 'crashed', 'no-features', 'too-few-matches', 'no-model'])

/** The geometric evidence that two images show the same thing, with everything a screen needs to draw it. */
export const pairEvidence = z.object({
  a: id,
  b: id,
  /** Matches that one map explains. */
  inliers: z.int(),
  matches: z.int(),
  /** inliers / matches, 0..1. */
  ratio: z.number(),
  /** 3 x 3, row-major, from pixels of a into pixels of b (both whole and upright); null where there is none. */
  matrix: z.array(z.number()).length(9).nullable(),
  /** b shows a mirrored. */
  mirrored: z.boolean(),
  /** One sentence where there are no inliers. */
  problem: z.string().nullable(),
  reason: noEvidenceReason.nullable(),
  /** Matched points in pixels of the whole upright images: [x in a, y in a, x in b, y in b, 1 for an inlier]; inliers first. */
  points: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.union([z.literal(0), z.literal(1)])]))
})
export type PairEvidence = z.infer<typeof pairEvidence>
