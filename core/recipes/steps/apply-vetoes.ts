import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
import { readPairsOrLists, writePairs } from '../kinds.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

export const definition = defineStep({
  use: 'apply-vetoes',
  title: 'Apply vetoes',
  about: 'Takes out the pairs that an applied veto list names, and those of images that it names.',
  source: '',
  version: 1,
  params: z.object({}),
  inputs: { pairs: { kinds: ['pairs', 'lists'], about: 'what to take them out of' } },
  output: 'pairs',
  runsIn: 'engine',
  cheap: true
})

export const fingerprint: Fingerprint<typeof definition> = async ({ project }) => (await project.read.vetoes.applied()).hash

/** So many pairs are looked through between two breaths of the engine's loop. */
const pairsAtOnce = 100_000

export const run: EngineRun<typeof definition> = async ({ out, job, signal }, { pairs: artefact }) => {
  const vetoes = await job.project.read.vetoes.applied()
  const images = new Set(vetoes.images)
  const vetoed = new Set(Array.from(vetoes.pairs.a, (a, i) => keyOf(a, vetoes.pairs.b[i] as number)))
  const pairs = await readPairsOrLists(artefact)
  const kept: number[] = []
  for (let i = 0; i < pairs.a.length; i++) {
    if (i % pairsAtOnce === 0) {
      signal.throwIfAborted()
      await new Promise(setImmediate)
    }
    const [a, b] = [pairs.a[i] as number, pairs.b[i] as number]
    if (!images.has(a) && !images.has(b) && !vetoed.has(keyOf(a, b))) kept.push(i)
  }
  const take = (column: Int32Array): Int32Array => Int32Array.from(kept, (i) => column[i] as number)
  const left = pairs.a.length - kept.length
  const staying = { a: take(pairs.a), aParts: take(pairs.aParts), b: take(pairs.b), bParts: take(pairs.bParts), scores: Float32Array.from(kept, (i) => pairs.scores[i] as number) }
  await writePairs(out, staying, `${left.toLocaleString('en')} of ${pairs.a.length.toLocaleString('en')} pairs vetoed`, { vetoed: left })
}

/** A pair in either order as one number: exact for ids below 2^26. */
function keyOf(a: number, b: number): number {
  if (Math.max(a, b) >= 2 ** 26) throw new WinnowError('UNAVAILABLE', 'Vetoes cannot be applied to image ids above 67 million.')
  return Math.min(a, b) * 2 ** 26 + Math.max(a, b)
}
