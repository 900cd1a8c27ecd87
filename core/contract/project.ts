import { z } from 'zod'
import { id, imageRole } from './common.ts'

export const rootSpec = z.object({
  path: z.string().min(1),
  role: imageRole.default('train'),
  protected: z.boolean().default(false),
  labelsFromFolders: z.boolean().default(true),
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  svg: z.boolean().default(false)
})
export type RootSpec = z.infer<typeof rootSpec>

/** What may be changed of a folder; what is left out stays. Not `rootSpec.partial()`, which would fill the gaps with defaults. */
export const rootChanges = z.object({
  path: z.string().min(1),
  role: imageRole,
  protected: z.boolean(),
  labelsFromFolders: z.boolean(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  svg: z.boolean()
}).partial()

export const root = rootSpec.required().extend({
  id,
  addedAt: z.number(),
  scannedAt: z.number().nullable(),
  images: z.number(),
  problems: z.number(),
  /** false where the folder cannot be reached now */
  reachable: z.boolean()
})
export type Root = z.infer<typeof root>

/** A known dataset: which of its folders plays which role, and what its tables are good for. */
export const datasetLayout = z.object({
  kind: z.enum(['isc', 'gldv2', 'pet']),
  title: z.string(),
  /** `folder` below the one that was looked at; '' is that one. */
  sets: z.array(z.object({ folder: z.string(), title: z.string(), role: imageRole })),
  files: z.array(z.object({ path: z.string(), use: z.enum(['truth', 'read-labels', 'read-vectors', 'read-pairs']), title: z.string() }))
})
export type DatasetLayout = z.infer<typeof datasetLayout>

/** What lies in a folder before it is added: counted from names alone, nothing is decoded. */
export const rootPreview = z.object({
  path: z.string(),
  images: z.number(),
  bytes: z.number(),
  formats: z.array(z.object({ format: z.string(), count: z.number() })),
  classes: z.array(z.object({ name: z.string(), count: z.number() })),
  unreadable: z.number(),
  /** true when counting stopped early, so the numbers are "at least" */
  partial: z.boolean(),
  /** Where it is laid out as one of the published sets. */
  layout: datasetLayout.nullable(),
  estimate: z.object({ model: z.string(), provider: z.string(), seconds: z.number() }).nullable()
})
export type RootPreview = z.infer<typeof rootPreview>

export const projectInfo = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  createdAt: z.number(),
  schemaVersion: z.number(),
  sample: z.boolean(),
  counts: z.object({
    images: z.number(), ready: z.number(), failed: z.number(), missing: z.number(), new: z.number(),
    labelled: z.number(), human: z.number(), predicted: z.number(), kept: z.number(), dropped: z.number(), unsure: z.number()
  }),
  roots: z.array(root),
  undo: z.string().nullable(),
  redo: z.string().nullable()
})
export type ProjectInfo = z.infer<typeof projectInfo>

export const recentProject = z.object({
  folder: z.string(),
  name: z.string(),
  openedAt: z.number(),
  images: z.number(),
  toReview: z.number(),
  sample: z.boolean(),
  /** Up to four small pictures as data URLs. */
  mosaic: z.array(z.string()),
  exists: z.boolean()
})
export type RecentProject = z.infer<typeof recentProject>

export const appInfo = z.object({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  face: z.enum(['browser', 'desktop']),
  sampleExists: z.boolean()
})
export type AppInfo = z.infer<typeof appInfo>
