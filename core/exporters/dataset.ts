import { z } from 'zod'
import { exportFormat, mediaMode } from '../contract/exports.ts'

const file = z.object({ path: z.string(), bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/** dataset.json: what the export as a whole was made of. The only place that says when. */
export const datasetFile = z.object({
  kind: z.literal('winnow-dataset'),
  version: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  /** Names this very export: the project and the job that made it. */
  exportId: z.string(),
  createdAt: z.string(),
  project: z.object({ id: z.string(), name: z.string() }),
  format: exportFormat,
  media: mediaMode,
  filters: z.object({ selection: z.string(), labelledOnly: z.boolean(), withoutUnsure: z.boolean(), splitFolders: z.boolean() }),
  counts: z.object({ images: z.number(), bytes: z.number(), copiedInsteadOfLinked: z.number(), excluded: z.record(z.string(), z.number()) }),
  classes: z.array(z.object({ name: z.string().nullable(), folder: z.string(), count: z.number() })),
  duplicates: z.unknown(),
  /** Every run that made labels or predictions, with its settings and seeds. */
  runs: z.array(z.unknown()),
  /** The models behind the descriptors: card (preprocessing, SHA-256 of the file) and fingerprint. */
  models: z.array(z.unknown()),
  manifest: file.extend({ lines: z.number() }),
  files: z.array(file)
})
export type DatasetFile = z.infer<typeof datasetFile>

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256')

/** One line of manifest.jsonl, as far as a verification needs it. */
export const manifestLine = z.discriminatedUnion('status', [
  z.object({ status: z.literal('kept'), path: z.string().nullable(), bytes: z.int().nonnegative(), sha256: hex, source: z.object({ root: z.string(), path: z.string(), pathBytes: z.base64().optional() }) }),
  z.object({ status: z.literal('excluded') })
])
export type ManifestLine = z.infer<typeof manifestLine>
