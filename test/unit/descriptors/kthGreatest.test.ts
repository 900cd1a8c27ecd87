import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { kthGreatest } from '../../../core/search/kthGreatest.ts'

test('the k-th greatest is where sorting would put it', () => {
  const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity)), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(values, fc.nat(), fc.nat(), (list, first, second) => {
    const count = 1 + (first % list.length)
    const k = 1 + (second % count)
    // 0 and -0 stand apart by their bits, as one value.
    const expected = Float32Array.from(list.slice(0, count)).sort().at(-k) as number
    expect(kthGreatest(Float32Array.from(list), count, k) + 0).toBe(expected + 0)
  }))
})
