import { describe, expect, test } from 'vitest'
import { type CopyDetectionOptions, rankedPairs, recallAtRanks } from '../../core/metrics/copyDetection.ts'
import { wholeCurve } from '../../core/metrics/precisionRecallCurve.ts'
import { microAp, recallAtPrecision } from '../../core/metrics/rankedHits.ts'
import type { ScoredPairs } from '../../core/metrics/scoredPairs.ts'
import type { PairsTruth } from '../../core/metrics/truth.ts'
import { golden } from './golden.ts'

interface Case {
  name: string
  gt: [string, string | null][]
  predictions: [string, string, number][]
  'eval_metrics.py(lyakaap, DrivenData official script)': { average_precision: number; recall_p90: number }
  'isc2021 isc/metrics.evaluate (facebookresearch)': {
    average_precision: number
    recall_at_p90: number | null
    threshold_at_p90: number | null
    recall_at_rank1: number
    recall_at_rank10: number
    precisions: number[]
    recalls: number[]
    thresholds: number[]
  }
}

/** Numbers for names, from 1. */
function numbering(): (name: string) => number {
  const numbers = new Map<string, number>()
  return (name) => {
    const known = numbers.get(name) ?? numbers.size + 1
    numbers.set(name, known)
    return known
  }
}

function columns({ gt, predictions }: Case): { truth: PairsTruth; pairs: ScoredPairs } {
  const query = numbering()
  const reference = numbering()
  const pairs = gt.filter((row): row is [string, string] => row[1] !== null)
  return {
    truth: {
      kind: 'pairs', queries: Int32Array.from(new Set(gt.map((row) => query(row[0])))),
      query: Int32Array.from(pairs, (row) => query(row[0])), reference: Int32Array.from(pairs, (row) => reference(row[1]))
    },
    pairs: {
      query: Int32Array.from(predictions, (row) => query(row[0])), reference: Int32Array.from(predictions, (row) => reference(row[1])),
      score: Float64Array.from(predictions, (row) => row[2])
    }
  }
}

const { cases } = golden<{ cases: Case[] }>('isc_uap_rp90')

describe.each(cases)('$name', (one) => {
  const { truth, pairs } = columns(one)
  const drivenData: CopyDetectionOptions = { queries: 'listed', duplicates: 'keep' }
  const fb: CopyDetectionOptions = { queries: 'all', duplicates: 'refuse' }

  test('uAP and R@P90 of the DrivenData script', () => {
    const expected = one['eval_metrics.py(lyakaap, DrivenData official script)']
    const ranked = rankedPairs(pairs, truth, drivenData)
    expect(microAp(ranked)).toBeCloseTo(expected.average_precision, 12)
    expect(recallAtPrecision(ranked, 0.9)?.recall ?? 0).toBeCloseTo(expected.recall_p90, 12)
  })

  test('uAP, R@P90 with its threshold, recall at rank and the curve of isc2021', () => {
    const expected = one['isc2021 isc/metrics.evaluate (facebookresearch)']
    const ranked = rankedPairs(pairs, truth, fb)
    expect(microAp(ranked)).toBeCloseTo(expected.average_precision, 12)
    const at90 = recallAtPrecision(ranked, 0.9)
    if (expected.recall_at_p90 === null) expect(at90).toBeNull()
    else {
      expect(at90?.recall).toBeCloseTo(expected.recall_at_p90, 12)
      expect(at90?.threshold).toBe(expected.threshold_at_p90)
    }
    const [rank1, rank10] = recallAtRanks(pairs, truth, [1, 10])
    expect(rank1).toBeCloseTo(expected.recall_at_rank1, 12)
    expect(rank10).toBeCloseTo(expected.recall_at_rank10, 12)
    const curve = wholeCurve(ranked)
    // Plus 0: of 0 and -0, which are equal, either may come first.
    expect(Array.from(curve.threshold, (threshold) => threshold + 0)).toEqual(expected.thresholds.map((threshold) => threshold + 0))
    expect(curve.precision).toHaveLength(expected.precisions.length)
    for (const [i, precision] of expected.precisions.entries()) expect(curve.precision[i]).toBeCloseTo(precision, 12)
    for (const [i, recall] of expected.recalls.entries()) expect(curve.recall[i]).toBeCloseTo(recall, 12)
  })
})
