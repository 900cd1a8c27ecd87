import { z } from 'zod'
import { drawRows } from '../../descriptors/drawRows.ts'
import { fitWhitening } from '../../descriptors/whitening.ts'
import { counted } from '../../review/sentences.ts'
import { writeProjection } from '../projection.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'whiten-fit',
  title: 'Learn PCA-whitening',
  about: 'Learns from training images in which directions descriptors vary and how much, so that they can be shortened and every direction made to count the same. Fit it on images that are not searched.',
  source: 'Jégou and Chum 2012; VisionForce (WangWenhao0716): faiss PCAMatrix, 8192 to 1500 values, eigen power -0.5, 20,000 training images; facebookresearch/isc2021',
  version: 1,
  params: z.object({
    size: z.int().min(1).max(16384).default(256).describe('Values of a descriptor afterwards.'),
    power: z.number().min(-1).max(0).default(-0.5).describe('Of the variances: -0.5 makes all directions count the same, 0 only turns and shortens.'),
    most: z.int().min(2).max(1_000_000).default(20_000).describe('At most so many training vectors, drawn at random.'),
    seed: z.int().min(0).default(123).describe('Of the draw.')
  }),
  inputs: { training: { kinds: ['vectors'], about: 'descriptors of training images' } },
  output: 'projection',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, { training }, { size, power, most, seed }) => {
  await withReaders([training], { unit: false }, async ([reader]) => {
    if (!reader) return
    const drawn = drawRows(reader.rows, most, seed)
    const data = new Float32Array(drawn.length * reader.dim)
    for (const [i, row] of drawn.entries()) {
      data.set(await reader.read(row, 1), i * reader.dim)
      if (i % 1024 === 0) report(i, drawn.length, 'reading training vectors')
    }
    report(drawn.length, drawn.length, 'finding the directions')
    const projection = await fitWhitening({ rows: drawn.length, dim: reader.dim, data }, { size, power, signal }, await blas())
    await writeProjection(out, projection, {
      models: reader.models,
      summary: `${reader.dim} to ${size} values, which hold ${(100 * projection.kept).toFixed(1)} % of the variance of ${counted(drawn.length, 'training vector')}`
    })
  })
}
