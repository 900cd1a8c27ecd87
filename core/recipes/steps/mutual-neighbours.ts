import { z } from 'zod'
import { mutualRanks } from '../../clean/mutualRank.ts'
import { WinnowError } from '../../domain/errors.ts'
import { readPairs, writePairColumns } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'mutual-neighbours',
  title: 'Mutual neighbours',
  about:
    'Says of each pair how far down the two images stand in each other’s lists: the worse of the two ranks, 0 where only one found the other. ' +
    'A cheap stand-in for counting inliers, with no geometry: it trusts the descriptor.',
  source: 'Jegou et al., CVPR 2007; Zhong et al., k-reciprocal encoding, CVPR 2017',
  version: 1,
  params: z.object({}),
  inputs: { pairs: { kinds: ['pairs'], about: 'pairs with ranks, from "Neighbours of the same class"' } },
  output: 'pairs',
  runsIn: 'process'
})

export const run: ProcessRun<typeof definition> = async ({ out }, { pairs: artefact }) => {
  if (!artefact.has('rank')) throw new WinnowError('BAD_INPUT', 'These pairs have no ranks. Take them from the step "same-label-neighbours".')
  const pairs = await readPairs(artefact)
  const ranks = await artefact.int32('rank')
  const mutual = mutualRanks({ queries: pairs.a, references: pairs.b, ranks })
  await writePairColumns(out, pairs)
  await out.column('rank', ranks)
  await out.column('mutualRank', mutual)
  const both = mutual.reduce((count, rank) => count + (rank > 0 ? 1 : 0), 0)
  await out.finish('pairs', `${both.toLocaleString('en')} of ${pairs.a.length.toLocaleString('en')} pairs found each other`, { pairs: pairs.a.length, mutual: both })
}
