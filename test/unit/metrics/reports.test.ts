import { describe, expect, test } from 'vitest'
import type { MetricReport } from '../../../core/metrics/report.ts'
import { chooseTask } from '../../../core/metrics/tasks/chooseTask.ts'
import { copyDetectionReport } from '../../../core/metrics/tasks/copyDetection.ts'
import { cleaningReport, cleanLabels, clustersOfLabels, clustersOfPairs, clustersReport, pairSetReport } from '../../../core/metrics/tasks/groups.ts'
import { recognitionReport } from '../../../core/metrics/tasks/recognition.ts'
import { retrievalReport, roxfordReport } from '../../../core/metrics/tasks/retrieval.ts'
import { classVerificationReport, verificationReport } from '../../../core/metrics/tasks/verification.ts'
import type { ClassTruth, PairsTruth, RelevanceTruth } from '../../../core/metrics/truth.ts'

const numbers = ({ values }: MetricReport): Record<string, number | null> => Object.fromEntries(values.map(({ name, value }) => [name, value]))
const pairs = (rows: readonly (readonly [number, number, number])[]): { query: Int32Array; reference: Int32Array; score: Float32Array } =>
  ({ query: Int32Array.from(rows, ([a]) => a), reference: Int32Array.from(rows, ([, b]) => b), score: Float32Array.from(rows, ([, , score]) => score) })

const copies: PairsTruth = { kind: 'pairs', queries: Int32Array.of(1, 2, 3), query: Int32Array.of(1, 2), reference: Int32Array.of(11, 12) }
/** 1 and 2 of class a, 3 and 4 of class b, 5 of none. */
const classes: ClassTruth = { kind: 'classes', images: Int32Array.of(1, 2, 3, 4, 5), offsets: Int32Array.of(0, 1, 2, 3, 4, 4), classes: Int32Array.of(0, 0, 1, 1), names: ['a', 'b'], usage: new Uint8Array(5) }

describe('copy detection', () => {
  test('uAP, recall at precision and rank, and what was left out', () => {
    const report = copyDetectionReport(pairs([[1, 11, 0.75], [3, 12, 0.5], [2, 12, 0.25], [9, 11, 1]]), copies, { precisions: [0.9, 0.5], ranks: [1, 10], threshold: 0.5 })
    expect(numbers(report)).toMatchObject({
      uAP: (1 + 2 / 3) / 2, 'R@P90': 0.5, 'score at P90': 0.75, 'R@P50': 1, 'score at P50': 0.25, 'recall@1': 1, 'recall@10': 1, 'best F1': 0.8, 'precision at 0.5': 0.5, 'recall at 0.5': 0.5
    })
    expect(report.notes).toEqual(['1 prediction of queries that the truth does not list were left out.'])
    expect(report.curves[0]).toMatchObject({ name: 'precision-recall', x: Float64Array.of(0.5, 0.5, 1), y: Float64Array.of(1, 0.5, 2 / 3) })
  })

  test('a precision that is never reached: recall 0, no score', () => {
    expect(numbers(copyDetectionReport(pairs([[1, 12, 1]]), copies, { precisions: [0.9], ranks: [1] }))).toMatchObject({ 'R@P90': 0, 'score at P90': null })
  })

  test('a set against itself: a pair found from both sides is one, with its better score', () => {
    const report = copyDetectionReport(pairs([[11, 1, 0.5], [1, 11, 0.25], [12, 2, 0.75]]), copies, { precisions: [0.9], ranks: [1], eitherWay: true })
    expect(numbers(report)).toMatchObject({ uAP: 1, 'R@P90': 1, 'score at P90': 0.5 })
  })
})

describe('retrieval', () => {
  const relevance: RelevanceTruth = { kind: 'relevance', queries: Int32Array.of(1, 2), offsets: Int32Array.of(0, 2, 3), images: Int32Array.of(11, 12, 13), grade: Uint8Array.of(1, 2, 1), usage: Uint8Array.of(1, 2) }
  const lists = { queries: Int32Array.of(1, 2), k: 3, images: Int32Array.of(11, 14, 12, 14, 13, 11) }
  test('mAP, R@k, MRR, the curve over k; one half of the leaderboard alone', () => {
    const task = { ranks: [1, 10], depth: 100, skipSelf: true, usage: 'all' } as const
    const report = retrievalReport(lists, relevance, task)
    expect(numbers(report)).toMatchObject({ 'mAP@100': ((1 + 2 / 3) / 2 + 1 / 2) / 2, 'R@1': 0.5, 'R@10': 1, MRR: 0.75 })
    expect(report.curves[0]).toMatchObject({ x: Float64Array.of(1, 2, 3), y: Float64Array.of(0.5, 1, 1) })
    expect(numbers(retrievalReport(lists, relevance, { ...task, usage: 'private' }))).toMatchObject({ 'mAP@100': 0.5 })
  })

  test('ROxford: a difficulty without images has no number; without any there is an error', () => {
    const easyOnly = { ...relevance, grade: Uint8Array.of(1, 1, 1) }
    expect(numbers(roxfordReport(lists, easyOnly, { ranks: [1], usage: 'all' }))).toMatchObject({ 'mAP H': null, 'mP@1 E': 0.5 })
    expect(() => roxfordReport(lists, { ...relevance, grade: Uint8Array.of(3, 3, 3) }, { ranks: [1], usage: 'all' })).toThrow(/easy or hard image/u)
  })
})

test('recognition: GAP, accuracy, and how much can be labelled at a precision', () => {
  const report = recognitionReport({ image: Int32Array.of(1, 2, 3, 5), class: Int32Array.of(0, 1, 1, 0), score: Float32Array.of(0.75, 0.5, 0.25, 1) }, classes, { precisions: [0.5], usage: 'all', ignoreWithoutClass: false })
  expect(numbers(report)).toMatchObject({ GAP: (1 / 2 + 2 / 4) / 4, accuracy: 0.5, precision: 0.5, 'R@P50': 0.5 })
})

describe('verification', () => {
  const task = { precisions: [0.9], falsePositiveRates: [0] }
  test('a labelled pair without a score stands below all others; thresholds of drawn curves are finite', () => {
    const truth = { kind: 'pairLabels', a: Int32Array.of(1, 3, 5), b: Int32Array.of(2, 4, 6), label: Uint8Array.of(1, 0, 1) } as const
    const report = verificationReport(pairs([[2, 1, 0.75], [3, 4, 0.5], [7, 8, 1]]), truth, task)
    expect(numbers(report)).toMatchObject({ AUC: 0.5, 'recall at FPR 0': 0.5 })
    expect(report.notes).toEqual(['1 labelled pair was not scored and stands below all others.', '1 scored pair without a label were left out.'])
    for (const curve of report.curves) expect([...(curve.thresholds ?? [Number.NaN])].every(Number.isFinite)).toBe(true)
  })

  test('by classes', () => {
    expect(numbers(classVerificationReport(pairs([[1, 2, 0.75], [2, 3, 0.5], [3, 4, 0.25], [1, 5, 1]]), classes, task))).toMatchObject({ AUC: 0.5 })
  })
})

describe('clusters, pairs and cleaned subsets', () => {
  test('clusters of labels and of chained pairs; images without one stand alone', () => {
    expect([...clustersOfPairs(classes, pairs([[1, 2, 1], [2, 3, 1]]))]).toEqual([0, 0, 0, 3, 4])
    expect([...clustersOfLabels(classes, Int32Array.of(2, 1), Int32Array.of(9, 9))]).toEqual([9, 9, -1, -1, -1])
    expect(numbers(clustersReport(Int32Array.of(7, 7, 8, 8, -1), classes))).toMatchObject({ 'B-cubed F1': 1, 'pair precision': 1 })
  })

  test('sets of pairs against true pairs, labels and classes', () => {
    const found = pairs([[1, 2, 1], [2, 3, 1], [2, 1, 1]])
    expect(numbers(pairSetReport(found, classes))).toMatchObject({ precision: 0.5, recall: 0.5 })
    expect(numbers(pairSetReport(found, { kind: 'pairLabels', a: Int32Array.of(2, 3), b: Int32Array.of(1, 4), label: Uint8Array.of(1, 1) }))).toMatchObject({ precision: 1, recall: 0.5 })
    expect(numbers(pairSetReport(found, { kind: 'pairs', queries: Int32Array.of(1), query: Int32Array.of(1), reference: Int32Array.of(2) }))).toMatchObject({ precision: 0.5, recall: 1 })
  })

  test('cleaning against flags, and against true classes by the labels that were given', () => {
    const truth = cleanLabels(classes, Int32Array.of(1, 2, 3, 4), Int32Array.of(0, 1, 1, 1))
    expect([...truth.flag]).toEqual([1, 0, 1, 1])
    expect(numbers(cleaningReport(Int32Array.of(1, 2, 3), truth))).toMatchObject({ precision: 2 / 3, recall: 2 / 3, 'dropped precision': 0, 'dropped recall': 0 })
  })
})

describe('which measurement', () => {
  test('auto goes by truth and result', () => {
    expect(chooseTask('auto', copies, 'lists')).toBe('copy-detection')
    expect((['lists', 'pairs', 'labels', 'images'] as const).map((kind) => chooseTask('auto', classes, kind))).toEqual(['retrieval', 'verification', 'recognition', 'cleaning'])
  })

  test('what does not go together is refused, and says what would', () => {
    expect(() => chooseTask('clusters', copies, 'pairs')).toThrow('No clusters can be measured of pairs against a truth of true pairs. What can: copy-detection, retrieval, pairs.')
    expect(() => chooseTask('auto', copies, 'labels')).toThrow('Nothing can be measured of labels against a truth of true pairs.')
  })
})
