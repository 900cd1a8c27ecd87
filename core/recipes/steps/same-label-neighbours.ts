import { join } from 'node:path'
import { z } from 'zod'
import { labelledImages } from '../../clean/labelColumn.ts'
import { PairSpool } from '../../clean/pairSpool.ts'
import { sameLabelNeighbours } from '../../clean/sameLabelNeighbours.ts'
import { normaliseRows } from '../../domain/matrix.ts'
import { WinnowError } from '../../domain/errors.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { counted } from '../../review/sentences.ts'
import { readLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'same-label-neighbours',
  title: 'Neighbours of the same class',
  about:
    'For each labelled image those of its own class that are among its nearest of the whole set: the pairs whose evidence decides what is clean. ' +
    'An image that lies among strangers finds few or none. Images without a label take part as neighbours of others.',
  source: 'Landmark 2019, 1st retrieval / 3rd recognition (lyakaap), exp/delf/matching_localfeatures.py; Ozaki and Yokoo, arXiv 1906.04087',
  version: 1,
  params: z.object({
    k: z.int().min(2).max(65_536).default(1000).describe('How many nearest of the whole set are looked at, the image itself among them.'),
    most: z.int().min(2).max(10_000).default(100).describe('How many of them with the same label are kept, the image itself counted: 100 leave at most 99 pairs.')
  }),
  inputs: {
    vectors: { kinds: ['vectors'], about: 'one vector an image, of the whole set' },
    labels: { kinds: ['labels'], about: 'the classes of the images' }
  },
  output: 'pairs',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, note, out, report, scratch, signal }, inputs, { k, most }) => {
  const [{ matrix, images, parts }, given] = await Promise.all([readVectors(inputs.vectors), readLabels(inputs.labels)])
  if (new IntIndex(images).repeated > 0) throw new WinnowError('BAD_INPUT', 'Several vectors of one image came (parts, or several views). Cleaning compares whole images: give it one vector an image.')
  // The order by Euclidean distance, which the rule speaks of, is the order by inner product only for unit vectors.
  normaliseRows(matrix.data, matrix.dim)
  const labelled = labelledImages(given.images, given.labels)
  const rowOf = new IntIndex(labelled.images)
  const classOf = images.map((image) => labelled.labels[rowOf.find(image)] ?? -1)
  const without = classOf.filter((label) => label < 0).length
  if (without > 0) note(`${counted(without, 'image has no label and no pairs of its own', 'images have no label and no pairs of their own')}; as neighbours of others they count.`)
  const embedded = new IntIndex(images)
  const unseen = labelled.images.filter((image) => embedded.find(image) < 0).length
  if (unseen > 0) note(`${counted(unseen, 'labelled image has no vector and so', 'labelled images have no vector and so')} no pairs: not clean. Embed them first.`)

  const spool = await PairSpool.open(join(scratch, 'pairs'))
  report(spool.rowsDone, images.length)
  for await (const block of sameLabelNeighbours({ vectors: matrix, classOf, blas: await blas(), k, most, from: spool.rowsDone, signal })) {
    await spool.append(block)
    report(spool.rowsDone, images.length)
  }
  // One column after the other: together they may be larger than the vectors.
  for (const [side, column] of [['a', 'queries'], ['b', 'references']] as const) {
    const rows = await spool.column(column)
    await out.column(`${side}Part`, rows.map((row) => parts[row] as number))
    await out.column(side, rows.map((row) => images[row] as number))
  }
  await out.column('score', await spool.column('similarities'))
  await out.column('rank', await spool.column('ranks'))
  const asking = new Set(await spool.column('queries')).size
  await out.finish('pairs', `${counted(spool.pairs, 'pair')} of the same class, of ${counted(asking, 'image')}`, {
    pairs: spool.pairs, images: images.length, labelled: images.length - without, withPairs: asking, order: 'by image a, its nearest first'
  })
}
