import { z } from 'zod'
import { concatenate } from '../../descriptors/concatenate.ts'
import { WinnowError } from '../../domain/errors.ts'
import { counted } from '../../review/sentences.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { columnsOf, keyName, keysOf } from '../vectorKeys.ts'
import { withReaders } from '../vectorReader.ts'

/** Names in a note. */
const shown = 5

export const definition = defineStep({
  use: 'concat',
  title: 'Join models side by side',
  about: 'Puts the descriptors of several models side by side, each times its weight: an ensemble whose similarity is the models’ own, weighted by the squares. Joined by image and part, never by row.',
  source: 'Landmark 2019 (lyakaap), src/utils.py; final weights 0.5, 1, 1, 0.5, 1, 1',
  version: 1,
  params: z.object({
    weights: z.array(z.number().min(0)).optional().describe('One a model, in the order of the inputs. Left out: all 1.'),
    normaliseEach: z.boolean().default(true).describe('Scale each model’s descriptors to length 1 first, so that only the weights say how much a model counts.'),
    normalise: z.boolean().default(true).describe('Scale the joined descriptors to length 1.'),
    missing: z.enum(['error', 'leave-out']).default('error').describe('An image that one of the models does not describe: stop and name it, or leave it out and count it.')
  }),
  inputs: { vectors: { kinds: ['vectors'], about: 'the descriptors of each model', many: true } },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ note, out, report }, { vectors }, { weights = vectors.map(() => 1), ...options }) => {
  if (weights.length !== vectors.length || !weights.some((weight) => weight > 0)) throw new WinnowError('BAD_INPUT', `Give one weight for each of the ${vectors.length} inputs, not all of them 0; ${weights.length} came.`)
  await withReaders(vectors, { unit: false }, async (readers) => {
    const models = []
    for (const [i, reader] of readers.entries()) {
      models.push({ ids: keysOf(reader), matrix: await reader.matrix(), weight: weights[i] as number })
      report(i + 1, readers.length)
    }
    const modelName = (model: number): string => readers[model]?.models.join(' + ') || `Input ${model + 1}`
    const { ids, matrix, missing } = concatenate(models, { ...options, idName: keyName, modelName })
    for (const [model, keys] of missing.entries()) {
      if (keys.length > 0) note(`${modelName(model)} does not describe ${counted(keys.length, 'part')} that another model does (${keys.slice(0, shown).map(keyName).join('; ')}${keys.length > shown ? '; …' : ''}): left out.`)
    }
    // The whole report, for whoever wants to know each: input number, image, part.
    const lacking = columnsOf(missing.flat())
    await out.column('missingFrom', Int32Array.from(missing.flatMap((keys, model) => keys.map(() => model))))
    await out.column('missingImage', lacking.images)
    await out.column('missingPart', lacking.parts)
    await writeVectors(out, { matrix, ...columnsOf(ids) }, {
      models: [...new Set(readers.flatMap((reader) => reader.models))],
      summary: `${counted(matrix.rows, 'descriptor')} of ${matrix.dim} values from ${counted(vectors.length, 'model')}`,
      facts: { missing: missing.map(({ length }) => length) }
    })
  })
}
