import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { rerankMethods } from '../../rerank/methods.ts'
import { inserted, sorted, sortInsert, sortInsertDefaults } from '../../rerank/sortInsert.ts'
import { counted } from '../../review/sentences.ts'
import type { Artefact } from '../artefact.ts'
import { readLabels, readLists } from '../kinds.ts'
import { namedLists, numberedLists, RowBook, writeReranked } from '../namedRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { modelsOfAll } from '../vectorReader.ts'

export const definition = defineStep({
  use: 'sort-insert',
  ...rerankMethods['sort-insert'],
  about:
    'References with the label that was predicted for the query come first, then all references with that label that were not listed, surest first, then the others. ' +
    'The re-ranking that won Landmark 2019; it stands and falls with the predictions.',
  version: 1,
  params: z.object({
    threshold: z.number().nullable().default(sortInsertDefaults.threshold).describe('A reference is inserted where the scores of both predictions add up to more than this; none: whatever shares the label.'),
    length: z.int().min(1).max(100_000).default(sortInsertDefaults.length).describe('Lists are cut to this length before and after.')
  }),
  inputs: {
    lists: { kinds: ['lists'], about: 'each query with its nearest references' },
    queryLabels: { kinds: ['labels'], about: 'labels predicted for the queries (soft-vote)' },
    referenceLabels: { kinds: ['labels'], about: 'labels predicted for the references (soft-vote)' }
  },
  output: 'lists',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out, note }, inputs, { threshold, length }) => {
  if (JSON.stringify(inputs.queryLabels.facts['names']) !== JSON.stringify(inputs.referenceLabels.facts['names'])) throw new WinnowError('BAD_INPUT', 'The labels of queries and references come from different sets of classes. Predict both from the same labelled images.')
  const lists = await readLists(inputs.lists)
  if (new IntIndex(lists.queries).repeated > 0 || lists.referenceParts.some((part) => part !== 0)) throw new WinnowError('BAD_INPUT', 'The lists hold parts of images; labels are of whole images. Merge the parts before this step.')
  const book = new RowBook()
  const numbered = numberedLists(lists, book)
  const ofReferences = await bestPredictions(inputs.referenceLabels)
  for (const image of ofReferences.keys()) book.number(image, 0)
  const references = book.names()
  const ofQueries = await bestPredictions(inputs.queryLabels)
  const without = lists.queries.filter((image) => !ofQueries.has(image)).length
  if (without > 0) note(`${counted(without, 'query', 'queries')} without a predicted label: their lists stay.`)
  const found = sortInsert(numbered, votesOf(lists.queries, ofQueries), votesOf(references.images, ofReferences), { threshold, length, exclude: { queries: lists.queries, references: references.images } })
  await out.column('origin', found.origin, [lists.queries.length, length])
  const count = (origin: number): number => found.origin.reduce((sum, one, at) => sum + (one === origin && (found.lists.indices[at] as number) >= 0 ? 1 : 0), 0)
  await writeReranked(out, namedLists(found.lists, { images: lists.queries, parts: lists.queryParts }, references), found.before,
    `${counted(lists.queries.length, 'query', 'queries')}: ${counted(count(sorted), 'reference')} of the query’s label moved up, ${count(inserted).toLocaleString('en')} inserted`, { models: modelsOfAll([inputs.lists]), sorted: count(sorted), inserted: count(inserted) })
}

/** image -> [label, score], the first where several are given (candidates, best first). */
async function bestPredictions(artefact: Artefact): Promise<Map<number, readonly [label: number, score: number]>> {
  const { images, labels, scores } = await readLabels(artefact)
  const best = new Map<number, readonly [number, number]>()
  images.forEach((image, i) => {
    if (!best.has(image)) best.set(image, [labels[i] as number, scores[i] as number])
  })
  return best
}

const votesOf = (images: Int32Array, predictions: ReadonlyMap<number, readonly [label: number, score: number]>) =>
  ({ labels: images.map((image) => predictions.get(image)?.[0] ?? -1), scores: Float32Array.from(images, (image) => predictions.get(image)?.[1] ?? 0) })
