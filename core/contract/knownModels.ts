import { z } from 'zod'
import { localFeaturesCard } from './localFeatures.ts'
import { modelCard } from './models.ts'
import { viewPlan } from './views.ts'

/** A file that its authors publish. What nobody could find out stands as null. */
export const publishedWeights = z.strictObject({
  file: z.string().min(1),
  address: z.url().nullable(),
  bytes: z.int().positive().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
  /** What is known of it, and from where. */
  note: z.string().default('')
})

const about = {
  /** From weights to a card: what the original did, and what is not in the card's fields. */
  notes: z.array(z.string().min(1)).default([]),
  weights: z.array(publishedWeights).min(1),
  export: z.strictObject({
    /** Relative to Winnow's folder. */
    script: z.string().regex(/^models\/export\/[a-z0-9_]+\.py$/),
    command: z.string().min(1),
    /** Python packages it needs. */
    needs: z.array(z.string()),
    /** What was run on the machine that Winnow was made on, and what was not. */
    run: z.array(z.string().min(1)),
    notRun: z.array(z.string().min(1))
  }),
  /** At which sizes and how often the original embedded each picture; null where it was one view. */
  views: z.strictObject({ what: z.string().min(1), plan: viewPlan }).nullable().default(null)
}

/**
 * A model that Winnow knows but does not bring along: its card but for the file, where its weights are, and the script that makes an ONNX
 * file of them. A template: `models add --card ID` fills a card from it.
 */
export const knownModel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedding'),
    card: modelCard.omit({ file: true, sha256: true }),
    /** Lengths that an export may have besides the card's, such as after a PCA that was folded in. */
    otherDims: z.array(z.int().min(2)).default([]),
    ...about
  }),
  z.strictObject({ kind: z.literal('localFeatures'), card: localFeaturesCard.omit({ kind: true, file: true, sha256: true }), ...about })
])
export type KnownModel = z.infer<typeof knownModel>
export type KnownEmbedding = Extract<KnownModel, { kind: 'embedding' }>
