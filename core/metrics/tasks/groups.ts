import { separate, rootOf, unite } from '../../domain/unionFind.ts'
import { bCubed, clusterPairs } from '../clusters.ts'
import { IntIndex } from '../intIndex.ts'
import { cleaningAgreement } from '../keptImages.ts'
import { agreement, pairSetAgreement, type SetAgreement } from '../pairSet.ts'
import { type MeasuredValue, type MetricReport, plural, value } from '../report.ts'
import type { ScoredPairs } from '../scoredPairs.ts'
import type { ClassTruth, FlagsTruth, PairLabelsTruth, PairsTruth } from '../truth.ts'

/** The class of each image of the truth, -1 where it has none; of several the first. */
export const firstClass = (truth: ClassTruth): Int32Array =>
  truth.images.map((_, i) => (truth.offsets[i] === truth.offsets[i + 1] ? -1 : (truth.classes[truth.offsets[i] as number] as number)))

/** Clusters that labels make: of an image that stands more than once the first row. Images of the truth without a label stand alone. */
export function clustersOfLabels(truth: ClassTruth, images: Int32Array, labels: Int32Array): Int32Array {
  const rows = new IntIndex(images)
  return truth.images.map((image) => {
    const row = rows.find(image)
    return row < 0 ? -1 : (labels[row] as number)
  })
}

/** Clusters that pairs make: images that a chain of pairs joins. */
export function clustersOfPairs(truth: ClassTruth, { query, reference }: ScoredPairs): Int32Array {
  const places = new IntIndex(truth.images)
  const parent = separate(truth.images.length)
  for (let i = 0; i < query.length; i++) {
    const [a, b] = [places.find(query[i] as number), places.find(reference[i] as number)]
    if (a >= 0 && b >= 0) unite(parent, a, b)
  }
  return parent.map((_, place) => rootOf(parent, place))
}

/** Clusters against classes: B-cubed, and precision and recall over pairs of images. */
export function clustersReport(clusters: Int32Array, truth: ClassTruth): MetricReport {
  const labels = firstClass(truth)
  const cubed = bCubed(clusters, labels)
  const pairs = clusterPairs(clusters, labels)
  return {
    values: [
      value('B-cubed F1', cubed.f1, `Harmonic mean of B-cubed precision and recall over ${plural(cubed.items, 'image')}.`),
      value('B-cubed precision', cubed.precision, "The mean share of an image's cluster that is of its class."),
      value('B-cubed recall', cubed.recall, "The mean share of an image's class that is in its cluster."),
      value('pair precision', pairs.precision, `Of ${plural(pairs.clusterPairs, 'pair')} of images in one cluster, those of one class.`),
      value('pair recall', pairs.recall, `Of ${plural(pairs.labelPairs, 'pair')} of images of one class, those in one cluster.`)
    ],
    curves: [],
    notes: []
  }
}

/** A cleaned subset: how clean what is kept is, and how much of the clean is kept. */
export function cleaningReport(kept: Int32Array, truth: FlagsTruth): MetricReport {
  const measured = cleaningAgreement(kept, truth.images, truth.flag)
  const { dropped, unjudged } = measured
  return {
    values: [
      ...agreementValues(measured.kept, 'kept', 'clean'),
      ...(dropped ? [value('dropped precision', dropped.precision, `Of ${plural(dropped.predicted, 'dropped image')}, the foreign ones.`), value('dropped recall', dropped.recall, `Of ${plural(dropped.positives, 'foreign image')}, the dropped ones.`)] : [])
    ],
    curves: [],
    notes: unjudged > 0 ? [`${plural(unjudged, 'kept image')} of which the truth says nothing were left out.`] : []
  }
}

/** A given label is clean where it names one of the image's true classes. `labels`: positions in the truth's names. */
export function cleanLabels(truth: ClassTruth, images: Int32Array, labels: Int32Array): FlagsTruth {
  const rows = new IntIndex(images)
  const known = truth.images.filter((image) => rows.find(image) >= 0)
  const places = new IntIndex(truth.images)
  return {
    kind: 'flags', images: known,
    flag: Uint8Array.from(known, (image) => {
      const place = places.find(image)
      return truth.classes.subarray(truth.offsets[place], truth.offsets[place + 1]).includes(labels[rows.find(image)] as number) ? 1 : 0
    })
  }
}

/** A set of pairs, without regard to scores: how many are right, and how many of the right ones there are. */
export function pairSetReport(pairs: ScoredPairs, truth: PairsTruth | PairLabelsTruth | ClassTruth): MetricReport {
  const predicted = { a: pairs.query, b: pairs.reference }
  if (truth.kind === 'pairs') return { values: agreementValues(pairSetAgreement(predicted, { a: truth.query, b: truth.reference }), 'pair', 'true pair'), curves: [], notes: [] }
  if (truth.kind === 'pairLabels') {
    const same = Uint32Array.from(truth.label.keys()).filter((i) => truth.label[i] === 1)
    const measured = pairSetAgreement(predicted, { a: Int32Array.from(same, (i) => truth.a[i] as number), b: Int32Array.from(same, (i) => truth.b[i] as number) })
    const among = pairSetAgreement(predicted, { a: truth.a, b: truth.b })
    return {
      values: agreementValues(agreement(among.hits, measured.positives, measured.hits), 'pair', 'pair that shows the same'), curves: [],
      notes: among.hits < among.predicted ? [`${plural(among.predicted - among.hits, 'pair')} without a label were left out.`] : []
    }
  }
  return classPairs(predicted, truth)
}

function classPairs({ a, b }: { a: Int32Array; b: Int32Array }, truth: ClassTruth): MetricReport {
  const places = new IntIndex(truth.images)
  const classes = firstClass(truth)
  const classOf = (image: number): number => (places.find(image) < 0 ? -1 : (classes[places.find(image)] as number))
  const judged = Uint32Array.from(a.keys()).filter((i) => a[i] !== b[i] && classOf(a[i] as number) >= 0 && classOf(b[i] as number) >= 0)
  const right = judged.filter((i) => classOf(a[i] as number) === classOf(b[i] as number))
  const take = (rows: Uint32Array): { a: Int32Array; b: Int32Array } => ({ a: Int32Array.from(rows, (i) => a[i] as number), b: Int32Array.from(rows, (i) => b[i] as number) })
  const sizes = new Int32Array(truth.names.length)
  for (const of of classes) if (of >= 0) sizes[of]!++
  const positives = sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  const distinct = (rows: Uint32Array): number => (rows.length === 0 ? 0 : pairSetAgreement(take(rows), take(rows)).predicted)
  return {
    values: agreementValues(agreement(distinct(judged), positives, distinct(right)), 'pair', 'pair of one class'), curves: [],
    notes: judged.length < a.length ? [`${plural(a.length - judged.length, 'pair')} with an image without a class were left out.`] : []
  }
}

const agreementValues = ({ precision, recall, f1, predicted, positives }: SetAgreement, what: string, wanted: string): MeasuredValue[] => [
  value('precision', precision, `Of ${predicted.toLocaleString('en')} (${what}), those that are right.`),
  value('recall', recall, `Of ${positives.toLocaleString('en')} (${wanted}), those that are among them.`),
  value('F1', f1, 'The harmonic mean of both.')
]
