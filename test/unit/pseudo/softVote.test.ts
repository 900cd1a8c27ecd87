import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RankedLists } from '../../../core/domain/rankedLists.ts'
import { banDistractors } from '../../../core/pseudo/distractorBan.ts'
import { cosineBallot, distanceBallot, softVote } from '../../../core/pseudo/softVote.ts'

const listsOf = (rows: readonly (readonly [reference: number, score: number])[][]): RankedLists => {
  const k = Math.max(1, ...rows.map(({ length }) => length))
  const at = (i: number): readonly [number, number] => rows[Math.floor(i / k)]?.[i % k] ?? [-1, 0]
  return { queries: rows.length, k, indices: Int32Array.from({ length: rows.length * k }, (_, i) => at(i)[0]), scores: Float32Array.from({ length: rows.length * k }, (_, i) => at(i)[1]) }
}

describe('soft voting', () => {
  test('agrees with counting by hand: the first k that have a label, the largest sum, the earlier of equals', () => {
    const rows = fc.array(fc.array(fc.tuple(fc.nat(11), fc.integer({ min: -4, max: 4 }).map((n) => n / 4)), { maxLength: 8 }), { minLength: 1, maxLength: 6 })
    fc.assert(fc.property(rows, fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 12, maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (rows, classOf, k) => {
      const found = softVote(listsOf(rows), Int32Array.from(classOf), k, cosineBallot(k))
      for (const [query, row] of rows.entries()) {
        const voters = row.filter(([reference]) => (classOf[reference] ?? -1) >= 0).slice(0, k)
        const met = [...new Set(voters.map(([reference]) => classOf[reference] as number))]
        const sums = met.map((label) => voters.filter(([reference]) => classOf[reference] === label).reduce((sum, [, score]) => sum + score, 0))
        const best = Math.max(...sums)
        const winner = sums.indexOf(best)
        expect(found.labels[query]).toBe(met[winner] ?? -1)
        expect(found.scores[query]).toBe(met.length > 0 ? best / k : 0)
        const rest = sums.filter((_, i) => i !== winner)
        expect(found.runnersUp[query]).toBe(rest.length > 0 ? Math.max(...rest) / k : 0)
      }
    }))
  })

  test('recognition adds 1 - d² and a share of 70 inliers; the example of the digest', () => {
    // 7: (1-.4)+35/70+(1-.6) = 1.5; 9: (1-.3)+1 = 1.7
    const lists = listsOf([[[0, -0.3], [1, -0.4], [2, -0.6]]])
    const inliers = new Map([[0, 140], [1, 35]])
    const found = softVote(lists, Int32Array.of(9, 7, 7), 3, distanceBallot({ measure: 'negative-squared-distance', inliersOf: (_, reference) => inliers.get(reference) }))
    expect(found.labels[0]).toBe(9)
    expect(found.scores[0]).toBeCloseTo(1.7, 6)
    expect(found.runnersUp[0]).toBeCloseTo(1.5, 6)
  })

  test('a verified pair without inliers adds nothing, and is no error', () => {
    const lists = listsOf([[[0, 0.5]]])
    expect(softVote(lists, Int32Array.of(0), 3, distanceBallot({ measure: 'cosine', inliersOf: () => 0 })).scores[0]).toBe(0)
  })

  test('says what is wrong', () => {
    expect(() => softVote(listsOf([[[5, 1]]]), new Int32Array(2), 3, cosineBallot(3))).toThrow('row 5')
    expect(() => softVote(listsOf([]), new Int32Array(2), 0, cosineBallot(3))).toThrow('from 1')
    expect(() => distanceBallot({ measure: 'cosine', saturation: 0 })).toThrow('above 0')
  })
})

test('the distractor ban touches just the labels that more queries than the threshold have', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.double({ noNaN: true })), { maxLength: 40 }), fc.integer({ min: 0, max: 8 }), (rows, threshold) => {
    const { scores, banned } = banDistractors({ labels: Int32Array.from(rows, ([label]) => label), scores: Float64Array.from(rows, ([, score]) => score) }, threshold)
    const count = (label: number): number => rows.filter(([other]) => other === label).length
    expect([...scores]).toEqual(rows.map(([label, score]) => (label >= 0 && count(label) > threshold ? -count(label) : score)))
    expect(banned).toEqual([0, 1, 2, 3, 4].filter((label) => count(label) > threshold).map((label) => ({ label, count: count(label) })).sort((a, b) => b.count - a.count || a.label - b.label))
  }))
})
