import { z } from 'zod'
import { augmentNegatives } from '../../descriptors/negatives.ts'
import { counted } from '../../review/sentences.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'augment-negatives',
  title: 'Smooth the negatives',
  about: 'Database augmentation of the negatives: each becomes the weighted mean of its nearest, itself among them, so that what is subtracted later is what many share and not one picture’s own.',
  source: 'ISC21 (lyakaap), scripts/postprocess.py: k 10, alpha 3',
  version: 1,
  params: z.object({
    k: z.int().min(1).max(1000).default(10).describe('Nearest negatives, the negative itself counted.'),
    alpha: z.number().min(0).max(20).default(3).describe('Weights are the similarity to this power.')
  }),
  inputs: { negatives: { kinds: ['vectors'], about: 'the negatives' } },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, { negatives }, { k, alpha }) => {
  await withReaders([negatives], { unit: true }, async ([reader]) => {
    if (!reader) return
    report(0, null, `searching the nearest of ${counted(reader.rows, 'negative')}`)
    const matrix = await augmentNegatives(await reader.matrix(), { k, alpha, signal }, await blas())
    await writeVectors(out, { matrix, images: reader.images, parts: reader.parts }, { models: reader.models, summary: `${counted(matrix.rows, 'negative')}, each with its ${k - 1} nearest` })
  })
}
