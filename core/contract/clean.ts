import { z } from 'zod'
import { id } from './common.ts'

/** What v says: inliers of a verified pair (rising is stricter), or the worse rank of a pair in each other's lists (falling is stricter). */
export const cleanEvidence = z.enum(['inliers', 'mutual-rank'])
export type CleanEvidence = z.infer<typeof cleanEvidence>

/** One cell of a sweep: an image is clean with at least f pairs whose evidence is enough by v. */
export const cleanCellAt = z.object({ v: z.int().min(1), f: z.int().min(1) })
export type CleanCellAt = z.infer<typeof cleanCellAt>

/** A sweep; `runId` for one that a trial of other parameters made, which stands in no run. */
export const cleanSource = z.object({ resultId: id, runId: id.optional() })
export type CleanSource = z.infer<typeof cleanSource>

export const cleanGridSummary = z.object({
  resultId: id,
  runId: id,
  /** The step of the run that made it. */
  step: z.string(),
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
  recipeCell: cleanCellAt.extend({ step: z.string() }).nullable(),
  /** The step that gave the pairs: the source of their evidence. */
  pairsStep: z.string().nullable(),
  /** Where the run has a truth of it. In `right` and `judged` entries are as in `cells`. */
  truth: z.object({
    /** Images that the truth calls clean, in the sweep or not. */
    clean: z.number(),
    /** Kept and clean; kept and in the truth. Precision is right / judged, recall right / clean. */
    right: z.array(z.number()),
    judged: z.array(z.number())
  }).nullable()
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
  pairs: z.number(),
  /** Evidence of its best pair: most inliers, or the best rank; 0 where it has none, null where the sweep did not note it. */
  strongest: z.number().nullable(),
  /** Whether the run's truth calls it clean; null where that says nothing of it. */
  clean: z.boolean().nullable()
})
export type CleanImage = z.infer<typeof cleanImage>

const heldView = z.object({ viewId: z.string(), count: z.number() })

export const cleanCell = cleanCellAt.extend({
  images: z.object({ kept: z.number(), tooFewPairs: z.number(), classTooSmall: z.number() }),
  classes: z.object({ kept: z.number(), dropped: z.number() }),
  /** All of them, by class; fetched from `view/<viewId>`. */
  kept: heldView,
  dropped: heldView,
  /** Some of each, those nearest to the border first. */
  samples: z.object({ kept: z.array(cleanImage), dropped: z.array(cleanImage) }),
  /** What choosing this cell would do now. */
  choice: z.object({
    drops: z.number(),
    /** Not kept by the cell, and dropped already. */
    droppedAlready: z.number(),
    /** Not kept by the cell, but kept by a person or protected: they stay. */
    spared: z.number(),
    /** Kept by the cell, and dropped by one that was chosen before: choosing brings them back. */
    returns: z.number(),
    /** Kept by the cell, but dropped by hand or as duplicates: choosing does not bring them back. */
    keptButDropped: z.number()
  })
})
export type CleanCell = z.infer<typeof cleanCell>

export const cleanCellRequest = cleanCellAt.extend({
  ...cleanSource.shape,
  sample: z.int().min(0).max(200).default(24),
  /** Views and samples of this class only; the counts stay those of the whole cell. */
  label: z.int().min(0).optional()
})
export type CleanCellRequest = z.infer<typeof cleanCellRequest>

export const cleanSide = z.enum(['kept', 'dropped'])
export type CleanSide = z.infer<typeof cleanSide>

/** One side of a cell, a page at a time: nearest to the border (of being dropped, of being kept) first. */
export const cleanImagesRequest = cleanCellAt.extend({
  ...cleanSource.shape,
  side: cleanSide,
  /** Images of this class only. */
  label: z.int().min(0).optional(),
  /** Only those that are on the other side in this cell. */
  against: cleanCellAt.optional(),
  offset: z.int().min(0).default(0),
  limit: z.int().min(0).max(200).default(60)
})
export type CleanImagesRequest = z.infer<typeof cleanImagesRequest>
export const cleanImages = z.object({ total: z.number(), rows: z.array(cleanImage) })
export type CleanImages = z.infer<typeof cleanImages>

export const cleanWitnessesRequest = cleanCellAt.extend({ ...cleanSource.shape, imageId: id, limit: z.int().min(1).max(200).default(100) })
export type CleanWitnessesRequest = z.infer<typeof cleanWitnessesRequest>
/** The pairs of one image: what speaks for it, the strongest first. */
export const cleanWitnesses = z.object({
  image: cleanImage,
  total: z.number(),
  rows: z.array(z.object({
    imageId: id,
    /** Inliers, or mutual rank (0: only one found the other). */
    evidence: z.number(),
    /** Of the descriptors. */
    similarity: z.number(),
    /** Enough at this v. */
    counts: z.boolean(),
    fate: cleanFate
  }))
})
export type CleanWitnesses = z.infer<typeof cleanWitnesses>

/** vanishing: classes that are gone first, the largest ahead, then those that lose the greatest share. */
export const cleanClassOrder = z.enum(['vanishing', 'most-dropped', 'largest', 'name'])
export type CleanClassOrder = z.infer<typeof cleanClassOrder>
export const cleanClassesRequest = cleanCellAt.extend({
  ...cleanSource.shape,
  order: cleanClassOrder.default('most-dropped'),
  /** Part of the class's name. */
  text: z.string().max(200).optional(),
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
