import { z } from 'zod'
import { whiten } from '../../descriptors/whitening.ts'
import { WinnowError } from '../../domain/errors.ts'
import { counted } from '../../review/sentences.ts'
import { rowBlocks } from '../../search/rowReader.ts'
import { writeVectors } from '../kinds.ts'
import { readProjection } from '../projection.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOf, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'whiten',
  title: 'Apply PCA-whitening',
  about: 'Shortens descriptors with a whitening that was learned on training images. Queries, references and training images must all go through the same one.',
  source: 'Jégou and Chum 2012; VisionForce (WangWenhao0716)',
  version: 1,
  params: z.object({ normalise: z.boolean().default(true).describe('Scale the results to length 1.') }),
  inputs: {
    vectors: { kinds: ['vectors'], about: 'descriptors' },
    projection: { kinds: ['projection'], about: 'the whitening, learned on the same model’s descriptors' }
  },
  output: 'vectors',
  runsIn: 'process'
})

const rowsAtOnce = 8192

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, { vectors, projection: artefact }, { normalise }) => {
  const projection = await readProjection(artefact)
  const learnedFrom = modelsOf(artefact)
  await withReaders([vectors], { unit: false }, async ([reader]) => {
    if (!reader) return
    if (learnedFrom.length > 0 && reader.models.length > 0 && learnedFrom.toSorted().join() !== reader.models.toSorted().join()) {
      throw new WinnowError('BAD_INPUT', `The whitening was learned on descriptors of ${learnedFrom.join(' + ')}, and these come from ${reader.models.join(' + ')}. Learn it on the same model's descriptors.`)
    }
    const data = new Float32Array(reader.rows * projection.matrix.rows)
    for await (const { from, matrix } of rowBlocks(reader, rowsAtOnce)) {
      data.set((await whiten(matrix, projection, { normalise, signal }, await blas())).data, from * projection.matrix.rows)
      report(from + matrix.rows, reader.rows)
    }
    await writeVectors(out, { matrix: { rows: reader.rows, dim: projection.matrix.rows, data }, images: reader.images, parts: reader.parts }, {
      models: reader.models, summary: `${counted(reader.rows, 'descriptor')} of ${projection.matrix.rows} values, from ${reader.dim}`
    })
  })
}
