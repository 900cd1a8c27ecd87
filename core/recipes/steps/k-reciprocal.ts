import { z } from 'zod'
import { kReciprocal, kReciprocalDefaults } from '../../rerank/kReciprocal.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { counted } from '../../review/sentences.ts'
import { namedLists, writeReranked } from '../namedRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, modelsOfAll, readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'k-reciprocal',
  ...rerankMethods['k-reciprocal'],
  about:
    'Ranks references by how much of the query’s mutual neighbourhood they share, mixed with the plain distance. Strong where each thing has many pictures, as in re-identification. ' +
    'All queries and references are compared with each other.',
  version: 1,
  params: z.object({
    k1: z.int().min(1).max(1000).default(kReciprocalDefaults.k1).describe('Length of the lists that mutual neighbours are judged by.'),
    k2: z.int().min(1).max(1000).default(kReciprocalDefaults.k2).describe('Each neighbourhood is averaged over so many nearest, itself counted; 1: not at all.'),
    lambda: z.number().min(0).max(1).default(kReciprocalDefaults.lambda).describe('Weight of the plain distance against the shared neighbourhood.'),
    length: z.int().min(1).max(100_000).default(kReciprocalDefaults.length).describe('Length of the lists.')
  }),
  inputs: { queries: { kinds: ['vectors'], about: 'queries' }, references: { kinds: ['vectors'], about: 'what is searched' } },
  output: 'lists',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, signal }, inputs, params) => {
  const queries = await readVectors(inputs.queries, { unit: true })
  const references = await readVectors(inputs.references, { unit: true })
  expectSameDim('The queries', queries.matrix, 'the references', references.matrix)
  const { lists, before } = await kReciprocal(queries.matrix, references.matrix, await blas(), params, { signal, exclude: { queries: queries.images, references: references.images } })
  await writeReranked(out, namedLists(lists, queries, references), before, `${counted(queries.images.length, 'query', 'queries')}, ${params.length} references each`, { models: modelsOfAll([inputs.queries]), transductive: true })
}
