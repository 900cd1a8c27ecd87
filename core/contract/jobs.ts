import { z } from 'zod'
import { id, ids, progress } from './common.ts'
import { duplicateSettings } from './duplicates.ts'
import { exportSpec } from './exports.ts'
import { generateSpec } from './generator.ts'
import { optionValues, overrides, recipe } from './recipes.ts'

/** Work that takes long. Each resumes where it stopped: what is done is in the project, not in the job. */
export const jobRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample'), count: z.int().min(16).max(20000).default(600), seed: z.int().default(7) }),
  /** No rootIds: all. `ids`: only these images again (retry). */
  z.object({ kind: z.literal('scan'), rootIds: ids.optional(), ids: ids.optional() }),
  z.object({ kind: z.literal('embed'), modelId: z.string().optional(), providers: z.array(z.string()).optional(), dtype: z.enum(['float32', 'float16']).default('float32'), ids: ids.optional() }),
  /** Finds edges: identical, perceptual, and by descriptor down to the floor of the slider. */
  z.object({ kind: z.literal('duplicates'), descriptorId: id.optional(), floor: z.number().min(0).max(1).optional(), engine: z.enum(['exact', 'faiss']).default('exact') }),
  z.object({ kind: z.literal('pseudo'), descriptorId: id.optional(), k: z.int().min(1).max(200).default(20), temperature: z.number().gt(0).default(0.07), duplicates: duplicateSettings.optional(), engine: z.enum(['exact', 'faiss']).default('exact') }),
  z.object({ kind: z.literal('export'), spec: exportSpec }),
  z.object({ kind: z.literal('verify'), target: z.string().min(1) }),
  /** A recipe by name, or as a body (tried before it is saved); `set`: "step.param" -> value. File options hold absolute paths. */
  z.object({ kind: z.literal('recipe'), recipe: z.string().optional(), body: recipe.optional(), options: optionValues.default({}), set: overrides.default({}) }),
  /** Finds the best value of a parameter by the recipe's own metric. `values`: just these. */
  z.object({
    kind: z.literal('calibrate'), recipe: z.string().optional(), body: recipe.optional(), options: optionValues.default({}), set: overrides.default({}),
    step: z.string(), param: z.string(), metric: z.string().optional(), values: z.array(z.number()).min(2).max(50).optional()
  }),
  /** A set of edited pictures with known truth, outside of the project. */
  z.object({ kind: z.literal('generate'), spec: generateSpec }),
  /** scan, embed, duplicates, pseudo, one after the other: the button of a first start. */
  z.object({ kind: z.literal('prepare'), modelId: z.string().optional() })
])
export type JobRequest = z.infer<typeof jobRequest>
export type JobRequestInput = z.input<typeof jobRequest>

export const jobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'])
export type JobState = z.infer<typeof jobState>

export const job = z.object({
  id,
  kind: z.string(),
  title: z.string(),
  state: jobState,
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  progress: progress.nullable(),
  /** One sentence on what came out. */
  result: z.string().nullable(),
  /** What it gave, for the program that asked (export summary, verify report…). */
  data: z.unknown(),
  error: z.string().nullable(),
  failures: z.number(),
  /** For example "embedding runs on cpu; cuda: libcudart.so.12 was not found". */
  notes: z.array(z.string())
})
export type Job = z.infer<typeof job>

export const jobFailure = z.object({
  item: z.number(),
  imageId: id.nullable(),
  subject: z.string(),
  reason: z.string(),
  detail: z.string()
})
export type JobFailure = z.infer<typeof jobFailure>
