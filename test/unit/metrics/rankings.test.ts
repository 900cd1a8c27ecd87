import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onePerPair, type ScoredPairs } from '../../../core/metrics/scoredPairs.ts'
import { rankedPairs, recallAtRanks } from '../../../core/metrics/copyDetection.ts'
import { descendingOrder } from '../../../core/metrics/descendingOrder.ts'
import { wholeCurve } from '../../../core/metrics/precisionRecallCurve.ts'
import { atThreshold, bestF1, microAp, rankedHits, recallAtPrecision } from '../../../core/metrics/rankedHits.ts'
import type { PairsTruth } from '../../../core/metrics/truth.ts'

/** Few distinct scores, so that ties are common. */
const score = fc.oneof(fc.integer({ min: -3, max: 3 }).map((n) => n / 2), fc.double({ noNaN: true, noDefaultInfinity: true, min: -5, max: 5 }))
const flagged = fc.array(fc.record({ score, right: fc.boolean() }), { minLength: 1, maxLength: 40 })

const columns = (rows: readonly { score: number; right: boolean }[]): [Float64Array, Uint8Array] => [Float64Array.from(rows, (row) => row.score), Uint8Array.from(rows, (row) => (row.right ? 1 : 0))]

/** The definition: sort, wrong first within equal scores, then walk. */
function naive(rows: readonly { score: number; right: boolean }[], positives: number): { precision: number; recall: number; score: number }[] {
  const sorted = rows.toSorted((a, b) => b.score - a.score || Number(a.right) - Number(b.right))
  return sorted.map((row, i) => {
    const hits = sorted.slice(0, i + 1).filter((one) => one.right).length
    return { precision: hits / (i + 1), recall: hits / positives, score: row.score }
  })
}

describe('order by score', () => {
  test.each([['float32', Float32Array], ['float64', Float64Array]] as const)('%s: as a stable sort has it, for few and for many', (_, Scores) => {
    fc.assert(fc.property(fc.array(fc.oneof(score, fc.constantFrom(-0, 0, Infinity, -Infinity, 1e-42, -1e-42)), { maxLength: 30 }), fc.boolean(), (some, many) => {
      const scores = Scores.from(many ? Array.from({ length: 5000 }, (_, i) => some[i % Math.max(1, some.length)] ?? (i * 7919) % 101) : some)
      const value = (i: number): number => scores[i] ?? 0
      const expected = [...scores.keys()].sort((i, j) => (value(i) === value(j) ? i - j : value(j) - value(i)))
      expect([...descendingOrder(scores)]).toEqual(expected)
    }), { numRuns: 60 })
  })

  test('a score that is no number is named', () => {
    expect(() => descendingOrder(Float32Array.of(1, Number.NaN))).toThrow(/Score 2 of 2 is not a number/u)
  })
})

describe('ranked predictions', () => {
  test('uAP, recall at precision and the curve are those of the definition', () => {
    fc.assert(fc.property(flagged, fc.nat(5), fc.constantFrom(0, 0.5, 0.9, 1), (rows, missed, level) => {
      const positives = rows.filter((row) => row.right).length + missed
      fc.pre(positives > 0)
      const ranked = rankedHits(...columns(rows), positives)
      const points = naive(rows, positives)
      const curve = wholeCurve(ranked)
      expect([...curve.precision]).toEqual(points.map((point) => point.precision))
      expect([...curve.recall]).toEqual(points.map((point) => point.recall))
      expect(microAp(ranked)).toBeCloseTo(points.reduce((sum, point, i) => sum + (point.recall - (points[i - 1]?.recall ?? 0)) * point.precision, 0), 12)
      const reached = points.filter((point) => point.precision >= level && point.recall > 0)
      const recall = Math.max(0, ...reached.map((point) => point.recall))
      const found = recallAtPrecision(ranked, level)
      if (recall === 0) expect(found).toBeNull()
      else expect(found).toMatchObject({ recall, threshold: points.find((point) => point.recall === recall)?.score })
    }))
  })

  test('precision, recall and F1 at a threshold count what is at or above it', () => {
    fc.assert(fc.property(flagged, score, (rows, threshold) => {
      const positives = rows.filter((row) => row.right).length
      fc.pre(positives > 0)
      const passed = rows.filter((row) => row.score >= threshold)
      const hits = passed.filter((row) => row.right).length
      const found = atThreshold(rankedHits(...columns(rows), positives), threshold)
      expect(found).toMatchObject({ predictions: passed.length, hits, precision: passed.length === 0 ? 1 : hits / passed.length, recall: hits / positives })
      expect(found.f1).toBeCloseTo((2 * hits) / (passed.length + positives), 12)
    }))
  })

  test('no threshold has a higher F1 than the best', () => {
    fc.assert(fc.property(flagged, (rows) => {
      const positives = rows.filter((row) => row.right).length
      fc.pre(positives > 0)
      const ranked = rankedHits(...columns(rows), positives)
      const all = rows.map((row) => atThreshold(ranked, row.score).f1)
      expect(bestF1(ranked)?.f1).toBe(Math.max(...all))
    }))
  })

  test('without anything to find there is no number', () => {
    expect(() => rankedHits(Float64Array.of(1), Uint8Array.of(0), 0)).toThrow(/holds no true match/u)
  })
})

const id = fc.integer({ min: 1, max: 6 })
const pairRow = fc.tuple(id, id, score)
const truthRows = fc.array(fc.tuple(id, id), { minLength: 1, maxLength: 10 })

function truthOf(rows: readonly (readonly [number, number])[], distractors: readonly number[] = []): PairsTruth {
  const distinct = [...new Map(rows.map((row) => [row.join(), row])).values()]
  return {
    kind: 'pairs', queries: Int32Array.from(new Set([...rows.map(([query]) => query), ...distractors])), query: Int32Array.from(distinct, ([query]) => query),
    reference: Int32Array.from(distinct, ([, reference]) => reference)
  }
}
const predictionsOf = (rows: readonly (readonly [number, number, number])[]): ScoredPairs =>
  ({ query: Int32Array.from(rows, ([query]) => query), reference: Int32Array.from(rows, ([, reference]) => reference), score: Float64Array.from(rows, ([, , of]) => of) })

describe('copy detection', () => {
  test('predictions of unlisted queries are left out, or count as wrong', () => {
    fc.assert(fc.property(fc.array(pairRow, { maxLength: 30 }), truthRows, (rows, pairs) => {
      const truth = truthOf(pairs)
      const distinct = [...new Map(rows.map((row) => [row.slice(0, 2).join(), row])).values()]
      const isTrue = (query: number, reference: number): boolean => pairs.some(([q, r]) => q === query && r === reference)
      for (const queries of ['listed', 'all'] as const) {
        const kept = distinct.filter(([query]) => queries === 'all' || truth.queries.includes(query))
        const found = rankedPairs(predictionsOf(distinct), truth, { queries })
        const expected = rankedHits(...columns(kept.map(([query, reference, of]) => ({ score: of, right: isTrue(query, reference) }))), truth.query.length)
        expect(found.leftOut).toBe(distinct.length - kept.length)
        expect([...found.hits]).toEqual([...expected.hits])
      }
    }))
  })

  test('recall at rank k: a true pair is found when fewer than k other predictions of its query score as high', () => {
    fc.assert(fc.property(fc.array(pairRow, { maxLength: 30 }), truthRows, fc.integer({ min: 1, max: 6 }), (rows, pairs, k) => {
      const truth = truthOf(pairs)
      const predictions = onePerPair(predictionsOf(rows))
      const list = [...predictions.query].map((query, i) => ({ query, reference: predictions.reference[i], score: predictions.score[i] ?? 0 }))
      const found = [...truth.query].filter((query, i) => {
        const own = list.find((one) => one.query === query && one.reference === truth.reference[i])
        return own !== undefined && list.filter((one) => one.query === query && one.score >= own.score).length - 1 < k
      })
      expect(recallAtRanks(predictions, truth, [k])[0]).toBeCloseTo(found.length / truth.query.length, 12)
    }))
  })

  test('a pair predicted twice is refused, naming it; unless both rows are to count', () => {
    const pairs = predictionsOf([[1, 2, 0.5], [1, 3, 0.4], [1, 2, 0.3]])
    expect(() => rankedPairs(pairs, truthOf([[1, 2]]))).toThrow(/row 3 \(query 1, reference 2\)/u)
    expect(rankedPairs(pairs, truthOf([[1, 2]]), { duplicates: 'keep' }).hits).toHaveLength(3)
  })

  test('parts of one image: the best of their scores counts', () => {
    fc.assert(fc.property(fc.array(pairRow, { maxLength: 30 }), (rows) => {
      const found = onePerPair(predictionsOf(rows))
      const best = new Map<string, number>()
      for (const [query, reference, of] of rows) best.set(`${query} ${reference}`, Math.max(best.get(`${query} ${reference}`) ?? -Infinity, of))
      expect([...found.query].map((query, i) => [`${query} ${found.reference[i]}`, found.score[i]])).toEqual([...best])
    }))
  })
})
