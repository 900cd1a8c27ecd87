import { z } from 'zod'
import { id, imageRole } from './common.ts'

export const imageState = z.enum(['new', 'ready', 'failed', 'missing'])
export type ImageState = z.infer<typeof imageState>

/** Why a file did not become a usable image. Each is retryable: a re-scan tries again. */
export const imageFailure = z.enum([
  'unreadable', // the system refused to open or read it
  'empty', // zero bytes
  'not-an-image', // content is no format we know
  'unsupported', // a known format that is switched off or cannot be decoded here (svg)
  'truncated', // the data ends early
  'corrupt', // the decoder gave up
  'too-large', // more pixels than the limit
  'vanished', // it went away between listing and reading
  'crashed' // it killed or hung the process that read it
])
export type ImageFailure = z.infer<typeof imageFailure>

export const verdictValue = z.enum(['keep', 'drop', 'unsure'])
export type VerdictValue = z.infer<typeof verdictValue>

export const labelState = z.enum(['class', 'none', 'unsure'])
export type LabelState = z.infer<typeof labelState>

export const humanLabel = z.object({
  state: labelState,
  classId: id.nullable(),
  className: z.string().nullable(),
  source: z.string(),
  score: z.number().nullable(),
  runId: id.nullable()
})

/** What a grid cell needs. `className` is the effective label: the person's, else the given one. */
export const imageRow = z.object({
  id,
  path: z.string(),
  name: z.string(),
  state: imageState,
  failure: imageFailure.nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  thumb: z.boolean(),
  className: z.string().nullable(),
  labelSource: z.enum(['given', 'human']).nullable(),
  label: humanLabel.nullable(),
  givenClassName: z.string().nullable(),
  prediction: z.object({ className: z.string(), score: z.number() }).nullable(),
  verdict: verdictValue.nullable(),
  verdictReason: z.string().nullable(),
  role: imageRole
})
export type ImageRow = z.infer<typeof imageRow>

export const actEntry = z.object({
  id,
  at: z.number(),
  who: z.string(),
  kind: z.string(),
  summary: z.string(),
  count: z.number(),
  turns: id.nullable(),
  /** Whether its effect stands now (false once undone). */
  stands: z.boolean()
})
export type ActEntry = z.infer<typeof actEntry>

export const imageDetails = imageRow.extend({
  root: z.string(),
  folder: z.string(),
  bytes: z.number(),
  modifiedAt: z.number(),
  failureDetail: z.string().nullable(),
  format: z.string().nullable(),
  colour: z.string().nullable(),
  depth: z.number().nullable(),
  hasAlpha: z.boolean().nullable(),
  orientation: z.number().nullable(),
  sha256: z.string().nullable(),
  pixelHash: z.string().nullable(),
  phash: z.string().nullable(),
  sharpness: z.number().nullable(),
  exposure: z.number().nullable(),
  contrast: z.number().nullable(),
  entropy: z.number().nullable(),
  compression: z.number().nullable(),
  identity: z.string().nullable(),
  fold: z.number().nullable(),
  protected: z.boolean(),
  pinned: z.boolean(),
  keeperId: id.nullable(),
  similarity: z.number().nullable(),
  predictions: z.array(z.object({ runId: id, classId: id, className: z.string(), score: z.number() })),
  descriptors: z.array(z.string()),
  history: z.array(actEntry)
})
export type ImageDetails = z.infer<typeof imageDetails>

/** Every condition must hold; the values inside one condition are alternatives. */
export const imageFilter = z.object({
  text: z.string().optional(),
  state: z.array(imageState).optional(),
  failure: z.array(imageFailure).optional(),
  rootId: z.array(id).optional(),
  folder: z.array(z.string()).optional(),
  format: z.array(z.string()).optional(),
  role: z.array(imageRole).optional(),
  classId: z.array(id).optional(),
  /** labelled: has an effective class; unlabelled: has none; human: a person said it; disagree: given and human (or prediction) differ */
  label: z.array(z.enum(['labelled', 'unlabelled', 'human', 'unsure', 'none', 'disagree'])).optional(),
  verdict: z.array(z.enum(['keep', 'drop', 'unsure', 'undecided'])).optional(),
  minWidth: z.number().optional(),
  minScore: z.number().optional(),
  maxScore: z.number().optional(),
  protected: z.boolean().optional(),
  ids: z.array(id).optional()
})
export type ImageFilter = z.infer<typeof imageFilter>

export const imageSort = z.enum([
  'path', 'newest', 'oldest', 'largest', 'smallest', 'sharpest', 'blurriest', 'brightest', 'darkest', 'class', 'score-high', 'score-low'
])
export type ImageSort = z.infer<typeof imageSort>

/** A filtered, ordered list of ids that the engine holds; the ids are fetched once as Int32 from `view/<viewId>`. */
export const view = z.object({
  viewId: z.string(),
  count: z.number(),
  /** Where each class or folder starts, when the sort groups by it. */
  marks: z.array(z.object({ label: z.string(), index: z.number() }))
})
export type View = z.infer<typeof view>

const facet = z.array(z.object({ value: z.string(), id: id.optional(), count: z.number() }))
export const imageFacets = z.object({
  total: z.number(),
  state: facet,
  failure: facet,
  format: facet,
  role: facet,
  class: facet,
  folder: facet,
  label: facet,
  verdict: facet
})
export type ImageFacets = z.infer<typeof imageFacets>
