import { z } from 'zod'
import { IntIndex } from '../../metrics/intIndex.ts'
import { banDistractors } from '../../pseudo/distractorBan.ts'
import { counted } from '../../review/sentences.ts'
import { readLabels, writeLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'
import { namesOf } from './soft-vote.ts'

export const definition = defineStep({
  use: 'distractor-ban',
  title: 'Distractor ban',
  about: 'A label that very many queries were given is taken for a magnet of distractors: all its predictions get the score -count and so come last. Found for a test set in which one class is seldom asked for often.',
  source: 'Landmark 2019 (lyakaap), exp/submit_recognition.py, ban_distractor_lids (which compared substrings; labels are compared whole here)',
  version: 1,
  params: z.object({ threshold: z.int().min(0).default(30).describe('A label given to more queries than this is banned.') }),
  inputs: { labels: { kinds: ['labels'], about: 'predicted labels' } },
  output: 'labels',
  runsIn: 'process',
  transductive: true,
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { labels: artefact }, { threshold }) => {
  const { images, labels, scores } = await readLabels(artefact)
  // Only the first candidate of a query is its prediction.
  const index = new IntIndex(images)
  const predicted = labels.map((label, i) => (index.find(images[i] as number) === i ? label : -1))
  const result = banDistractors({ labels: predicted, scores: Float64Array.from(scores) }, threshold)
  const hit = result.banned.reduce((sum, { count }) => sum + count, 0)
  await writeLabels(out, { images, labels, scores: Float32Array.from(result.scores) },
    result.banned.length === 0 ? `No label was given to more than ${threshold} queries` : `${counted(result.banned.length, 'label')} banned, ${counted(hit, 'prediction')} put last`,
    { banned: result.banned.slice(0, 100), bannedLabels: result.banned.length, bannedPredictions: hit, ...namesOf(artefact) })
}
