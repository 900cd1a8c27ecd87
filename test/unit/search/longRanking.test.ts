import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LongRanking } from '../../../core/search/longRanking.ts'
import { Ranking } from '../../../core/search/ranking.ts'

test('many candidates come in the order that inserting them one by one gives', () => {
  const score = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 0.5, -0.5, 1))
  const candidates = fc.uniqueArray(fc.record({ index: fc.integer({ min: 0, max: 2 ** 31 - 1 }), score }), { selector: ({ index }) => index, maxLength: 80 })
  fc.assert(fc.property(candidates, fc.integer({ min: 1, max: 90 }), (list, k) => {
    const sorted = list.toSorted((x, y) => x.index - y.index)
    const long = new LongRanking(100)
    long.sort(Int32Array.from(sorted, ({ index }) => index), Float32Array.from(sorted, ({ score: value }) => value))
    const indices = new Int32Array(k)
    const scores = new Float32Array(k)
    long.write(k, indices, scores, 0)
    const short = new Ranking(k)
    for (const { index, score: value } of list) short.offer(Math.fround(value), index)
    expect(indices).toEqual(short.ids)
    // 0 and -0 are one value.
    expect(scores.map((value) => value + 0)).toEqual(short.values.map((value) => value + 0))
  }))
})
