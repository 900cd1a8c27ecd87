import { z } from 'zod'
import { readImages, writeLabels } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'labels',
  title: 'Read labels',
  about: 'The classes (or identities) that the images have in the project.',
  source: '',
  version: 2,
  params: z.object({
    source: z.enum(['effective', 'human', 'given', 'identity']).default('effective').describe('effective: what a person said, else what came with the data.')
  }),
  inputs: { images: { kinds: ['images'], about: 'only of these', optional: true } },
  output: 'labels',
  runsIn: 'engine',
  cheap: true
})

export const fingerprint: Fingerprint<typeof definition> = async ({ project }, { source }) => await project.read.recipeInputs.labelsHash(source)

export const run: EngineRun<typeof definition> = async ({ out, job }, { images }, { source }) => {
  const { imageIds, labels, names } = await job.project.read.recipeInputs.labels(source, images ? await readImages(images) : null)
  await writeLabels(out, { images: imageIds, labels, scores: new Float32Array(labels.length).fill(1) }, `${imageIds.length.toLocaleString('en')} labels of ${names.length.toLocaleString('en')} classes`, { names, classes: names.length })
}
