import { z } from 'zod'
import { id } from './common.ts'

/** What v says: inliers of a verified pair (rising is stricter), or the worse rank of a pair in each other's lists (falling is stricter). */
export const cleanEvidence = z.enum(['inliers', 'mutual-rank'])
export type CleanEvidence = z.infer<typeof cleanEvidence>

/** One cell of a sweep: an image is clean with at least f pairs whose evidence is enough by v. */
export const cleanCellAt = z.object({ v: z.int().min(1), f: z.int().min(1) })
export type CleanCellAt = z.infer<typeof cleanCellAt>

export const cleanGridSummary = z.object({
  resultId: id,
  runId: id,
  recipe: z.string(),
  /** Of the run. */
  title: z.string(),
  madeAt: z.number(),
  evidence: cleanEvidence,
  images: z.number(),
  classes: z.number()
})
export type CleanGridSummary = z.infer<typeof cleanGridSummary>

export const cleanGrid = cleanGridSummary.extend({
  /** v, from mild to strict, and f, rising. */
  values: z.array(z.number()),
  frequencies: z.array(z.number()),
  /** Clean images that a class needs to stay. */
  leastImages: z.number(),
  pairs: z.number(),
  /** What each cell keeps; entry i * frequencies.length + j is values[i], frequencies[j]. */
  cells: z.object({ images: z.array(z.number()), classes: z.array(z.number()) }),
  /** The cell that the recipe itself takes, where it has a step for that. */
  recipeCell: cleanCellAt.nullable()
})
export type CleanGrid = z.infer<typeof cleanGrid>

/** too-few-pairs: not clean. class-too-small: clean, but too few others of its class are. */
export const cleanFate = z.enum(['kept', 'too-few-pairs', 'class-too-small'])
export type CleanFate = z.infer<typeof cleanFate>

export const cleanImage = z.object({
  imageId: id,
  label: z.number(),
  className: z.string(),
  fate: cleanFate,
  /** Pairs of it with enough evidence at this v; 255 stands for that many or more. */
  pairs: z.number()
})
export type CleanImage = z.infer<typeof cleanImage>

const heldView = z.object({ viewId: z.string(), count: z.number() })

export const cleanCell = cleanCellAt.extend({
  images: z.object({ kept: z.number(), tooFewPairs: z.number(), classTooSmall: z.number() }),
  classes: z.object({ kept: z.number(), dropped: z.number() }),
  /** All of them, by class; fetched from `view/<viewId>`. */
  kept: heldView,
  dropped: heldView,
  /** Some of each, drawn evenly over the classes. */
  samples: z.object({ kept: z.array(cleanImage), dropped: z.array(cleanImage) }),
  /** What choosing this cell would do now. */
  choice: z.object({
    drops: z.number(),
    /** Not kept by the cell, and dropped already. */
    droppedAlready: z.number(),
    /** Not kept by the cell, but kept by a person or protected: they stay. */
    spared: z.number(),
    /** Kept by the cell, but dropped already, perhaps by another cell that was chosen before: choosing does not bring them back. */
    keptButDropped: z.number()
  })
})
export type CleanCell = z.infer<typeof cleanCell>

export const cleanCellRequest = cleanCellAt.extend({
  resultId: id,
  sample: z.int().min(0).max(200).default(24),
  /** Views and samples of this class only; the counts stay those of the whole cell. */
  label: z.int().min(0).optional()
})
export type CleanCellRequest = z.infer<typeof cleanCellRequest>

export const cleanClassOrder = z.enum(['most-dropped', 'largest', 'name'])
export type CleanClassOrder = z.infer<typeof cleanClassOrder>
export const cleanClassesRequest = cleanCellAt.extend({
  resultId: id,
  order: cleanClassOrder.default('most-dropped'),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(50)
})
export type CleanClassesRequest = z.infer<typeof cleanClassesRequest>

export const cleanClasses = z.object({
  total: z.number(),
  rows: z.array(z.object({
    label: z.number(),
    name: z.string(),
    images: z.number(),
    /** Images that are clean themselves, and those that stay: all of the clean ones, or none where they are too few. */
    clean: z.number(),
    kept: z.number()
  }))
})
export type CleanClasses = z.infer<typeof cleanClasses>
