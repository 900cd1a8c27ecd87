import { z } from 'zod'
import { labelledImages } from '../../clean/labelColumn.ts'
import { WinnowError } from '../../domain/errors.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { augmentLabelled, augmentReferences } from '../../rerank/queryExpansion.ts'
import { gatherRows } from '../../rerank/stackRows.ts'
import { counted } from '../../review/sentences.ts'
import { readLabels, type Vectors, writeVectors } from '../kinds.ts'
import { defineStep, type ProcessContext, type ProcessRun } from '../step.ts'
import { expectSameDim, modelsOfAll, readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'database-augmentation',
  ...rerankMethods['database-augmentation'],
  about:
    'Replaces each reference by the mean of itself and its nearest neighbours, near ones counting more. Neighbours are references, and queries too where they are given (as in Landmark 2019). ' +
    'With labels it is supervised: neighbours of another class count nothing, and images without a label stay as they are.',
  transductive: (_params, { queries = [] }) => queries.length > 0,
  version: 1,
  params: z.object({
    alpha: z.number().min(0).max(100).default(3).describe('Power of the similarity that a neighbour counts with; 0: all count the same.'),
    neighbours: z.int().min(1).max(10_000).default(10).describe('Neighbours that count, the image itself being the first. Landmark 2019: 10; 3 with labels.')
  }),
  inputs: {
    references: { kinds: ['vectors'], about: 'what to augment' },
    queries: { kinds: ['vectors'], about: 'queries that may be neighbours too; makes the step transductive', optional: true },
    labels: { kinds: ['labels'], about: 'classes of the references (of the cleaned ones, say)', optional: true }
  },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async (context, inputs, { alpha, neighbours }) => {
  if (inputs.queries && inputs.labels) throw new WinnowError('BAD_INPUT', 'Queries have no labels: give this step queries or labels, not both.')
  const references = await readVectors(inputs.references, { unit: true })
  const queries = inputs.queries ? await readVectors(inputs.queries, { unit: true }) : null
  if (queries) expectSameDim('The queries', queries.matrix, 'the references', references.matrix)
  const options = { alpha, count: neighbours, signal: context.signal }
  const matrix = inputs.labels
    ? await augmentWithin(context, references, await readLabels(inputs.labels), options)
    : await augmentReferences(queries?.matrix ?? null, references.matrix, await context.blas(), { ...options, images: { queries: queries?.images ?? [], references: references.images } })
  await writeVectors(context.out, { ...references, matrix }, {
    models: modelsOfAll([inputs.references]),
    summary: `${counted(matrix.rows, 'reference')} augmented by ${neighbours - 1} neighbours each${inputs.labels ? ' of the same class' : ''}`,
    facts: { alpha, neighbours, transductive: queries !== null, supervised: inputs.labels !== undefined }
  })
}

/** Only what has a label takes part. */
async function augmentWithin({ blas, note }: ProcessContext, { matrix, images }: Vectors, given: { images: Int32Array; labels: Int32Array }, options: { alpha: number; count: number; signal: AbortSignal }): Promise<Vectors['matrix']> {
  const labelled = labelledImages(given.images, given.labels)
  const index = new IntIndex(labelled.images)
  const rows = Int32Array.from(images.keys()).filter((row) => index.find(images[row] as number) >= 0)
  if (rows.length < matrix.rows) note(`${counted(matrix.rows - rows.length, 'vector')} without a label: left as they are.`)
  const labels = rows.map((row) => labelled.labels[index.find(images[row] as number)] as number)
  const found = await augmentLabelled(gatherRows(matrix, rows), labels, await blas(), { ...options, images: { queries: [], references: rows.map((row) => images[row] as number) } })
  const data = matrix.data.slice()
  rows.forEach((row, i) => data.set(found.data.subarray(i * matrix.dim, (i + 1) * matrix.dim), row * matrix.dim))
  return { ...matrix, data }
}
