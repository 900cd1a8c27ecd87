import { z } from 'zod'
import { averageRows } from '../../descriptors/average.ts'
import { counted } from '../../review/sentences.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { columnsOf, keysOf } from '../vectorKeys.ts'
import { expectSameDim, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'average',
  title: 'Average views',
  about: 'Makes one descriptor of several views of the same image: scales, flips, degraded copies. Over the inputs (each part with its like), or over all parts of an image as well.',
  source: 'Landmark 2019 (lyakaap), exp/v2clean.py: three scales, averaged before normalisation; ISC21 (lyakaap), --tta: six views of unit length',
  version: 1,
  params: z.object({
    over: z.enum(['inputs', 'parts']).default('inputs').describe('inputs: the same part of the same image in every input. parts: all parts of an image, too; the result describes the whole image.'),
    normaliseEach: z.boolean().default(false).describe('Scale every view to length 1 before it is averaged.'),
    normalise: z.boolean().default(true).describe('Scale the averages to length 1.')
  }),
  inputs: { vectors: { kinds: ['vectors'], about: 'views by the same model', many: true } },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ note, out, report }, { vectors }, { over, normaliseEach, normalise }) => {
  await withReaders(vectors, { unit: false }, async (readers) => {
    const inputs = []
    for (const [i, reader] of readers.entries()) {
      expectSameDim('The first views', readers[0] ?? reader, `those of input ${i + 1}`, reader)
      inputs.push({ keys: keysOf(over === 'inputs' ? reader : { images: reader.images, parts: new Int32Array(reader.rows) }), matrix: await reader.matrix() })
      report(i + 1, readers.length)
    }
    const { keys, matrix, counts } = averageRows(inputs, { normaliseEach, normalise })
    const most = counts.reduce((top, count) => Math.max(top, count), 0)
    const fewer = counts.filter((count) => count < most).length
    if (fewer > 0) note(`${counted(fewer, 'descriptor is the mean', 'descriptors are the means')} of fewer views than the ${most} that the others have.`)
    await writeVectors(out, { matrix, ...columnsOf(keys) }, {
      models: [...new Set(readers.flatMap((reader) => reader.models))], summary: `${counted(matrix.rows, 'descriptor')} of ${matrix.dim} values, each the mean of ${most === 1 ? 'one view' : `up to ${most} views`}`, facts: { views: most, fewer }
    })
  })
}
