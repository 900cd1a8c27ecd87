import { z } from 'zod'

/** Everything needed to find local features (keypoints and their descriptors) with an ONNX file such as XFeat, SuperPoint or ALIKED, in the way of modelCard. */
export const localFeaturesCard = z.object({
  kind: z.literal('localFeatures'),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dot, dash and underscore, at most 64'),
  name: z.string().min(1),
  description: z.string().default(''),
  /** The ONNX file, relative to the card. */
  file: z.string().regex(/^[^/\\]+$/, 'the name of a file beside the card, without folders'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  /** One picture a run, 1 x channels x height x width, float32. */
  input: z.object({
    name: z.string().min(1),
    channels: z.union([z.literal(1), z.literal(3)]).default(3),
    /** A fixed size; absent where the model takes any. */
    size: z.object({ width: z.int().min(32).max(4096), height: z.int().min(32).max(4096) }).optional(),
    /** Where the model takes any size: pictures are shrunk to this longest side, never enlarged. */
    longestSide: z.int().min(32).max(4096).default(640),
    /** Where the model takes any size: width and height are rounded to a multiple of this. */
    multipleOf: z.int().min(1).max(128).default(32)
  }),
  colour: z.enum(['RGB', 'BGR']).default('RGB'),
  /** value = (pixel / 255 * scale - mean) / std, per channel; the first number is used for a single channel. */
  scale: z.number().default(1),
  mean: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 0]),
  std: z.tuple([z.number(), z.number(), z.number()]).default([1, 1, 1]),
  outputs: z.object({
    /** N x 2 or 1 x N x 2: x, then y. pixels: of the input picture; unit: 0..1 over it; signed: -1..1 over it. */
    keypoints: z.object({ name: z.string().min(1), space: z.enum(['pixels', 'unit', 'signed']).default('pixels') }),
    /** N or 1 x N. */
    scores: z.object({ name: z.string().min(1) }),
    /** rows: N x dim or 1 x N x dim; columns: dim x N or 1 x dim x N. */
    descriptors: z.object({ name: z.string().min(1), dim: z.int().min(2).max(4096), layout: z.enum(['rows', 'columns']).default('rows') })
  }),
  /** Points with a lower score are left out (models with a fixed number of outputs pad with zeros). */
  minScore: z.number().default(0),
  /** Make every descriptor a unit vector. */
  normalise: z.boolean().default(true),
  licence: z.string().min(1),
  source: z.string().min(1)
})
export type LocalFeaturesCard = z.infer<typeof localFeaturesCard>
