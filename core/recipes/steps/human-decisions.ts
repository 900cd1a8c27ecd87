import { z } from 'zod'
import { inPairThread, pairStepCall } from '../pairThread.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'human-decisions',
  title: 'What people said',
  about: 'Takes out the pairs that a person refused and puts those that were accepted before all others. Decisions are made in Matches and Duplicates and are known by content: they hold for every run.',
  source: '',
  version: 2,
  params: z.object({
    keep: z.enum(['all', 'accepted']).default('all').describe('all: also pairs of which nobody has spoken. accepted: only those that a person accepted, and what minScore lets in.'),
    minScore: z.number().optional().describe('Of pairs of which nobody has spoken: the least score.'),
    variants: z.enum(['refuse', 'open', 'accept']).default('open').describe('What a person called a variant: taken out, treated as if nobody had spoken, or accepted.'),
    raise: z.boolean().default(true).describe('Accepted pairs get scores above all others, in their own order, so that any threshold takes them first. Otherwise scores and order stay.')
  }),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'what people have looked through' } },
  output: 'pairs',
  runsIn: 'engine',
  cheap: true
})

export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => await project.read.vetoes.relationsHash()

export const run: EngineRun<typeof definition> = async ({ out, job: { project }, signal }, { pairs }, params) => {
  await inPairThread(signal, async (thread) => await thread.call('humanDecisions', [pairStepCall(project, pairs, out), params], { signal }))
}
