import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BestOf } from '../../../core/rerank/bestOf.ts'

test('the best k, ties by the smaller id, whatever the order of offers', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: -3, max: 3 })), { selector: ([id]) => id }), fc.integer({ min: 0, max: 30 }), (offers, k) => {
    const best = new BestOf(k)
    const ids = new Int32Array(k + 1).fill(-1)
    const scores = new Float32Array(k + 1)
    for (let round = 0; round < 2; round++) {
      for (const [id, score] of offers) best.offer(id, score)
      const wanted = offers.toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, k)
      expect(best.drain(ids, scores, 1)).toBe(wanted.length)
      expect([...ids.subarray(1, wanted.length + 1)]).toEqual(wanted.map(([id]) => id))
      expect([...scores.subarray(1, wanted.length + 1)]).toEqual(wanted.map(([, score]) => score))
    }
  }))
})
