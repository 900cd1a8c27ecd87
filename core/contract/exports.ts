import { z } from 'zod'
import { id, selection } from './common.ts'

export const exportFormat = z.enum(['imagefolder', 'csv', 'jsonl'])
export type ExportFormat = z.infer<typeof exportFormat>
export const mediaMode = z.enum(['copy', 'hardlink', 'symlink', 'list'])
export type MediaMode = z.infer<typeof mediaMode>

export const exportSpec = z.object({
  target: z.string().min(1),
  format: exportFormat.default('imagefolder'),
  media: mediaMode.default('copy'),
  /** Which images: default every ready image that is not dropped. */
  selection: selection.optional(),
  /** Leave out images without a class (imagefolder only: they would go to _unlabelled). */
  labelledOnly: z.boolean().default(false),
  /** Leave out images that are marked unsure. */
  withoutUnsure: z.boolean().default(true),
  /** split/class/file instead of class/file, the split being the image's role */
  splitFolders: z.boolean().default(false),
  /** Where a hardlink cannot be made (another volume), copy instead of failing. */
  copyIfLinkFails: z.boolean().default(false)
})
export type ExportSpec = z.infer<typeof exportSpec>

export const exportPlan = z.object({
  images: z.number(),
  bytes: z.number(),
  freeBytes: z.number().nullable(),
  excluded: z.array(z.object({ reason: z.string(), count: z.number() })),
  classes: z.array(z.object({ name: z.string(), folder: z.string(), count: z.number() })),
  /** Names that would have met and how they were told apart. */
  renamed: z.number(),
  renamedExamples: z.array(z.object({ from: z.string(), to: z.string() })),
  /** What stands in the way: the export refuses to start while this is not empty. */
  conflicts: z.array(z.object({ message: z.string(), count: z.number() })),
  warnings: z.array(z.string()),
  tree: z.array(z.string()),
  firstRows: z.array(z.string()),
  command: z.string()
})
export type ExportPlan = z.infer<typeof exportPlan>

export const exportSummary = z.object({
  id,
  at: z.number(),
  target: z.string(),
  format: exportFormat,
  media: mediaMode,
  images: z.number(),
  bytes: z.number(),
  excluded: z.number(),
  manifestSha256: z.string(),
  milliseconds: z.number()
})
export type ExportSummary = z.infer<typeof exportSummary>

export const verifyReport = z.object({
  target: z.string(),
  ok: z.boolean(),
  checked: z.number(),
  bytes: z.number(),
  changed: z.array(z.string()),
  missing: z.array(z.string()),
  extra: z.array(z.string()),
  /** Counts, as the lists stop at 100 names each. */
  counts: z.object({ changed: z.number(), missing: z.number(), extra: z.number() }),
  message: z.string()
})
export type VerifyReport = z.infer<typeof verifyReport>
