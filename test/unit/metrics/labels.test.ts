import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bCubed, clusterPairs } from '../../../core/metrics/clusters.ts'
import { cleaningAgreement } from '../../../core/metrics/keptImages.ts'
import { nearestOtherRecall, nearestOthers } from '../../../core/metrics/nearestOther.ts'
import { pairSetAgreement } from '../../../core/metrics/pairSet.ts'
import { recognitionMetrics } from '../../../core/metrics/recognition.ts'
import type { ClassTruth } from '../../../core/metrics/truth.ts'
import { auc, equalErrorRate, recallAtFalsePositiveRate, rocCurve } from '../../../core/metrics/verification.ts'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('verification', () => {
  const labelled = fc.array(fc.record({ score: fc.integer({ min: 0, max: 8 }).map((n) => n / 4), same: fc.boolean() }), { minLength: 2, maxLength: 40 })
    .filter((rows) => rows.some((row) => row.same) && rows.some((row) => !row.same))
  const rocOf = (rows: readonly { score: number; same: boolean }[]): ReturnType<typeof rocCurve> => rocCurve(Float32Array.from(rows, (row) => row.score), Uint8Array.from(rows, (row) => (row.same ? 1 : 0)))

  test('AUC is the chance that a same pair scores higher, ties half', () => {
    fc.assert(fc.property(labelled, (rows) => {
      const [same, other] = [rows.filter((row) => row.same), rows.filter((row) => !row.same)]
      const wins = same.flatMap((a) => other.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)))
      expect(auc(rocOf(rows))).toBeCloseTo(mean(wins), 12)
    }))
  })

  test('recall at a false-positive rate: the best of all thresholds that keep to it', () => {
    fc.assert(fc.property(labelled, fc.constantFrom(0, 0.1, 0.25, 0.5, 1), (rows, rate) => {
      const share = (same: boolean, threshold: number): number => {
        const of = rows.filter((row) => row.same === same)
        return of.filter((row) => row.score >= threshold).length / of.length
      }
      const possible = [Infinity, ...rows.map((row) => row.score)].filter((threshold) => share(false, threshold) <= rate)
      const found = recallAtFalsePositiveRate(rocOf(rows), rate)
      expect(found.truePositiveRate).toBeCloseTo(Math.max(...possible.map((threshold) => share(true, threshold))), 12)
      expect(share(true, found.threshold)).toBeCloseTo(found.truePositiveRate, 12)
    }))
  })

  test('equal error rate: on the curve, where both errors are equal', () => {
    fc.assert(fc.property(labelled, (rows) => {
      const roc = rocOf(rows)
      const { rate } = equalErrorRate(roc)
      const at = [...roc.falsePositiveRate.keys()].findIndex((i) => (roc.falsePositiveRate[i] ?? 0) >= rate - 1e-12)
      const lower = Math.max(0, at - 1)
      // Errors fall and rise along the curve: the point with equal ones lies between its neighbours.
      expect(1 - (roc.truePositiveRate[lower] ?? 0)).toBeGreaterThanOrEqual(rate - 1e-9)
      expect(rate).toBeGreaterThanOrEqual((roc.falsePositiveRate[lower] ?? 0) - 1e-9)
      expect(rate).toBeLessThanOrEqual(1)
    }))
    expect(equalErrorRate(rocOf([{ score: 3, same: true }, { score: 2, same: true }, { score: 1, same: false }]))).toEqual({ rate: 0, threshold: 2 })
    expect(equalErrorRate(rocOf([{ score: 3, same: false }, { score: 1, same: true }])).rate).toBe(1)
    expect(equalErrorRate(rocOf([{ score: 1, same: false }, { score: 1, same: true }])).rate).toBe(0.5)
  })

  test('pairs of one kind only: no number', () => {
    expect(() => rocCurve(Float32Array.of(1, 2), Uint8Array.of(1, 1))).toThrow(/two different things/u)
  })
})

describe('clusters', () => {
  const items = fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -1, max: 3 })), { minLength: 1, maxLength: 25 }).filter((rows) => rows.some(([, label]) => label >= 0))

  test('B-cubed and pairs are those of the definition', () => {
    fc.assert(fc.property(items, (rows) => {
      // An item in no cluster is a cluster of its own.
      const known = rows.map(([cluster, label], i) => ({ cluster: cluster < 0 ? 100 + i : cluster, label })).filter(({ label }) => label >= 0)
      const each = known.map((one) => {
        const [cluster, label] = [known.filter((other) => other.cluster === one.cluster), known.filter((other) => other.label === one.label)]
        const both = cluster.filter((other) => other.label === one.label).length
        return { precision: both / cluster.length, recall: both / label.length }
      })
      const columns = [Int32Array.from(rows, ([cluster]) => cluster), Int32Array.from(rows, ([, label]) => label)] as const
      const found = bCubed(...columns)
      expect(found.items).toBe(known.length)
      expect(found.precision).toBeCloseTo(mean(each.map(({ precision }) => precision)), 12)
      expect(found.recall).toBeCloseTo(mean(each.map(({ recall }) => recall)), 12)
      const pairs = known.flatMap((a, i) => known.slice(i + 1).map((b) => ({ together: a.cluster === b.cluster, same: a.label === b.label })))
      expect(clusterPairs(...columns)).toMatchObject({
        clusterPairs: pairs.filter((pair) => pair.together).length, labelPairs: pairs.filter((pair) => pair.same).length, hits: pairs.filter((pair) => pair.together && pair.same).length
      })
    }))
  })

  test('the example of Amigó et al.: splitting costs recall, mixing costs precision', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 1, 1)
    expect(bCubed(labels, labels)).toMatchObject({ precision: 1, recall: 1, f1: 1 })
    expect(bCubed(Int32Array.of(0, 0, 0, 0, 0, 0), labels)).toMatchObject({ precision: 0.5, recall: 1 })
    expect(bCubed(Int32Array.of(-1, -1, -1, -1, -1, -1), labels).recall).toBeCloseTo(1 / 3, 12)
  })
})

describe('sets', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 15 })
  const columns = (rows: readonly (readonly [number, number])[]): { a: Int32Array; b: Int32Array } => ({ a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b) })

  test.each([true, false])('precision and recall of a set of pairs (ordered: %s)', (ordered) => {
    fc.assert(fc.property(pairs, pairs.filter((rows) => rows.length > 0), (predicted, truth) => {
      const set = (rows: readonly (readonly [number, number])[]): Set<string> => new Set(rows.map((row) => (ordered ? row.join() : row.toSorted((x, y) => x - y).join())))
      const [found, wanted] = [set(predicted), set(truth)]
      const hits = [...found].filter((pair) => wanted.has(pair)).length
      expect(pairSetAgreement(columns(predicted), columns(truth), { ordered })).toMatchObject({ predicted: found.size, positives: wanted.size, hits })
    }))
  })

  test('a cleaned subset: of the kept the clean, of the foreign the dropped; unknown images count nowhere', () => {
    const found = cleaningAgreement(Int32Array.of(1, 2, 4, 99), Int32Array.of(1, 2, 3, 4, 5), Uint8Array.of(1, 1, 1, 0, 0))
    expect(found).toMatchObject({ kept: { predicted: 3, positives: 3, hits: 2 }, dropped: { predicted: 2, positives: 2, hits: 1 }, unjudged: 1 })
  })
})

describe('recognition', () => {
  const truth: ClassTruth = { kind: 'classes', images: Int32Array.of(1, 2, 3, 4), offsets: Int32Array.of(0, 1, 2, 4, 4), classes: Int32Array.of(0, 1, 0, 2), names: ['a', 'b', 'c'], usage: new Uint8Array(4) }

  test('GAP is that of the definition, equal scores by id', () => {
    const row = fc.record({ class: fc.integer({ min: -1, max: 2 }), score: fc.integer({ min: 0, max: 3 }) })
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 6 })), fc.array(row, { minLength: 6, maxLength: 6 }), fc.boolean(), (images, rows, ignoreWithoutClass) => {
      const own = new Map([[1, [0]], [2, [1]], [3, [0, 2]], [4, []]])
      const all = images.map((image) => ({ image, ...(rows[image - 1] ?? { class: -1, score: 0 }) }))
      const ranked = all.filter(({ image }) => own.has(image) && !(ignoreWithoutClass && image === 4)).toSorted((a, b) => b.score - a.score || a.image - b.image)
      let hits = 0
      const gap = ranked.reduce((sum, one, i) => ((own.get(one.image) ?? []).includes(one.class) ? sum + ++hits / (i + 1) : sum), 0) / 3
      const found = recognitionMetrics({ image: Int32Array.from(images), class: Int32Array.from(all, (one) => one.class), score: Float32Array.from(all, (one) => one.score) }, truth, { ignoreWithoutClass })
      expect(found.gap).toBeCloseTo(gap, 12)
      expect(found.accuracy).toBeCloseTo(hits / 3, 12)
      expect(found.predictions).toBe(ranked.length)
      expect(found.leftOut).toBe(images.filter((image) => image > 4).length)
    }))
  })

  test('an image with two predictions is refused', () => {
    expect(() => recognitionMetrics({ image: Int32Array.of(1, 1), class: Int32Array.of(0, 1), score: Float32Array.of(1, 0) }, truth)).toThrow(/Image 1 has more than one prediction \(row 2\)/u)
  })
})

describe('nearest others', () => {
  test('recall@k by Euclidean distance, of vectors of any length', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 2, maxLength: 12, selector: ([x, y]) => `${x},${y}` }), fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (points, labels, k) => {
      const distance = (a: readonly number[], b: readonly number[]): number => ((a[0] ?? 0) - (b[0] ?? 0)) ** 2 + ((a[1] ?? 0) - (b[1] ?? 0)) ** 2
      const hit = points.map((point, i) => points.map((other, j) => ({ j, away: distance(point, other) })).filter(({ j }) => j !== i).sort((a, b) => a.away - b.away || a.j - b.j).slice(0, k).some(({ j }) => labels[j] === labels[i]))
      const lists = await nearestOthers(matrixOf(Float32Array.from(points.flat()), 2), k, new PlainBlas())
      expect(nearestOtherRecall(lists, Int32Array.from(labels.slice(0, points.length)), [k])[0]).toBeCloseTo(hit.filter(Boolean).length / points.length, 12)
    }), { numRuns: 60 })
  })
})
