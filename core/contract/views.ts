import { z } from 'zod'

const side = z.int().min(8).max(4096)
const pictureSize = z.object({ width: side, height: side })

/** Sizes by aspect ratio, as in the Landmark 2019 solution: see core/descriptors/viewSizes.ts. */
export const sizeTemplate = z.enum(['SS', 'SS2', 'S', 'S2', 'SM2', 'M', 'M2', 'L', 'L2'])
export type SizeTemplate = z.infer<typeof sizeTemplate>

/** How a picture is first fitted, always by the resampling that the model's card names. */
export const viewBase = z.discriminatedUnion('kind', [
  /** As the card says. */
  z.object({ kind: z.literal('card') }),
  /** As the card's mode says, but to this size. */
  z.object({ kind: z.literal('size'), width: side, height: side }),
  /** To exactly the template's size for its aspect ratio. */
  z.object({ kind: z.literal('template'), template: sizeTemplate }),
  /** The aspect ratio kept, the longest side this long. */
  z.object({ kind: z.literal('longest'), side, enlarge: z.boolean().default(true) })
])
export type ViewBase = z.infer<typeof viewBase>

export const scaledView = z.object({
  /** Scaled from the base, or from the view before it in the list. */
  from: z.enum(['base', 'previous']).default('base'),
  /** Each side times this, rounded down. */
  factor: z.number().min(0.05).max(8).default(1),
  /** Instead of the factor. */
  size: pictureSize.optional()
})
export type ScaledView = z.infer<typeof scaledView>

/**
 * Test-time views: at which sizes, mirrored, turned and degraded how, a picture (or a part of one) is embedded, and how the vectors become
 * one. Every combination counts the same.
 */
export const viewPlan = z.object({
  /** Radius in pixels of a Gaussian blur (Pillow's) before anything else; 0 for none. */
  blur: z.number().min(0).max(200).default(0),
  /** Then without colour: Pillow's greyscale in all three channels. */
  grey: z.boolean().default(false),
  base: viewBase.prefault({ kind: 'card' }),
  scales: z.array(scaledView).min(1).max(16).prefault([{}]),
  /** How scaled views are made: F.interpolate of the fitted picture. Sides are rounded down to a multiple, but no smaller than the minimum. */
  scaling: z.object({
    interpolation: z.enum(['bilinear', 'bicubic']).default('bilinear'),
    alignCorners: z.boolean().default(false),
    multiple: z.int().min(1).max(128).default(1),
    minimum: z.int().min(1).max(1024).default(1)
  }).prefault({}),
  /** Each view once more, mirrored left to right. */
  flip: z.boolean().default(false),
  /** Quarter turns counter-clockwise, 0 for upright. */
  turns: z.array(z.int().min(0).max(3)).min(1).max(4).default([0]),
  /** Sizes that the picture goes through before it is fitted; null for none. */
  degrade: z.array(pictureSize.nullable()).min(1).max(8).default([null]),
  /** mean: of the vectors as the model gives them, before they are normalised; mean-of-unit: of the normalised ones, normalised again; concatenate: the normalised ones one after the other, so that a cosine is the mean of the views' cosines */
  combine: z.enum(['mean', 'mean-of-unit', 'concatenate']).default('mean-of-unit')
})
export type ViewPlan = z.infer<typeof viewPlan>
export type ViewPlanInput = z.input<typeof viewPlan>
