import { z } from 'zod'
import { rerankMethods } from '../../rerank/methods.ts'
import { expandQueries } from '../../rerank/queryExpansion.ts'
import { counted } from '../../review/sentences.ts'
import { writeVectors } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, modelsOfAll, readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'query-expansion',
  ...rerankMethods['query-expansion'],
  about:
    'Replaces each query by the mean of itself and its nearest neighbours, near ones counting more (similarity to the power of alpha). Search with the new queries. ' +
    'With the pool "all" a query is also moved by other queries, as in Landmark 2019; "references" leaves each query to itself.',
  transductive: ({ pool }) => pool !== 'references',
  version: 1,
  params: z.object({
    alpha: z.number().min(0).max(100).default(3).describe('Power of the similarity that a neighbour counts with; 0: all count the same.'),
    neighbours: z.int().min(1).max(10_000).default(10).describe('Neighbours that count, the query itself being the first.'),
    pool: z.enum(['all', 'references']).default('all').describe('Where neighbours come from: queries and references, or references only.')
  }),
  inputs: { queries: { kinds: ['vectors'], about: 'queries to expand' }, references: { kinds: ['vectors'], about: 'what they are searched in' } },
  output: 'vectors',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, signal }, inputs, { alpha, neighbours, pool }) => {
  const queries = await readVectors(inputs.queries, { unit: true })
  const references = await readVectors(inputs.references, { unit: true })
  expectSameDim('The queries', queries.matrix, 'the references', references.matrix)
  const images = { queries: queries.images, references: references.images }
  const matrix = await expandQueries(queries.matrix, references.matrix, await blas(), { alpha, count: neighbours, pool, images, signal })
  await writeVectors(out, { ...queries, matrix }, { models: modelsOfAll([inputs.queries]), summary: `${counted(matrix.rows, 'query', 'queries')} expanded by ${neighbours - 1} neighbours each`, facts: { alpha, neighbours, pool, transductive: pool === 'all' } })
}
