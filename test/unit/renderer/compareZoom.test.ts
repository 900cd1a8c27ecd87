import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIT, actualPixels, clampLook, panBy, place, zoomAt } from '../../../renderer/components/compare/zoom.ts'

const side = fc.integer({ min: 1, max: 8000 })
const size = fc.record({ width: side, height: side })
const pane = fc.record({ width: fc.integer({ min: 100, max: 2000 }), height: fc.integer({ min: 100, max: 2000 }) })

describe('locked zoom', () => {
  test('the same look shows the same part of a picture and of its smaller copy', () => {
    const big = { width: 4000, height: 3000 }
    const small = { width: 500, height: 375 }
    const box = { width: 600, height: 400 }
    const look = zoomAt(FIT, 5, { x: 100, y: 120 }, big, box)
    const a = place(big, box, look)
    const b = place(small, box, look)
    expect(b.left).toBeCloseTo(a.left)
    expect(b.top).toBeCloseTo(a.top)
    expect(b.width).toBeCloseTo(a.width)
  })

  test('fit shows the whole picture, centred', () => {
    fc.assert(fc.property(size, pane, (picture, box) => {
      const at = place(picture, box, FIT)
      expect(at.width).toBeLessThanOrEqual(box.width + 1e-6)
      expect(at.height).toBeLessThanOrEqual(box.height + 1e-6)
      expect(at.left * 2 + at.width).toBeCloseTo(box.width)
    }))
  })

  test('what lies under the pointer stays there when zooming in on a picture that fills its pane', () => {
    const picture = { width: 1000, height: 1000 }
    const box = { width: 500, height: 500 }
    const look = zoomAt(FIT, 4, { x: 125, y: 375 }, picture, box)
    const at = place(picture, box, look)
    expect((125 - at.left) / at.width).toBeCloseTo(0.25)
    expect((375 - at.top) / at.height).toBeCloseTo(0.75)
  })

  test('no pan leaves an empty pane', () => {
    fc.assert(fc.property(size, pane, fc.double({ min: 1, max: 30, noNaN: true }), fc.integer({ min: -5000, max: 5000 }), (picture, box, zoom, by) => {
      const at = place(picture, box, panBy(clampLook({ ...FIT, zoom }, picture, box), by, by, picture, box))
      if (at.width > box.width) {
        expect(at.left).toBeLessThanOrEqual(1e-6)
        expect(at.left + at.width).toBeGreaterThanOrEqual(box.width - 1e-6)
      } else expect(at.left * 2 + at.width).toBeCloseTo(box.width, 3)
    }))
  })

  test('1:1 puts one pixel on one pixel', () => {
    const picture = { width: 4000, height: 3000 }
    const box = { width: 600, height: 400 }
    expect(place(picture, box, actualPixels(FIT, picture, box)).scale).toBeCloseTo(1)
    expect(place(picture, box, actualPixels(FIT, picture, box, 2)).scale).toBeCloseTo(0.5)
  })
})
