import { z } from 'zod'
import { defaultTruncation, diffusionDefaults } from '../../rerank/diffusion.ts'
import { diffuseInThreads } from '../../rerank/diffusionPool.ts'
import { writeGraph } from '../../rerank/graphArtefact.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { ownNeighbours } from '../../rerank/ownNeighbours.ts'
import { counted } from '../../review/sentences.ts'
import { stackVectors } from '../namedRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { expectSameDim, modelsOfAll, readVectors } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'diffusion-offline',
  title: 'Diffusion, offline part',
  about:
    'Spreads each image over the graph of mutual neighbours of all queries and references: what it reaches, and how strongly, is what the diffusion search compares. ' +
    'The long part of diffusion, made once; the early stop of the solver is part of the result.',
  source: rerankMethods.diffusion.source,
  version: 1,
  params: z.object({
    truncation: z.int().min(2).max(10_000).default(defaultTruncation).describe('How many nearest images each one is spread over, itself counted.'),
    neighbours: z.int().min(1).max(1000).default(diffusionDefaults.neighbours).describe('Two images are joined where each is among the other’s nearest so many.'),
    gamma: z.number().min(0.1).max(20).default(diffusionDefaults.gamma).describe('Power of the similarity on the graph.'),
    alpha: z.number().min(0).max(0.9999).default(diffusionDefaults.alpha).describe('Weight of the graph against the start.'),
    iterations: z.int().min(1).max(1000).default(diffusionDefaults.iterations).describe('The solver stops here in any case; more iterations give another ranking.'),
    tolerance: z.number().min(1e-12).max(0.1).default(diffusionDefaults.tolerance).describe('The solver stops at this relative residual.')
  }),
  inputs: { queries: { kinds: ['vectors'], about: 'the queries: nodes of the graph too' }, references: { kinds: ['vectors'], about: 'what is searched' } },
  output: 'graph',
  runsIn: 'process',
  transductive: true
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, inputs, { truncation, ...options }) => {
  const queries = await readVectors(inputs.queries, { unit: true })
  const references = await readVectors(inputs.references, { unit: true })
  expectSameDim('The queries', queries.matrix, 'the references', references.matrix)
  const { matrix: rows, images, parts } = stackVectors(queries, references)
  report(0, rows.rows, 'neighbours')
  const begun = performance.now()
  const neighbours = await ownNeighbours(rows, { from: 0, to: rows.rows }, Math.min(truncation, rows.rows), await blas(), { signal })
  const searched = performance.now()
  const offline = await diffuseInThreads(neighbours, options, { signal, report: (done, total) => report(done, total, 'diffusion') })
  await writeGraph(out, { images, parts, queries: queries.images.length, rows: offline }, `${counted(rows.rows, 'image')} spread over ${(offline.indices.length / Math.max(1, rows.rows)).toFixed(0)} each`, {
    models: modelsOfAll([inputs.queries, inputs.references]), searchSeconds: (searched - begun) / 1000, solveSeconds: (performance.now() - searched) / 1000, transductive: true
  })
}
