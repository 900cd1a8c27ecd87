import { basename } from 'node:path'
import { z } from 'zod'
import { writeGrid } from '../../clean/gridArtefact.ts'
import { classPlaces, labelledImages } from '../../clean/labelColumn.ts'
import { checkAxes, countEvidence, gldv2Axes, gridOf, mutualAxes, type RuleAxes, strongestEvidence } from '../../clean/ruleGrid.ts'
import { WinnowError } from '../../domain/errors.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { counted } from '../../review/sentences.ts'
import type { Artefact } from '../artefact.ts'
import { readLabels } from '../kinds.ts'
import { defineStep, type ProcessRun } from '../step.ts'

export const definition = defineStep({
  use: 'clean-sweep',
  title: 'Sweep of the cleaning rule',
  about:
    'An image is clean where at least f of its pairs have evidence of at least v; a class stays where at least two of its images are clean. ' +
    'Works out what every pair of v and f would keep, in one pass.',
  source: 'Landmark 2019 (lyakaap), exp/delf/cleaning_train2019.py; the released subset is v = 30 inliers of DELF, f = 3',
  version: 2,
  params: z.object({
    evidence: z.enum(['inliers', 'mutual-rank']).default('inliers').describe('inliers: v is the least number of inliers. mutual-rank: v is the worst rank in each other’s lists, so that small is strict; there it means nothing beyond this set.'),
    values: z.array(z.int().min(1).max(1_000_000)).min(1).max(40).optional().describe(`Values of v from mild to strict. Left out: ${gldv2Axes.values.join(', ')} for inliers, ${mutualAxes.values.join(', ')} for ranks.`),
    frequencies: z.array(z.int().min(1).max(255)).min(1).max(40).default([...gldv2Axes.frequencies]).describe('Values of f, rising.'),
    leastImages: z.int().min(1).max(1000).default(gldv2Axes.leastImages).describe('How many clean images a class needs to stay.')
  }),
  inputs: {
    pairs: { kinds: ['pairs'], about: 'pairs of the same class with their evidence: verified, or with mutual ranks' },
    labels: { kinds: ['labels'], about: 'the classes of the images: all that the rule may keep or drop' }
  },
  output: 'grid',
  runsIn: 'process',
  cheap: true
})

export const run: ProcessRun<typeof definition> = async ({ note, out }, inputs, { evidence, values, frequencies, leastImages }) => {
  const axes: RuleAxes = { evidence, values: values ?? (evidence === 'inliers' ? gldv2Axes : mutualAxes).values, frequencies, leastImages }
  checkAxes(axes)
  const given = await readLabels(inputs.labels)
  const { images, labels } = labelledImages(given.images, given.labels)
  const { classes, classOf } = classPlaces(labels)
  const { queries, references, evidence: found, strangers } = await pairsOf(inputs.pairs, evidence, images)
  if (strangers > 0) note(`${counted(strangers, 'pair names', 'pairs name')} an image without a label: no evidence.`)
  const counts = countEvidence({ queries, references }, found, classOf, axes)
  const grid = gridOf(counts, classOf, axes)
  const range = grid.images.length === 1 ? '' : `; from ${(grid.images[0] as number).toLocaleString('en')} at the mildest to ${(grid.images.at(-1) as number).toLocaleString('en')} at the strictest`
  await writeGrid(out, { images, labels, counts, strongest: strongestEvidence({ queries, references }, found, classOf, axes) }, axes, grid, {
    classes: classes.length,
    pairs: queries.length,
    pairsKey: basename(inputs.pairs.folder),
    names: inputs.labels.facts['names'],
    summary: `${axes.values.length} x ${axes.frequencies.length} cells over ${counted(images.length, 'image')} of ${counted(classes.length, 'class', 'classes')}${range}`
  })
}

/** The pairs as rows of the labelled images, without those of an image that has no label. */
async function pairsOf(artefact: Artefact, evidence: RuleAxes['evidence'], images: Int32Array): Promise<{ queries: Int32Array; references: Int32Array; evidence: Int32Array; strangers: number }> {
  const column = evidence === 'inliers' ? 'inliers' : 'mutualRank'
  if (!artefact.has(column)) {
    throw new WinnowError('BAD_INPUT', evidence === 'inliers'
      ? 'These pairs were not verified: they have no inliers. Put a verification step before the sweep, or set evidence to mutual-rank and use "mutual-neighbours".'
      : 'These pairs have no mutual ranks. Put the step "mutual-neighbours" before the sweep, or set evidence to inliers.')
  }
  const rowOf = new IntIndex(images)
  const rows = (ids: Int32Array): Int32Array => ids.map((id) => rowOf.find(id))
  const [queries, references, values] = [rows(await artefact.int32('a')), rows(await artefact.int32('b')), await artefact.int32(column)]
  const both = (_: number, i: number): boolean => (queries[i] as number) >= 0 && (references[i] as number) >= 0
  const inside = { queries: queries.filter(both), references: references.filter(both), evidence: values.filter(both) }
  return { ...inside, strangers: queries.length - inside.queries.length }
}
