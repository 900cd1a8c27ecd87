import { z } from 'zod'
import { counted } from '../../review/sentences.ts'
import { bestPairsInBlocks } from '../../search/blockMatch.ts'
import { writePairs } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { offsetsOf, scoreOf, scoreParam, searchInputs, stretchParams } from '../searchParams.ts'
import { expectSameDim, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'best-pairs',
  title: 'Find the best pairs',
  about:
    'The best pairs over all queries and references together, exactly so many, by cosine: a query with many matches gets many pairs, one without gets none. Parts of images are rows of their own. ' +
    'With training vectors, scores are stretched so that queries can be compared with each other.',
  source: 'VisionForce (WangWenhao0716): the best 1,000,000 pairs of each model; facebookresearch/isc2021: ten a query, over all',
  version: 1,
  params: z.object({
    best: z.int().min(1).max(50_000_000).default(500_000).describe('How many pairs.'),
    once: z.boolean().default(false).describe('Queries and references are the same set: each pair once.'),
    excludeSelf: z.boolean().default(true).describe('An image, and any part of it, does not match itself.'),
    score: scoreParam,
    ...stretchParams
  }),
  inputs: searchInputs,
  output: 'pairs',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, inputs, { best, once, excludeSelf, score, ...stretch }) => {
  await withReaders([inputs.queries, inputs.references, ...(inputs.training ? [inputs.training] : [])], { unit: true }, async ([queries, references, training]) => {
    if (!queries || !references) return
    expectSameDim('The queries', queries, 'the references', references)
    const offsets = await offsetsOf(queries, training, stretch, await blas(), signal)
    const found = await bestPairsInBlocks(queries, references, best, {
      ...(offsets ? { offsets } : {}),
      ...(excludeSelf ? { exclude: { queries: queries.images, references: references.images } } : {}),
      once, signal, progress: (share) => report(Math.round(share * queries.rows), queries.rows)
    }, await blas())
    await writePairs(out, {
      a: found.queries.map((row) => queries.images[row] as number), aParts: found.queries.map((row) => queries.parts[row] as number),
      b: found.references.map((row) => references.images[row] as number), bParts: found.references.map((row) => references.parts[row] as number),
      scores: found.scores.map(scoreOf(score))
    }, `The best ${counted(found.scores.length, 'pair')} of ${queries.rows.toLocaleString('en')} x ${references.rows.toLocaleString('en')}`, { queries: queries.rows, references: references.rows, stretched: offsets !== null, score, models: queries.models })
  })
}
