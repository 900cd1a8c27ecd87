import { z } from 'zod'
import { id, ids } from './common.ts'
import { imageRow } from './images.ts'

/** The whole sweep of the GLDv2 rule: an image is clean with at least f pairs of evidence >= v; a class is kept with two clean images. */
export const cleanGrid = z.object({
  resultId: id,
  runId: id.nullable(),
  title: z.string(),
  at: z.number(),
  /** What the evidence is: "inliers", "mutual neighbours". */
  evidence: z.string(),
  images: z.number(),
  classes: z.number(),
  v: z.array(z.number()),
  f: z.array(z.number()),
  /** counts[i][j] at v[i], f[j]. */
  keptImages: z.array(z.array(z.number())),
  keptClasses: z.array(z.array(z.number())),
  /** With a truth of which images are clean: precision and recall of what is kept, at each cell. */
  precision: z.array(z.array(z.number().nullable())).nullable(),
  recall: z.array(z.array(z.number().nullable())).nullable(),
  uncalibrated: z.string().nullable()
})
export type CleanGrid = z.infer<typeof cleanGrid>

/** An image of a cell, with why: how many pairs vouch for it, and the strongest. */
export const cleanImage = z.object({ image: imageRow, evidence: z.number(), strongest: z.number(), classId: id, className: z.string() })
export type CleanImage = z.infer<typeof cleanImage>

export const cleanCell = z.object({
  v: z.number(),
  f: z.number(),
  keptImages: z.number(),
  droppedImages: z.number(),
  keptClasses: z.number(),
  droppedClasses: z.number(),
  /** A sample of each, the nearest to the border first. */
  kept: z.array(cleanImage),
  dropped: z.array(cleanImage),
  classes: z.array(z.object({ classId: id, name: z.string(), kept: z.number(), dropped: z.number() }))
})
export type CleanCell = z.infer<typeof cleanCell>

export const cleanGridSummary = cleanGrid.pick({ resultId: true, runId: true, title: true, at: true, evidence: true, images: true, classes: true })
export type CleanGridSummary = z.infer<typeof cleanGridSummary>
export const cellRequest = z.object({ resultId: id, v: z.number(), f: z.number(), sample: z.int().min(1).max(200).default(24), classId: id.optional() })
export const cellMembers = z.object({ kept: ids, dropped: ids })
