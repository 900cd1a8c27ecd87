import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { place } from '../../../renderer/components/compare/zoom.ts'
import { mapWords } from '../../../renderer/features/matches/mapWords.ts'
import { cssMatrix, derivative, followed, identity, inverse, mapPoint, placed, type PlaneMap, product, stretched } from '../../../renderer/features/matches/planeMap.ts'
import { warpOver } from '../../../renderer/features/matches/warp.ts'

const small = fc.double({ min: -0.3, max: 0.3, noNaN: true })
/** Maps that do not flatten: near a turn and a scale, with a little perspective. */
const map: fc.Arbitrary<PlaneMap> = fc.tuple(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), small, small, fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true }), small, small)
  .map(([scale, turn, shear, squeeze, x, y, g, h]) => [scale * Math.cos(turn), -scale * Math.sin(turn) + shear, x, scale * Math.sin(turn) + squeeze, scale * Math.cos(turn), y, g / 2000, h / 2000, 1])
const point = fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.double({ min: 0, max: 300, noNaN: true }))

describe('maps of the plane', () => {
  test('there and back again', () => {
    fc.assert(fc.property(map, point, (m, [x, y]) => {
      const back = inverse(m)
      fc.pre(back !== null && Math.abs(m[0]! * m[4]! - m[1]! * m[3]!) > 0.1)
      const there = mapPoint(m, x, y)
      const again = mapPoint(back!, there.x, there.y)
      expect(again.x).toBeCloseTo(x, 4)
      expect(again.y).toBeCloseTo(y, 4)
    }))
    expect(inverse([1, 2, 0, 2, 4, 0, 0, 0, 1])).toBeNull()
  })

  test('a product maps as one after the other', () => {
    fc.assert(fc.property(map, map, point, (a, b, [x, y]) => {
      const one = mapPoint(b, x, y)
      const both = mapPoint(a, one.x, one.y)
      fc.pre(Math.abs(a[6]! * one.x + a[7]! * one.y + 1) > 0.05)
      const found = mapPoint(product(a, b), x, y)
      expect(found.x).toBeCloseTo(both.x, 3)
      expect(found.y).toBeCloseTo(both.y, 3)
    }))
  })

  test('the derivative is what small steps do', () => {
    fc.assert(fc.property(map, point, (m, [x, y]) => {
      const step = 1e-4
      const at = mapPoint(m, x, y)
      const [right, down] = [mapPoint(m, x + step, y), mapPoint(m, x, y + step)]
      const d = derivative(m, x, y)
      expect(d[0]).toBeCloseTo((right.x - at.x) / step, 2)
      expect(d[1]).toBeCloseTo((down.x - at.x) / step, 2)
      expect(d[2]).toBeCloseTo((right.y - at.y) / step, 2)
      expect(d[3]).toBeCloseTo((down.y - at.y) / step, 2)
    }))
  })

  test('CSS gets the same map in columns', () => {
    const values = cssMatrix([1, 2, 3, 4, 5, 6, 0.1, 0.2, 2]).slice('matrix3d('.length, -1).split(',').map(Number)
    // Column-major 4 x 4 with the third dimension left alone, divided by the last entry.
    expect(values).toEqual([0.5, 2, 0, 0.05, 1, 2.5, 0, 0.1, 0, 0, 1, 0, 1.5, 3, 0, 1])
  })

  test('frames lie on frames', () => {
    const m = stretched({ width: 10, height: 20 }, { width: 40, height: 10 })
    expect(mapPoint(m, 10, 20)).toEqual({ x: 40, y: 10 })
    expect(mapPoint(placed({ left: 5, top: 7, scale: 2 }), 1, 1)).toEqual({ x: 7, y: 9 })
  })

  test('the second picture follows the first to the same place at the same size', () => {
    const [a, b, pane] = [{ width: 100, height: 100 }, { width: 400, height: 400 }, { width: 200, height: 200 }]
    const look = { zoom: 4, x: 0.5, y: 0.5 }
    // a is the lower right quarter of b, at half of its size.
    const there = followed(look, a, b, [2, 0, 200, 0, 2, 200, 0, 0, 1], pane)
    expect([there.x, there.y]).toEqual([0.75, 0.75])
    expect(place(b, pane, there).scale * 2).toBeCloseTo(place(a, pane, look).scale)
    const fit = { zoom: 1, x: 0.5, y: 0.5 }
    expect(followed(fit, a, b, identity, pane)).toBe(fit)
  })
})

describe('a map in words', () => {
  const size = { width: 200, height: 100 }
  test('plain copies, scaled, turned, mirrored and cut ones', () => {
    expect(mapWords(identity, size, size, false)).toEqual({ size: 'same size', turn: 'not turned', place: 'the middle of the reference; shows 100 % of it', shape: null })
    // The query shows the upper left quarter, twice as large.
    expect(mapWords([0.5, 0, 0, 0, 0.5, 0, 0, 0, 1], size, size, false)).toMatchObject({ size: '2.00 × larger in the query', place: 'the upper left part of the reference; shows 25 % of it' })
    // A point to the right in the query lies above in the reference: the query is turned clockwise.
    expect(mapWords([0, 1, 0, -1, 0, 200, 0, 0, 1], { width: 200, height: 200 }, { width: 200, height: 200 }, false)?.turn).toBe('turned 90° clockwise')
    expect(mapWords([-1, 0, 200, 0, 1, 0, 0, 0, 1], size, size, true)?.turn).toBe('mirrored')
    expect(mapWords([1, 0, 0, 0, 1, 0, 0.004, 0, 1], size, size, false)?.shape).toBe('seen from an angle')
    expect(mapWords([1, 2, 0, 2, 4, 0, 0, 0, 1], size, size, false)).toBeNull()
  })
})

describe('one picture laid over another', () => {
  const picture = (width: number, height: number, value: (x: number, y: number) => number) => {
    const pixels = new Uint8ClampedArray(width * height * 4)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set([value(x, y), value(x, y), value(x, y), 255], (y * width + x) * 4)
    return { width, height, pixels }
  }
  const reds = (pixels: Uint8ClampedArray): number[] => Array.from({ length: pixels.length / 4 }, (_, i) => pixels[i * 4]!)

  test('through the identity it is itself', () => {
    const above = picture(5, 4, (x, y) => 10 * x + y)
    const { pixels, covered } = warpOver(picture(5, 4, () => 200), above, identity)
    expect(reds(pixels)).toEqual(reds(above.pixels))
    expect(covered).toBe(1)
  })

  test('moved by whole pixels; where it does not reach, the one below stays', () => {
    const { pixels, covered } = warpOver(picture(4, 1, () => 200), picture(4, 1, (x) => 10 * x), [1, 0, 2, 0, 1, 0, 0, 0, 1])
    expect(reds(pixels)).toEqual([20, 30, 200, 200])
    expect(covered).toBe(0.5)
  })

  test('between pixels it is their mean', () => {
    const { pixels } = warpOver(picture(2, 1, () => 0), picture(3, 1, (x) => 100 * x), [1, 0, 0.5, 0, 1, 0, 0, 0, 1])
    expect(reds(pixels)).toEqual([50, 150])
  })
})
