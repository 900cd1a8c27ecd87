import { z } from 'zod'

export const id = z.int().nonnegative()
export const ids = z.array(id)

/** What an image is for. `reference` is also called index or gallery. */
export const imageRole = z.enum(['train', 'reference', 'query', 'negative', 'test'])
export type ImageRole = z.infer<typeof imageRole>

/** Which images an act is about: a list, or everything in a view that the engine still holds. */
export const selection = z.union([z.object({ ids }), z.object({ viewId: z.string() })])
export type Selection = z.infer<typeof selection>

/** Numbers for a bar: how far, how fast, how long. */
export const progress = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  ratePerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  message: z.string().optional()
})
export type Progress = z.infer<typeof progress>

/** A histogram over [from, to]; `counts[i]` covers the i-th of equal parts. */
export const histogram = z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) })
export type Histogram = z.infer<typeof histogram>
