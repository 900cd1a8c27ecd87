import { z } from 'zod'
import { classKey } from '../../domain/className.ts'
import { WinnowError } from '../../domain/errors.ts'
import { imageLists, listsOfPairs, pairsOfLists } from '../../metrics/imageLists.ts'
import { IntIndex } from '../../metrics/intIndex.ts'
import { type MetricReport, plural } from '../../metrics/report.ts'
import type { RetrievedImages } from '../../metrics/retrieval.ts'
import { onePerPair, type ScoredPairs } from '../../metrics/scoredPairs.ts'
import { chooseTask, type ResultKind, tasks } from '../../metrics/tasks/chooseTask.ts'
import { copyDetectionReport } from '../../metrics/tasks/copyDetection.ts'
import { cleaningReport, cleanLabels, clustersOfLabels, clustersOfPairs, clustersReport, pairSetReport } from '../../metrics/tasks/groups.ts'
import { recognitionReport } from '../../metrics/tasks/recognition.ts'
import { retrievalReport, roxfordReport } from '../../metrics/tasks/retrieval.ts'
import { classVerificationReport, verificationReport } from '../../metrics/tasks/verification.ts'
import { type ClassTruth, usages } from '../../metrics/truth.ts'
import { readClassList, readTruth } from '../../metrics/truthArtefact.ts'
import type { Artefact } from '../artefact.ts'
import { readImages, readLabels, readLists, readPairs, writeMetrics } from '../kinds.ts'
import { defineStep, type ParamsOf, type ProcessRun } from '../step.ts'

const share = z.number().min(0).max(1)

export const definition = defineStep({
  use: 'metric',
  title: 'Measure',
  about:
    'Compares a result with ground truth. Copy detection: uAP, recall at precision, recall@k. Retrieval: mAP@k, R@k, MRR; ROxford: easy, medium, hard. Recognition: GAP, accuracy. Verification: AUC, EER, best F1. Sets of pairs, clusters (B-cubed) and cleaned subsets: precision and recall.',
  source: 'facebookresearch/isc2021; tensorflow/models delf; cnnimageretrieval-pytorch; Bagga and Baldwin 1998; Amigó et al. 2009',
  version: 1,
  params: z.object({
    task: z.enum(['auto', ...tasks]).default('auto').describe('What to measure; auto goes by the kinds of truth and result.'),
    precisions: z.array(share).max(10).default([0.9]).describe('Precisions at which the recall is told.'),
    ranks: z.array(z.int().min(1).max(10_000)).min(1).max(10).default([1, 10]).describe('For which k to tell recall among the first k.'),
    depth: z.int().min(1).max(100_000).default(100).describe('mAP looks at so many of each list.'),
    falsePositiveRates: z.array(share).max(10).default([0.01, 0.001]).describe('False-positive rates at which the recall is told (verification).'),
    threshold: z.number().optional().describe('Also precision and recall at this score.'),
    usage: z.enum(usages).default('all').describe('Which half of a leaderboard counts, where the truth has two.'),
    queries: z.enum(['listed', 'all']).default('listed').describe('listed: predictions of queries that the truth does not list are left out; all: they count as wrong.'),
    eitherWay: z.boolean().default(false).describe('(a, b) is the pair (b, a): a set searched against itself (copy detection).'),
    skipSelf: z.boolean().default(true).describe("A query's own image is taken out of its list (retrieval)."),
    ignoreWithoutClass: z.boolean().default(false).describe('Images without a class in the truth leave the ranking (recognition).')
  }),
  inputs: {
    truth: { kinds: ['truth'], about: 'the ground truth' },
    result: { kinds: ['lists', 'pairs', 'labels', 'images'], about: 'what is measured' },
    given: { kinds: ['labels'], about: 'cleaning against true classes: the labels that the images were given', optional: true },
    gallery: { kinds: ['images'], about: 'retrieval against classes: what could be found; all images in the lists where it is left out', optional: true }
  },
  output: 'metrics',
  runsIn: 'process',
  cheap: true
})

type Inputs = Parameters<ProcessRun<typeof definition>>[1]

export const run: ProcessRun<typeof definition> = async ({ out, note }, inputs, params) => {
  const report = await measured(inputs, params)
  const lost = inputs.truth.facts['missingNames']
  if (typeof lost === 'number' && lost > 0) note(`${plural(lost, 'name')} of the ground truth found no image: what they say is not part of these numbers.`)
  for (const text of report.notes) note(text)
  const shown = report.values.filter(({ value }) => value !== null).slice(0, 3).map(({ name, value }) => `${name} ${(value ?? 0).toFixed(4)}`)
  await writeMetrics(out, report.values, report.curves, shown.length > 0 ? shown.join(', ') : 'Nothing could be measured')
}

async function measured({ truth: truthArtefact, result, given, gallery }: Inputs, params: ParamsOf<typeof definition>): Promise<MetricReport> {
  const truth = await readTruth(truthArtefact)
  const { usage, ranks } = params
  const task = chooseTask(params.task, truth, result.kind as ResultKind)
  const classes = truth.kind === 'classes' ? truth : null
  switch (task) {
    case 'copy-detection':
      if (truth.kind === 'pairs') return copyDetectionReport(await imagePairs(result), truth, params)
      break
    case 'retrieval':
      if (truth.kind === 'pairs' || truth.kind === 'relevance' || classes) {
        return retrievalReport(await listsOf(result), classes ?? (truth as Exclude<typeof truth, { kind: 'pairLabels' | 'flags' }>), { ...params, gallery: gallery ? await readImages(gallery) : undefined })
      }
      break
    case 'roxford':
      if (truth.kind === 'relevance') return roxfordReport(await listsOf(result), truth, { ranks, usage })
      break
    case 'recognition':
      if (classes) {
        const { images, labels, scores } = await bestLabels(result)
        return recognitionReport({ image: images, class: await truthClasses(labels, result, truthArtefact, classes), score: scores }, classes, params)
      }
      break
    case 'verification':
      if (truth.kind === 'pairLabels') return verificationReport(await imagePairs(result), truth, params)
      if (classes) return classVerificationReport(await imagePairs(result), classes, params)
      break
    case 'pairs':
      if (truth.kind === 'pairs' || truth.kind === 'pairLabels' || classes) return pairSetReport(await imagePairs(result), truth as Exclude<typeof truth, { kind: 'relevance' | 'flags' }>)
      break
    case 'clusters':
      if (classes) {
        if (result.kind !== 'labels') return clustersReport(clustersOfPairs(classes, await imagePairs(result)), classes)
        const { images, labels } = await bestLabels(result)
        return clustersReport(clustersOfLabels(classes, images, labels), classes)
      }
      break
    case 'cleaning': {
      const kept = result.kind === 'images' ? await readImages(result) : (await bestLabels(result)).images
      if (truth.kind === 'flags') return cleaningReport(kept, truth)
      if (classes && given) {
        const { images, labels } = await bestLabels(given)
        return cleaningReport(kept, cleanLabels(classes, images, await truthClasses(labels, given, truthArtefact, classes)))
      }
      throw new WinnowError('BAD_INPUT', 'Cleaning is measured against a truth of clean and foreign images, or against true classes with the given labels as the input "given".')
    }
    default: task satisfies never
  }
  throw new WinnowError('BAD_INPUT', `No ${task} can be measured of ${result.kind} against this truth.`)
}

/** Pairs of images: of several parts that were found the best. */
async function imagePairs(artefact: Artefact): Promise<ScoredPairs> {
  if (artefact.kind === 'lists') return onePerPair(pairsOfLists(await readLists(artefact)))
  const { a, b, scores } = await readPairs(artefact)
  return onePerPair({ query: a, reference: b, score: scores })
}

const listsOf = async (artefact: Artefact): Promise<RetrievedImages> =>
  artefact.kind === 'lists' ? imageLists(await readLists(artefact)) : listsOfPairs(await imagePairs(artefact))

/** One label an image: the first of its candidates, which stand best first. */
async function bestLabels(artefact: Artefact): Promise<{ images: Int32Array; labels: Int32Array; scores: Float32Array }> {
  const { images, labels, scores } = await readLabels(artefact)
  const index = new IntIndex(images)
  if (index.repeated === 0) return { images, labels, scores }
  const first = Uint32Array.from(images.keys()).filter((i) => index.find(images[i] as number) === i)
  return { images: Int32Array.from(first, (i) => images[i] as number), labels: Int32Array.from(first, (i) => labels[i] as number), scores: Float32Array.from(first, (i) => scores[i] as number) }
}

/** Labels as positions in the truth's names, -1 where the truth has no such class: by name where the labels have names, by the project's class id otherwise. */
async function truthClasses(labels: Int32Array, artefact: Artefact, truth: Artefact, { names }: ClassTruth): Promise<Int32Array> {
  const places = new Map<number, number>()
  const own = artefact.facts['names']
  if (Array.isArray(own)) {
    const placeOf = new Map(names.map((name, place) => [classKey(name), place]))
    for (const [label, name] of own as [number, string][]) places.set(label, placeOf.get(classKey(name)) ?? -1)
  } else {
    const { classIds } = await readClassList(truth)
    for (const [place, id] of classIds.entries()) if (id >= 0) places.set(id, place)
  }
  return labels.map((label) => places.get(label) ?? -1)
}
