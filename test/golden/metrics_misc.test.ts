import { describe, expect, test } from 'vitest'
import { judgeByRelevance } from '../../core/metrics/judge.ts'
import { recognitionMetrics } from '../../core/metrics/recognition.ts'
import { classListMap, retrievalMetrics, type RetrievedImages } from '../../core/metrics/retrieval.ts'
import { difficulties, roxfordMetrics } from '../../core/metrics/roxford.ts'
import { type ClassTruth, type Grade, grades, type RelevanceTruth } from '../../core/metrics/truth.ts'
import { auc, rocCurve } from '../../core/metrics/verification.ts'
import { golden } from './golden.ts'

interface Roxford {
  'ranks_db_by_query(columns=queries)': number[][]
  gnd: Partial<Record<Grade, number[]>>[]
  results: Record<string, { mAP: number; aps: (number | null)[]; [precisions: string]: unknown }>
}
interface Official {
  retrieval: { predictions: Record<string, string[]>; solution: Record<string, string[]>; [map: string]: unknown }
  recognition: { predictions: Record<string, { class: number; score: number }>; solution: Record<string, number[]>; GAP: number; GAP_ignore_non_gt: number }
}

/** Keys carry the repository they come from: `name (repository)`. */
const all = golden<Record<string, unknown>>('metrics_misc')
const part = <T>(name: string): T => Object.entries(all).find(([key]) => key === name || key.startsWith(`${name} `))?.[1] as T

/** Lists of image ids as a rectangle, -1 where they are short. */
function rectangle(queries: Int32Array, lists: readonly (readonly number[])[]): RetrievedImages {
  const k = Math.max(1, ...lists.map((list) => list.length))
  const images = new Int32Array(lists.length * k).fill(-1)
  for (const [i, list] of lists.entries()) images.set(list, i * k)
  return { queries, k, images }
}

function relevance(queries: Int32Array, of: readonly Partial<Record<Grade, number[]>>[]): RelevanceTruth {
  const rows = of.map((one) => grades.flatMap((grade, code) => (one[grade] ?? []).map((image) => ({ image, code }))))
  const offsets = new Int32Array(rows.length + 1)
  for (const [i, row] of rows.entries()) offsets[i + 1] = (offsets[i] ?? 0) + row.length
  return {
    kind: 'relevance', queries, offsets, images: Int32Array.from(rows.flat(), ({ image }) => image), grade: Uint8Array.from(rows.flat(), ({ code }) => code),
    usage: new Uint8Array(queries.length)
  }
}

const numbers = (keys: readonly string[]): Map<string, number> => new Map(keys.map((key, i) => [key, i]))
const upTo = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

test('mAP over lists of classes (LM)', () => {
  const { y_true, y_pred, k, value } = part<{ y_true: number[]; y_pred: number[][]; k: number; value: number }>('map_at_k')
  const predicted = Int32Array.from(y_pred.flatMap((row) => Array.from({ length: k }, (_, rank) => row[rank] ?? -1)))
  expect(classListMap(Int32Array.from(y_true), predicted, k)).toBeCloseTo(value, 12)
})

test('GAP (LM)', () => {
  const { pred, conf, true: truth, value } = part<{ pred: number[]; conf: number[]; true: (number | null)[]; value: number }>('gap')
  const names = [...new Set([...pred, ...truth.filter((one) => one !== null)])]
  const gapOf = (order: readonly number[]): number => recognitionMetrics(
    { image: upTo(pred.length), class: Int32Array.from(order, (row) => names.indexOf(pred[row] as number)), score: Float64Array.from(order, (row) => conf[row] as number) },
    classTruth(order.map((row) => (truth[row] === null ? [] : [truth[row] as number])), names)
  ).gap
  const rows = [...upTo(pred.length)]
  // pandas' quicksort leaves open how equal confidences stand, and ours go by row: between the worst order of ties and the best everything is right.
  const right = (row: number): number => (pred[row] === truth[row] ? 1 : 0)
  const [worst, best] = [gapOf(rows.toSorted((a, b) => right(a) - right(b))), gapOf(rows.toSorted((a, b) => right(b) - right(a)))]
  for (const gap of [value, gapOf(rows)]) {
    expect(gap).toBeGreaterThan(worst - 1e-12)
    expect(gap).toBeLessThan(best + 1e-12)
  }
})

describe('ROxford / RParis (cirtorch)', () => {
  const { gnd, results, ...rest } = part<Roxford>('roxford_compute_map')
  const ranks = rest['ranks_db_by_query(columns=queries)']
  const queries = upTo(gnd.length)
  const lists = rectangle(queries, gnd.map((_, query) => ranks.map((row) => row[query] ?? -1)))
  test.each([...difficulties])('%s', (difficulty) => {
    const expected = results[difficulty.slice(0, 1).toUpperCase()]
    if (!expected) throw new Error('The golden file has no such result.')
    const [key, precisions] = Object.entries(expected).find(([name]) => name.startsWith('mP@')) as [string, number[]]
    const metrics = roxfordMetrics(lists, relevance(queries, gnd), difficulty, JSON.parse(key.slice('mP@'.length)) as number[])
    expect(metrics.map).toBeCloseTo(expected.mAP, 12)
    for (const [i, ap] of expected.aps.entries()) {
      if (ap === null || Number.isNaN(ap)) expect(metrics.perQuery[i]).toBeNaN()
      else expect(metrics.perQuery[i]).toBeCloseTo(ap, 12)
    }
    expect(metrics.precisionAt).toHaveLength(precisions.length)
    for (const [i, precision] of precisions.entries()) expect(metrics.precisionAt[i]).toBeCloseTo(precision, 12)
  })
})

describe('Google Landmarks, the official metrics', () => {
  const { retrieval, recognition } = part<Official>('gld_official')
  test('mAP', () => {
    const { predictions, solution } = retrieval
    const query = numbers(Object.keys({ ...predictions, ...solution }))
    const image = numbers([...new Set([...Object.values(predictions), ...Object.values(solution)].flat())])
    const ids = (names: readonly string[]): number[] => names.map((name) => image.get(name) ?? -1)
    const truth = relevance(Int32Array.from(Object.keys(solution), (key) => query.get(key) ?? -1), Object.values(solution).map((names) => ({ relevant: ids(names) })))
    const lists = rectangle(Int32Array.from(Object.keys(predictions), (key) => query.get(key) ?? -1), Object.values(predictions).map(ids))
    const depths = Object.keys(retrieval).filter((key) => key.startsWith('mAP@'))
    expect(depths).not.toHaveLength(0)
    for (const key of depths) expect(retrievalMetrics(lists, judgeByRelevance(truth), { depth: Number(key.slice('mAP@'.length)) }).map).toBeCloseTo(retrieval[key] as number, 12)
  })

  test('GAP, with and without images that have no landmark', () => {
    const { predictions, solution, GAP, GAP_ignore_non_gt } = recognition
    const keys = [...new Set([...Object.keys(predictions), ...Object.keys(solution)])].toSorted()
    const image = numbers(keys)
    const names = [...new Set([...Object.values(predictions).map((one) => one.class), ...Object.values(solution).flat()])]
    const rows = {
      image: Int32Array.from(Object.keys(predictions), (key) => image.get(key) ?? -1), class: Int32Array.from(Object.values(predictions), (one) => names.indexOf(one.class)),
      score: Float64Array.from(Object.values(predictions), (one) => one.score)
    }
    const truth = classTruth(Object.values(solution), names, Int32Array.from(Object.keys(solution), (key) => image.get(key) ?? -1))
    expect(recognitionMetrics(rows, truth).gap).toBeCloseTo(GAP, 12)
    expect(recognitionMetrics(rows, truth, { ignoreWithoutClass: true }).gap).toBeCloseTo(GAP_ignore_non_gt, 12)
  })
})

test('AUC of pair verification (scikit-learn)', () => {
  const { y, s, value } = part<{ y: number[]; s: number[]; value: number }>('auc_pair_verification')
  expect(auc(rocCurve(Float64Array.from(s), Uint8Array.from(y)))).toBeCloseTo(value, 12)
})

function classTruth(classes: readonly (readonly number[])[], names: readonly number[], images = upTo(classes.length)): ClassTruth {
  const offsets = new Int32Array(classes.length + 1)
  for (const [i, of] of classes.entries()) offsets[i + 1] = (offsets[i] ?? 0) + of.length
  return { kind: 'classes', images, offsets, classes: Int32Array.from(classes.flat(), (one) => names.indexOf(one)), names: names.map(String), usage: new Uint8Array(classes.length) }
}
