import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { followedBy, type Homography, identity, inChain, inverse, mapPoint, type Point, scaling, toCorners, translation } from '../../../core/generator/homography.ts'

const coordinate = fc.double({ min: -500, max: 500, noNaN: true })
const corners = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 8, maxLength: 8 })
const size = fc.record({ width: fc.integer({ min: 1, max: 4000 }), height: fc.integer({ min: 1, max: 4000 }) })

const near = ([x, y]: Point, [u, v]: Point, tolerance = 1e-6): void => {
  expect(Math.abs(x - u)).toBeLessThan(tolerance)
  expect(Math.abs(y - v)).toBeLessThan(tolerance)
}

test('a rectangle goes to the four corners it is given, and back', () => {
  fc.assert(
    fc.property(size, corners, ({ width, height }, shifts) => {
      const at = (i: number, x: number, y: number): Point => [x + (shifts[i * 2] as number) * width, y + (shifts[i * 2 + 1] as number) * height]
      const wanted: [Point, Point, Point, Point] = [at(0, 0, 0), at(1, width, 0), at(2, width, height), at(3, 0, height)]
      const map = toCorners({ width, height }, wanted)
      const from: Point[] = [[0, 0], [width, 0], [width, height], [0, height]]
      for (const [i, corner] of from.entries()) {
        near(mapPoint(map, corner), wanted[i] as Point)
        near(mapPoint(inverse(map), wanted[i] as Point), corner, 1e-4)
      }
    })
  )
})

test('one map after the other is both', () => {
  const maps: Homography[] = [translation(5, -3), scaling(2, 0.5), [0, 1, 0, -1, 0, 40, 0, 0, 1], toCorners({ width: 100, height: 80 }, [[3, 4], [98, -6], [110, 85], [-4, 70]])]
  fc.assert(
    fc.property(fc.nat(99), fc.nat(79), (x, y) => {
      near(mapPoint(inChain(...maps), [x, y]), maps.reduce<Point>((point, map) => mapPoint(map, point), [x, y]))
    })
  )
})

test('nothing is the map that leaves everything where it is', () => {
  fc.assert(fc.property(coordinate, coordinate, (x, y) => near(mapPoint(followedBy(translation(x, y), translation(-x, -y)), [1, 2]), mapPoint(identity, [1, 2]))))
  expect(() => inverse([1, 0, 0, 1, 0, 0, 0, 0, 1])).toThrow(RangeError)
})
