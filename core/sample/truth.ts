import { z } from 'zod'

export const sceneClasses = ['balloons', 'city', 'desert', 'flowers', 'forest', 'mountains', 'sailing', 'village'] as const
export type SceneClass = (typeof sceneClasses)[number]

export const editKinds = ['exact', 'recompress', 'resize', 'crop', 'brightness', 'colour', 'grey', 'mirror', 'rotate', 'blur', 'stamp', 'border', 'format'] as const
export type EditKind = (typeof editKinds)[number]

/** What was planted in the sample. It lies outside every root, and nothing but the scoring reads it. Paths are relative to the images folder. */
export const sampleTruth = z.object({
  version: z.number(),
  seed: z.number(),
  count: z.number(),
  images: z.array(
    z.object({
      path: z.string(),
      class: z.enum(sceneClasses),
      /** The class folder it lies in; null where it lies in none. */
      folder: z.enum(sceneClasses).nullable(),
      /** The original that it was made from, and how. */
      copyOf: z.string().nullable(),
      edit: z.enum(editKinds).nullable(),
      corrupt: z.boolean()
    })
  )
})
export type SampleTruth = z.infer<typeof sampleTruth>
