import { z } from 'zod'
import { counted } from '../../review/sentences.ts'
import { nearestInBlocks } from '../../search/blockMatch.ts'
import { writeLists } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { offsetsOf, scoreOf, scoreParam, searchInputs, stretchParams } from '../searchParams.ts'
import { expectSameDim, withReaders } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'match',
  title: 'Find the nearest',
  about: 'For each query its most similar references, exactly, by cosine. Parts of images are rows of their own. With training vectors, scores are stretched so that one threshold serves all queries.',
  source: 'ISC21 (lyakaap), scripts/postprocess.py; score normalization of facebookresearch/isc2021 as VisionForce uses it',
  version: 1,
  params: z.object({
    k: z.int().min(1).max(10_000).default(10).describe('References a query.'),
    excludeSelf: z.boolean().default(true).describe('An image, and any part of it, is not its own neighbour.'),
    score: scoreParam,
    ...stretchParams
  }),
  inputs: searchInputs,
  output: 'lists',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ blas, out, report, signal }, inputs, { k, excludeSelf, score, ...stretch }) => {
  await withReaders([inputs.queries, inputs.references, ...(inputs.training ? [inputs.training] : [])], { unit: true }, async ([queries, references, training]) => {
    if (!queries || !references) return
    expectSameDim('The queries', queries, 'the references', references)
    const offsets = await offsetsOf(queries, training, stretch, await blas(), signal)
    const exclude = excludeSelf ? { exclude: { queries: queries.images, references: references.images } } : {}
    const { indices, scores } = await nearestInBlocks(queries, references, k, { ...exclude, signal, progress: (share) => report(Math.round(share * queries.rows), queries.rows) }, await blas())
    const scored = scoreOf(score)
    for (let place = 0; place < scores.length; place++) if ((indices[place] as number) >= 0) scores[place] = scored((scores[place] as number) + (offsets?.[Math.floor(place / k)] ?? 0))
    await writeLists(out, {
      queries: queries.images, queryParts: queries.parts, k,
      references: indices.map((row) => (row < 0 ? -1 : (references.images[row] as number))),
      referenceParts: indices.map((row) => (row < 0 ? 0 : (references.parts[row] as number))),
      scores
    }, `${counted(k, 'reference')} for each of ${counted(queries.rows, 'query', 'queries')}, of ${references.rows.toLocaleString('en')}`, { references: references.rows, stretched: offsets !== null, score, models: queries.models })
  })
}
