import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
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
  version: 2,
  params: z.object({
    minInliers: z.int().min(1).default(15).describe('Inliers from which on a pair counts as proven.'),
    lift: z.number().min(0).max(1e6).optional().describe('What is added to the score of a proven pair. Where it is left out, as much as puts the worst proven pair before the best of the others: 2, the range of a cosine, or more where the scores lie further apart.')
  }),
  inputs: { pairs: { kinds: ['pairs'], about: 'verified pairs' } },
  output: 'pairs',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ out }, { pairs: artefact }, { minInliers, lift: asked }) => {
  if (!artefact.has('inliers')) throw new WinnowError('BAD_INPUT', 'These pairs were not verified: they have no inliers. Put a verification step before this one.')
  const pairs = await readPairsOrLists(artefact)
  const inliers = await artefact.int32('inliers')
  const proven = (i: number): boolean => (inliers[i] as number) >= minInliers
  const lift = asked ?? separating(pairs.scores)
  const lifted = pairs.scores.map((score, i) => (proven(i) ? score + lift : score))
  const kept = Int32Array.from(pairs.a.keys()).sort((x, y) => (lifted[y] as number) - (lifted[x] as number) || x - y)
  const count = kept.reduce((sum, i) => sum + Number(proven(i)), 0)
  await writeKeptPairs(out, artefact, { pairs, kept, scores: Float32Array.from(kept, (i) => lifted[i] as number) }, `${count.toLocaleString('en')} of ${counted(pairs.a.length, 'pair')} proven`, { proven: count, lift })
}

/** More than lies between any two of the scores, by enough to be seen in float32; the same for all cosines. */
function separating(scores: Float32Array): number {
  let [least, most] = [Infinity, -Infinity]
  for (const score of scores) {
    least = Math.min(least, score)
    most = Math.max(most, score)
  }
  return Math.max(2, most - least + Math.max(most, -least) / 1000)
}
