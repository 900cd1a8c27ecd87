import { z } from 'zod'
import { inPairThread, pairStepCall } from '../pairThread.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'apply-vetoes',
  title: 'Apply vetoes',
  about: 'Takes out the pairs that an applied veto list names, and those of images that it names.',
  source: '',
  version: 2,
  params: z.object({}),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'what to take them out of' } },
  output: 'pairs',
  runsIn: 'engine',
  cheap: true
})

export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => (await project.read.vetoes.applied()).hash

export const run: EngineRun<typeof definition> = async ({ out, job: { project }, signal }, { pairs }) => {
  await inPairThread(signal, async (thread) => await thread.call('applyVetoes', [pairStepCall(project, pairs, out)], { signal }))
}
