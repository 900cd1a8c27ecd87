import { createHash } from 'node:crypto'
import { z } from 'zod'
import { WinnowError } from '../../domain/errors.ts'
import type { JobContext } from '../../jobs/job.ts'
import type { ImageGroups } from '../../pseudo/families.ts'
import type { PairLabelThread } from '../../pseudo/pairLabels.thread.ts'
import { startThread } from '../../workers/thread.ts'
import { defineStep, type EngineRun, type Fingerprint } from '../step.ts'

/** The published round took the first 500 rows. */
const bestByDefault = 500

export const definition = defineStep({
  use: 'pair-pseudo-labels',
  title: 'Pseudo-labels from pairs',
  about:
    'Believes the surest pairs and makes new classes of them, to be trained on in the next round. Copies of one picture prove nothing and are taken out first; pairs that share an image become one class. ' +
    'Images with the role test are refused.',
  source: 'Pet biometrics (flyingsheepbin/pet-biometrics), pseudo_produce/pseudo.py; arXiv 2206.00580',
  version: 1,
  params: z.object({
    best: z.int().min(1).max(10_000_000).optional().describe(`At most so many pairs, the surest. ${bestByDefault} where no least score is given either.`),
    minScore: z.number().optional().describe('Least score of a pair.'),
    merge: z.boolean().default(true).describe('Off: the published list, every pair a class of its own with near-duplicates left in; an image may get two labels.'),
    projectDuplicates: z.boolean().default(true).describe('Near-duplicates are also those that the project knows: identical files and pictures, and the groups of the Duplicates screen.'),
    firstLabel: z.int().min(0).max(2_000_000_000).default(6000).describe('Number of the first new class.'),
    prefix: z.string().regex(/^[^\p{Cc}]*$/u).max(100).default('pseudo-').describe('Names of the new classes: this and a number.')
  }),
  inputs: {
    pairs: { kinds: ['pairs', 'lists'], about: 'pairs with scores, of images that are not for testing' },
    duplicates: { kinds: ['pairs', 'lists'], about: 'pairs of near-duplicates', optional: true }
  },
  output: 'labels',
  runsIn: 'engine'
})

type Job = Pick<JobContext, 'engine' | 'project'>
/** Of any state: a picture whose file is missing today is a test image tomorrow. */
const testImages = async ({ project }: Job): Promise<Int32Array> => (await project.read.images.view({ role: ['test'] }, 'path')).ids.toSorted()

async function knownCopies({ engine, project }: Job): Promise<ImageGroups[]> {
  const { duplicates } = engine.current
  const [identical, { imageIds, components }] = await Promise.all([project.read.predictions.identical(), duplicates.settings().then((settings) => duplicates.components(settings))])
  return [...identical, { imageIds, groups: components }]
}

export const fingerprint: Fingerprint<typeof definition> = async (job, { merge, projectDuplicates }) => {
  const hash = createHash('sha256').update(await testImages(job))
  for (const { imageIds, groups } of merge && projectDuplicates ? await knownCopies(job) : []) hash.update(':').update(imageIds).update(groups)
  return hash.digest('hex')
}

export const run: EngineRun<typeof definition> = async ({ job, out, signal }, { pairs, duplicates }, { best, minScore, merge, projectDuplicates, firstLabel, prefix }) => {
  const [test, groups] = await Promise.all([testImages(job), merge && projectDuplicates ? knownCopies(job) : []])
  if (!merge && duplicates) throw new WinnowError('BAD_INPUT', 'The published list leaves near-duplicates in. Set merge, or leave the near-duplicates out.')
  const thread = startThread<PairLabelThread>(new URL('../../pseudo/pairLabels.thread.ts', import.meta.url))
  try {
    await thread.connection.call('make', [{
      pairs: pairs.folder, duplicates: duplicates?.folder ?? null, out: out.folder, groups, test,
      best: best ?? (minScore === undefined ? bestByDefault : null), minScore: minScore ?? null, merge, firstLabel, prefix
    }], { signal })
  } finally {
    await thread.end()
  }
}
