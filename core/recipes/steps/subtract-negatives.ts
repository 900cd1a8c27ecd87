import { z } from 'zod'
import { subtractNegatives } from '../../descriptors/negatives.ts'
import { counted } from '../../review/sentences.ts'
import { rowBlocks } from '../../search/rowReader.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'subtract-negatives',
  title: 'Subtract negatives',
  about: 'Takes away from each descriptor a share of the mean of its nearest negatives: what a picture has in common with many unrelated ones. Do it to queries and references alike.',
  source: 'Yokoo 2021, negative embedding subtraction; ISC21 (lyakaap), scripts/postprocess.py: k 10, beta 0.35, once',
  version: 1,
  params: z.object({
    k: z.int().min(1).max(1000).default(10).describe('Nearest negatives that are averaged.'),
    beta: z.number().min(0).max(2).default(0.35).describe('How much of their mean is taken away.'),
    iterations: z.int().min(1).max(10).default(1).describe('How often; the nearest are searched again each time.')
  }),
  inputs: {
    vectors: { kinds: ['vectors'], about: 'descriptors of queries or references' },
    negatives: { kinds: ['vectors'], about: 'the negatives, cleared of what matches queries or references' }
  },
  output: 'vectors',
  runsIn: 'process'
})

const rowsAtOnce = 16_384

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, { vectors, negatives: artefact }, params) => {
  await withReaders([vectors, artefact], { unit: true }, async ([reader, negatives]) => {
    if (!reader || !negatives) return
    expectSameDim('The descriptors', reader, 'the negatives', negatives)
    const matrix = await negatives.matrix()
    const data = new Float32Array(reader.rows * reader.dim)
    for await (const { from, matrix: block } of rowBlocks(reader, rowsAtOnce)) {
      data.set((await subtractNegatives(block, matrix, { ...params, signal }, await blas())).data, from * reader.dim)
      report(from + block.rows, reader.rows)
    }
    await writeVectors(out, { matrix: { rows: reader.rows, dim: reader.dim, data }, images: reader.images, parts: reader.parts }, {
      models: reader.models, summary: `${counted(reader.rows, 'descriptor')}, without ${params.beta} of the mean of ${params.k} negatives`
    })
  })
}
