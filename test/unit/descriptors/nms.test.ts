import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Corners, overlap, suppressEqualScores, suppressOverlaps } from '../../../core/descriptors/nms.ts'
import { reversedArgsortOfEqualKeys } from '../../../core/descriptors/nmsOrder.ts'

const boxes = fc.array(
  fc.tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })).map(([x, y, w, h]): Corners => [x, y, x + w, y + h]),
  { maxLength: 60 }
)

/** The textbook form: take the first, throw away what overlaps it, repeat. */
function naive(all: readonly Corners[], order: readonly number[], iou: number, extra: 0 | 1): number[] {
  const kept: number[] = []
  let left = [...order]
  while (left.length > 0) {
    const [first = 0, ...rest] = left
    kept.push(first)
    left = rest.filter((i) => overlap(all[first] as Corners, all[i] as Corners, extra) <= iou)
  }
  return kept
}

test('what is kept overlaps pairwise by at most the threshold, and everything else overlaps something kept', () => {
  fc.assert(
    fc.property(boxes, fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.constantFrom(0 as const, 1 as const), (all, iou, extra) => {
      const order = all.map((_, i) => i)
      const kept = suppressOverlaps(all, { iou, order, extra })
      expect(kept).toEqual(naive(all, order, iou, extra))
      for (const i of kept) for (const j of kept) if (i !== j) expect(overlap(all[i] as Corners, all[j] as Corners, extra)).toBeLessThanOrEqual(iou)
    })
  )
})

test('with equal scores it is the textbook suppression over NumPy\'s order', () => {
  fc.assert(
    fc.property(boxes, (all) => {
      expect(suppressEqualScores(all, 0.5)).toEqual(naive(all, [...reversedArgsortOfEqualKeys(all.length)], 0.5, 1))
    })
  )
})

test('boxes are visited in the order of numpy.ones(n).argsort()[::-1]', () => {
  expect([...reversedArgsortOfEqualKeys(0)]).toEqual([])
  expect([...reversedArgsortOfEqualKeys(16)]).toEqual(Array.from({ length: 16 }, (_, i) => 15 - i))
  // NumPy 1.24.2
  expect([...reversedArgsortOfEqualKeys(17)].toReversed()).toEqual([0, 14, 13, 12, 11, 10, 9, 15, 8, 6, 5, 4, 3, 2, 1, 7, 16])
  expect([...reversedArgsortOfEqualKeys(34)].toReversed()).toEqual([0, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 1, 2, 3, 4, 5, 6, 32, 7, 9, 10, 11, 12, 13, 14, 8, 33])
  for (const n of [100, 1000]) expect(new Set(reversedArgsortOfEqualKeys(n)).size).toBe(n)
})

test('a box without an area overlaps nothing', () => {
  expect(overlap([5, 5, 5, 5], [5, 5, 5, 5], 0)).toBe(0)
  expect(overlap([0, 0, 9, 9], [0, 0, 9, 9], 1)).toBe(1)
  expect(overlap([0, 0, 9, 9], [20, 20, 29, 29], 1)).toBe(0)
})
