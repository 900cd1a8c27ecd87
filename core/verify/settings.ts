import { z } from 'zod'

/** OpenCV's ORB (Rublee et al. 2011). */
export const orbSettings = z.object({
  kind: z.literal('orb'),
  /** Pictures are shrunk to this longest side, in pixels, before features are looked for; nothing is enlarged. */
  longestSide: z.int().min(64).max(4096).default(640),
  /** At most so many features, the strongest. */
  features: z.int().min(8).max(10_000).default(800),
  levels: z.int().min(1).max(16).default(8),
  scaleFactor: z.number().min(1.05).max(2).default(1.2),
  /** How much a corner must stand out from what surrounds it, in grey levels. */
  fastThreshold: z.int().min(1).max(100).default(12)
})

/** An ONNX model with a card for local features. */
export const modelFeatureSettings = z.object({
  kind: z.literal('model'),
  /** Path of the card (core/contract/localFeatures.ts); the model lies beside it. */
  card: z.string().min(1),
  features: z.int().min(8).max(10_000).default(1000)
})

/** Features that another program wrote: NAME.delf or NAME.npz in a folder, for the image NAME.jpg. */
export const delfSettings = z.object({
  kind: z.literal('delf'),
  folder: z.string().min(1),
  features: z.int().min(8).max(10_000).default(1000)
})

export const featureSettings = z.discriminatedUnion('kind', [orbSettings, modelFeatureSettings, delfSettings])
export type FeatureSettings = z.infer<typeof featureSettings>
export type OrbSettings = z.infer<typeof orbSettings>
export type DelfSettings = z.infer<typeof delfSettings>

export const matchSettings = z.object({
  /** Bits of binary descriptors, Euclid's distance of others; null for any. */
  maxDistance: z.number().positive().nullable().default(null),
  ratio: z.number().gt(0).max(1).nullable().default(0.85),
  mutual: z.boolean().default(true)
})

export const modelSettings = z.object({
  model: z.enum(['affine', 'homography']).default('homography'),
  /** Pixels of the second image; see residualOf. */
  residual: z.number().positive().max(1000).default(4),
  /** features: pixels of the shrunk picture in which the second image's features were found; image: pixels of the whole image. */
  residualOf: z.enum(['features', 'image']).default('features'),
  maxTrials: z.int().min(1).max(100_000).default(1000),
  stopProbability: z.number().gt(0).max(1).default(0.9999),
  seed: z.int().min(0).max(0xffffffff).default(114514),
  /** Maps that change lengths more than this many times are not believed; null believes all. */
  maxZoom: z.number().min(1).nullable().default(10),
  refits: z.int().min(0).max(20).default(3)
})

/** How a pair of images is verified. */
export const verifySettings = z.object({
  features: featureSettings.default(orbSettings.parse({ kind: 'orb' })),
  match: matchSettings.prefault({}),
  model: modelSettings.prefault({}),
  /** Also try the first image mirrored, and keep what has more inliers: no local feature recognises a mirrored copy. */
  mirrored: z.boolean().default(false)
})
export type VerifySettings = z.infer<typeof verifySettings>
export type MatchSettings = z.infer<typeof matchSettings>
export type ModelSettings = z.infer<typeof modelSettings>

/** DELF matching and RANSAC exactly as in the Landmark 2019 solution (exp/delf/matching_localfeatures.py). */
export const landmarkSettings = {
  match: { maxDistance: 0.8, ratio: null, mutual: false } satisfies MatchSettings,
  model: { model: 'affine', residual: 20, residualOf: 'image', maxTrials: 1000, stopProbability: 1, seed: 114514, maxZoom: null, refits: 0 } satisfies ModelSettings
}
