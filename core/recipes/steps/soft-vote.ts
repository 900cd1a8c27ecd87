import { z } from 'zod'
import { labelledImages } from '../../clean/labelColumn.ts'
import { WinnowError } from '../../domain/errors.ts'
import { IntIndex, PairIndex } from '../../metrics/intIndex.ts'
import { cosineBallot, distanceBallot, type InliersOf, softVote } from '../../pseudo/softVote.ts'
import { counted } from '../../review/sentences.ts'
import type { Artefact } from '../artefact.ts'
import { readLabels, readLists, writeLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'soft-vote',
  title: 'Soft voting',
  about: 'Predicts a label for each query from its nearest labelled references. An image never votes for itself.',
  source: 'Landmark 2019 (lyakaap), exp/submit_retrieval.py (cosine) and exp/submit_recognition.py (recognition)',
  version: 1,
  params: z.object({
    k: z.int().min(1).max(1000).default(3).describe('How many labelled neighbours vote.'),
    ballot: z.enum(['cosine', 'recognition']).default('cosine').describe('cosine: each adds its cosine, the sum is divided by k. recognition: each adds 1 - d² = 2 cos - 1, and where the pair was verified its inliers up to the saturation.'),
    saturation: z.number().gt(0).default(70).describe('recognition: inliers beyond which more say nothing; found with DELF.')
  }),
  inputs: {
    lists: { kinds: ['lists'], about: 'each query with its nearest references, scores being cosines' },
    labels: { kinds: ['labels'], about: 'the classes of the references' },
    pairs: { kinds: ['pairs'], about: 'verified pairs of queries and references, for recognition', optional: true }
  },
  output: 'labels',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ note, out }, inputs, { k, ballot, saturation }) => {
  const [lists, given] = await Promise.all([readLists(inputs.lists), readLabels(inputs.labels)])
  if (new IntIndex(lists.queries).repeated > 0) throw new WinnowError('BAD_INPUT', 'The lists have several rows of one query (its parts). Merge the parts before the vote.')
  if (inputs.pairs && ballot === 'cosine') note('The verified pairs were not used: the cosine ballot knows no inliers. Set ballot to recognition.')
  const labelled = labelledImages(given.images, given.labels)
  const rowOf = new IntIndex(labelled.images)
  const inliersOf = inputs.pairs && ballot === 'recognition' ? await inliersOfPairs(inputs.pairs, lists.queries, labelled.images) : undefined
  const references = lists.references.map((image) => (image < 0 ? -1 : rowOf.find(image)))
  const voting = withoutSelfAndRepeats({ queries: lists.queries, k: lists.k, images: lists.references, rows: references, scores: lists.scores })
  const { labels, scores, runnersUp } = softVote({ queries: lists.queries.length, k: lists.k, ...voting }, labelled.labels, k,
    ballot === 'cosine' ? cosineBallot(k) : distanceBallot({ measure: 'cosine', saturation, ...(inliersOf ? { inliersOf } : {}) }))
  const answered = labels.map((label, query) => (label < 0 ? -1 : query)).filter((query) => query >= 0)
  const without = labels.length - answered.length
  if (without > 0) note(`${counted(without, 'query has no labelled neighbour in its list', 'queries have no labelled neighbour in their lists')} and got no label.`)
  await out.column('runnerUp', Float32Array.from(answered, (query) => runnersUp[query] as number))
  await writeLabels(out, {
    images: answered.map((query) => lists.queries[query] as number),
    labels: answered.map((query) => labels[query] as number),
    scores: Float32Array.from(answered, (query) => scores[query] as number)
  }, `${counted(answered.length, 'label')} predicted`, { of: labels.length, ...namesOf(inputs.labels) })
}

export const namesOf = ({ facts }: Artefact): { names?: unknown } => (facts['names'] === undefined ? {} : { names: facts['names'] })

/** Entries that may vote, moved to the front of their lists: the query itself, later parts of a reference and references without a label are gone. */
function withoutSelfAndRepeats({ queries, k, images, rows, scores }: { queries: Int32Array; k: number; images: Int32Array; rows: Int32Array; scores: Float32Array }): { indices: Int32Array; scores: Float32Array } {
  const voting = { indices: new Int32Array(rows.length).fill(-1), scores: new Float32Array(rows.length) }
  const seen = new Set<number>()
  for (let query = 0; query < queries.length; query++) {
    seen.clear()
    let at = query * k
    for (let i = query * k; i < (query + 1) * k; i++) {
      const row = rows[i] as number
      if (row < 0 || images[i] === queries[query] || seen.has(row)) continue
      seen.add(row)
      voting.indices[at] = row
      voting.scores[at++] = scores[i] as number
    }
  }
  return voting
}

/** Inliers of (query, labelled reference); a pair may have been verified from either side. */
async function inliersOfPairs(pairs: Artefact, queries: Int32Array, references: Int32Array): Promise<InliersOf> {
  if (!pairs.has('inliers')) throw new WinnowError('BAD_INPUT', 'The pairs were not verified: they have no inliers. Put a verification step before the vote, or leave the pairs out.')
  const [a, b, inliers] = await Promise.all([pairs.int32('a'), pairs.int32('b'), pairs.int32('inliers')])
  const index = new PairIndex(a, b)
  return (query, reference) => {
    const [one, other] = [queries[query] as number, references[reference] as number]
    const at = index.find(one, other)
    return inliers[at >= 0 ? at : index.find(other, one)]
  }
}
