import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { identity, translation } from '../../../core/generator/homography.ts'
import { areaOf, isInside, mapped, onCanvas, wholeOf } from '../../../core/generator/region.ts'

test('what lies on the canvas is what both rectangles share', () => {
  const side = fc.integer({ min: 1, max: 100 })
  fc.assert(
    fc.property(side, side, side, side, fc.integer({ min: -120, max: 120 }), fc.integer({ min: -120, max: 120 }), (w, h, width, height, x, y) => {
      const region = onCanvas(mapped(wholeOf({ width: w, height: h }), translation(x, y)), { width, height })
      const shared = Math.max(0, Math.min(width, x + w) - Math.max(0, x)) * Math.max(0, Math.min(height, y + h) - Math.max(0, y))
      expect(areaOf(region)).toBeCloseTo(shared, 6)
    })
  )
})

test('a turned square keeps its area, its corners cut off by the canvas do not', () => {
  const square = wholeOf({ width: 10, height: 10 })
  expect(areaOf(mapped(square, identity))).toBe(100)
  const turned = mapped(square, [Math.SQRT1_2, -Math.SQRT1_2, 5, Math.SQRT1_2, Math.SQRT1_2, -2, 0, 0, 1])
  expect(areaOf(turned)).toBeCloseTo(100, 9)
  const cut = onCanvas(turned, { width: 10, height: 10 })
  expect(areaOf(cut)).toBeLessThan(100)
  expect(isInside(cut, [5, 5])).toBe(true)
  expect(isInside(cut, [5, 5], 20)).toBe(false)
  expect(isInside(cut, [-1, 5])).toBe(false)
  expect(onCanvas(mapped(square, translation(50, 0)), { width: 10, height: 10 })).toEqual([])
  expect(areaOf([])).toBe(0)
})
