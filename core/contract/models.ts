import { z } from 'zod'
import { id } from './common.ts'

/** Everything needed to turn a picture into a vector with an ONNX file, so that nothing is ever guessed from the file's name. */
export const modelCard = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dot, dash and underscore, at most 64'),
  name: z.string().min(1),
  description: z.string().default(''),
  /** The ONNX file, relative to the card. */
  file: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  input: z.object({
    name: z.string().min(1),
    layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
    dtype: z.enum(['float32', 'float16', 'uint8']).default('float32'),
    width: z.int().min(8).max(4096),
    height: z.int().min(8).max(4096)
  }),
  resize: z.object({
    /** squash: to exactly width x height; crop: shortest side, then centre crop; letterbox: longest side, then padding */
    mode: z.enum(['squash', 'crop', 'letterbox']).default('squash'),
    interpolation: z.enum(['nearest', 'bilinear', 'bicubic', 'lanczos3', 'area']).default('bilinear'),
    /** For crop: the shortest side becomes size / cropFraction first (timm's crop_pct). */
    cropFraction: z.number().gt(0).max(1).default(1),
    /** Let the JPEG decoder hand over a smaller picture first: much faster, slightly different pixels. Only where `method` is fast: the others decode every pixel. */
    shrinkOnLoad: z.boolean().default(true),
    /** Whose resampling, to the pixel: Pillow, OpenCV or PyTorch as the model was trained with. fast (or none said): libvips, where near is near enough. */
    method: z.enum(['fast', 'pillow', 'opencv', 'torch']).optional(),
    /** For torch: align_corners of F.interpolate. */
    alignCorners: z.boolean().optional()
  }).prefault({}),
  colour: z.enum(['RGB', 'BGR']).default('RGB'),
  /** value = (pixel / 255 * scale - mean) / std, per channel in the card's colour order */
  scale: z.number().default(1),
  mean: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 0]),
  std: z.tuple([z.number(), z.number(), z.number()]).default([1, 1, 1]),
  output: z.object({
    name: z.string().min(1),
    dim: z.int().min(2).max(65536),
    /** none: the output is N x dim; mean/max/cls/gem: pooled over the positions or tokens of a map */
    pooling: z.enum(['none', 'mean', 'max', 'cls', 'gem']).default('none'),
    gemPower: z.number().min(0.1).max(100).default(3)
  }),
  normalise: z.boolean().default(true),
  licence: z.string().min(1),
  source: z.string().min(1),
  /** Found on public data for this model; absent means uncalibrated. */
  nearDuplicate: z.object({ threshold: z.number().min(0).max(1), floor: z.number().min(0).max(1) }).optional()
})
export type ModelCard = z.infer<typeof modelCard>

export const providerReport = z.object({
  provider: z.string(),
  state: z.enum(['running', 'available', 'unavailable', 'not-tried']),
  /** Why it does not run, or which device it runs on. */
  detail: z.string()
})
export type ProviderReport = z.infer<typeof providerReport>

export const modelInfo = z.object({
  card: modelCard,
  origin: z.enum(['built-in', 'added']),
  state: z.enum(['ready', 'missing-file', 'hash-mismatch', 'invalid']),
  problem: z.string().nullable(),
  bytes: z.number().nullable(),
  isDefault: z.boolean(),
  measured: z.object({ provider: z.string(), millisecondsPerImage: z.number(), at: z.number() }).nullable()
})
export type ModelInfo = z.infer<typeof modelInfo>

/** What an ONNX file says of itself, with a card drafted from it; `questions` names the fields a person must confirm. */
export const modelInspection = z.object({
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  inputs: z.array(z.object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })),
  outputs: z.array(z.object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })),
  draft: modelCard,
  questions: z.array(z.object({ field: z.string(), question: z.string() })),
  /** Where the draft's fields come from besides the file, and what could not be read there. */
  notes: z.array(z.string()).default([])
})
export type ModelInspection = z.infer<typeof modelInspection>

/** Does Winnow give the vector that somebody got elsewhere from the same picture? */
export const modelCheckRequest = z.object({
  /** One of the models of this machine, or a file with the card it is to get. */
  model: z.union([z.object({ modelId: z.string().min(1) }), z.object({ file: z.string().min(1), card: modelCard })]),
  image: z.string().min(1),
  /** The other vector: .npy, or JSON. */
  vector: z.string().min(1),
  /** The check passes where the cosine is at least 1 minus this. */
  tolerance: z.number().min(0).max(1).default(0.001)
})
export type ModelCheckRequest = z.infer<typeof modelCheckRequest>

export const modelCheck = z.object({
  cosine: z.number(),
  /** Of the values, after both vectors were made unit vectors where the card says so. */
  maxDifference: z.number(),
  dim: z.number(),
  tolerance: z.number(),
  passed: z.boolean()
})
export type ModelCheck = z.infer<typeof modelCheck>

export const modelMeasurement = z.object({
  modelId: z.string(),
  provider: z.string(),
  millisecondsPerImage: z.number(),
  reports: z.array(providerReport)
})
export type ModelMeasurement = z.infer<typeof modelMeasurement>

export const descriptor = z.object({
  id,
  model: z.string(),
  modelName: z.string(),
  dim: z.number(),
  dtype: z.enum(['float32', 'float16']),
  rows: z.number(),
  /** Ready images that have no row yet. */
  waiting: z.number(),
  provider: z.string().nullable(),
  imagesPerSecond: z.number().nullable(),
  nearDuplicate: z.object({ threshold: z.number(), floor: z.number(), calibrated: z.boolean() })
})
export type Descriptor = z.infer<typeof descriptor>
