import { z } from 'zod'
import { counted } from '../../review/sentences.ts'
import { readPairsOrLists } from '../kinds.ts'
import { writeKeptPairs } from '../pairRows.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'lift-pairs',
  title: 'Proven pairs first',
  about:
    'Puts the pairs that geometry proves before all others and drops none: small, blurred and cut pictures show too few points to prove what the descriptor is right about. Within both parts the order stays.',
  source: '',
  version: 1,
  params: z.object({
    minInliers: z.int().min(1).default(15).describe('Inliers from which on a pair counts as proven.'),
    lift: z.number().min(0).max(1e6).default(2).describe('What is added to the score of a proven pair. 2 is the range of a cosine: the worst proven pair stands before the best of the others.')
  }),
  inputs: { pairs: { kinds: ['pairs'], about: 'verified pairs' } },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { pairs: artefact }, { minInliers, lift }) => {
  const pairs = await readPairsOrLists(artefact)
  const inliers = artefact.has('inliers') ? await artefact.int32('inliers') : null
  const proven = (i: number): boolean => (inliers?.[i] ?? 0) >= minInliers
  const lifted = pairs.scores.map((score, i) => (proven(i) ? score + lift : score))
  const kept = Int32Array.from(pairs.a.keys()).sort((x, y) => (lifted[y] as number) - (lifted[x] as number) || x - y)
  const count = kept.reduce((sum, i) => sum + Number(proven(i)), 0)
  await writeKeptPairs(out, artefact, { pairs, kept, scores: Float32Array.from(kept, (i) => lifted[i] as number) }, `${count.toLocaleString('en')} of ${counted(pairs.a.length, 'pair')} proven`, { proven: count })
}
