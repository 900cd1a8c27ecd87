import { type Homography, mapPoint, type Point, type Size } from './homography.ts'

/** A convex polygon, corner after corner. */
export type Polygon = readonly Point[]

/** The whole of a picture. */
export const wholeOf = ({ width, height }: Size): Polygon => [[0, 0], [width, 0], [width, height], [0, height]]

export const mapped = (polygon: Polygon, map: Homography): Polygon => polygon.map((point) => mapPoint(map, point))

/** What of a convex polygon lies on a canvas (Sutherland and Hodgman, CACM 17(1), 1974); [] where nothing does. */
export function onCanvas(polygon: Polygon, { width, height }: Size): Polygon {
  const sides: readonly ((point: Point) => number)[] = [([x]) => x, ([, y]) => y, ([x]) => width - x, ([, y]) => height - y]
  return sides.reduce(clipped, polygon)
}

/** The part where `inside` is not negative; it must be linear. */
function clipped(polygon: Polygon, inside: (point: Point) => number): Polygon {
  return polygon.flatMap((to, i): Point[] => {
    const from = polygon.at(i - 1) as Point
    const [a, b] = [inside(from), inside(to)]
    const crossing: Point[] = a >= 0 === b >= 0 ? [] : [[from[0] + ((to[0] - from[0]) * a) / (a - b), from[1] + ((to[1] - from[1]) * a) / (a - b)]]
    return b >= 0 ? [...crossing, to] : crossing
  })
}

/** In square pixels, whichever way round the corners go. */
export function areaOf(polygon: Polygon): number {
  let twice = 0
  for (const [i, [x, y]] of polygon.entries()) {
    const [u, v] = polygon.at(i - 1) as Point
    twice += u * y - x * v
  }
  return Math.abs(twice) / 2
}

/** Whether a point lies in a convex polygon, at least `margin` pixels from its sides. */
export function isInside(polygon: Polygon, [x, y]: Point, margin = 0): boolean {
  if (polygon.length < 3) return false
  let [left, right] = [true, true]
  for (const [i, [bx, by]] of polygon.entries()) {
    const [ax, ay] = polygon.at(i - 1) as Point
    const length = Math.hypot(bx - ax, by - ay)
    if (length === 0) continue
    const away = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length
    left &&= away >= margin
    right &&= away <= -margin
  }
  return left || right
}
