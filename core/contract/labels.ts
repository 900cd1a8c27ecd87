import { z } from 'zod'
import { histogram, id } from './common.ts'
import { imageRow } from './images.ts'

export const labelClass = z.object({
  id,
  name: z.string(),
  given: z.number(),
  human: z.number(),
  predicted: z.number(),
  /** Up to three labelled images that stand for the class. */
  exemplars: z.array(id)
})
export type LabelClass = z.infer<typeof labelClass>

export const labelRun = z.object({
  id,
  kind: z.enum(['folders', 'csv', 'knn']),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  descriptorId: id.nullable(),
  model: z.string().nullable(),
  predicted: z.number(),
  open: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  scores: histogram.nullable()
})
export type LabelRun = z.infer<typeof labelRun>

export const queueOrder = z.enum(['surest', 'least-sure', 'smallest-margin', 'class', 'path'])
export type QueueOrder = z.infer<typeof queueOrder>

export const labelQueueRequest = z.object({
  runId: id,
  order: queueOrder.default('surest'),
  classId: id.optional(),
  minScore: z.number().optional(),
  maxScore: z.number().optional(),
  state: z.enum(['open', 'decided', 'all']).default('open')
})
export type LabelQueueRequest = z.infer<typeof labelQueueRequest>

export const candidate = z.object({
  classId: id,
  className: z.string(),
  /** The share of the vote, 0..1. */
  score: z.number(),
  nearest: z.object({ imageId: id, similarity: z.number() }).nullable(),
  exemplars: z.array(id)
})
export type Candidate = z.infer<typeof candidate>

export const labelItem = z.object({ image: imageRow, candidates: z.array(candidate) })
export type LabelItem = z.infer<typeof labelItem>

export const csvImportReport = z.object({
  runId: id,
  rows: z.number(),
  matched: z.number(),
  missing: z.number(),
  duplicated: z.number(),
  classes: z.number(),
  newClasses: z.array(z.string()),
  /** The first few rows that did not fit, with the line. */
  problems: z.array(z.object({ line: z.number(), message: z.string() }))
})
export type CsvImportReport = z.infer<typeof csvImportReport>
