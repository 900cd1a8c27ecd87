import { solveInPlace } from './linearSystem.ts'
import { conditioning, type MatchedPoints, type PlaneMap, uncondition } from './planeMap.ts'
import type { MapModel } from './ransac.ts'

/** Twice the area of a triangle of conditioned points below which its corners count as lying on a line. */
const flat = 1e-3
const mostSteps = 12

/**
 * Eight numbers: any view of a flat scene onto any other. Four matches fix it (a linear system in conditioned points, Hartley 1997); more are fitted by
 * Levenberg and Marquardt, least squares of the distances in the second image.
 */
export const homographyModel: MapModel = {
  name: 'homography',
  minSamples: 4,
  fitSample: fourPoints,
  fitAll: refine
}

/** Null for a sample that no camera could have seen: three points on a line in either image, or a quadrilateral that is folded in one of them only. */
function fourPoints(matches: MatchedPoints, sample: Int32Array): PlaneMap | null {
  const from = conditioning(matches, sample, 0)
  const to = conditioning(matches, sample, 2)
  const x = new Float64Array(4), y = new Float64Array(4), u = new Float64Array(4), v = new Float64Array(4)
  for (let i = 0; i < 4; i++) {
    const at = 4 * (sample[i] as number)
    x[i] = ((matches[at] as number) - from.x) * from.factor
    y[i] = ((matches[at + 1] as number) - from.y) * from.factor
    u[i] = ((matches[at + 2] as number) - to.x) * to.factor
    v[i] = ((matches[at + 3] as number) - to.y) * to.factor
  }
  let turned = 0
  for (let left = 0; left < 4; left++) {
    const [i, j, k] = [(left + 1) % 4, (left + 2) % 4, (left + 3) % 4]
    const before = triangle(x, y, i, j, k)
    const after = triangle(u, v, i, j, k)
    if (Math.abs(before) < flat || Math.abs(after) < flat) return null
    if (before > 0 === after > 0) turned++
  }
  // All four corners keep their sense, or all are mirrored; else the horizon would run through the sample.
  if (turned !== 0 && turned !== 4) return null
  const a = new Float64Array(64)
  const h = new Float64Array(8)
  for (let i = 0; i < 4; i++) {
    const [px, py, pu, pv] = [x[i] as number, y[i] as number, u[i] as number, v[i] as number]
    a.set([px, py, 1, 0, 0, 0, -px * pu, -py * pu], 16 * i)
    a.set([0, 0, 0, px, py, 1, -px * pv, -py * pv], 16 * i + 8)
    h[2 * i] = pu
    h[2 * i + 1] = pv
  }
  if (!solveInPlace(a, h, 8)) return null
  return facing(uncondition(Float64Array.of(...h, 1), from, to), matches, sample)
}

const triangle = (x: Float64Array, y: Float64Array, i: number, j: number, k: number): number =>
  ((x[j] as number) - (x[i] as number)) * ((y[k] as number) - (y[i] as number)) - ((x[k] as number) - (x[i] as number)) * ((y[j] as number) - (y[i] as number))

/** A homography and its negative are the same map; the sign is chosen so that the chosen points have a positive denominator. Null where they have both. */
function facing(map: PlaneMap | null, matches: MatchedPoints, chosen: Int32Array): PlaneMap | null {
  if (!map) return null
  let positive = 0
  for (const i of chosen) if ((map[6] as number) * (matches[4 * i] as number) + (map[7] as number) * (matches[4 * i + 1] as number) + (map[8] as number) > 0) positive++
  return positive === chosen.length ? map : positive === 0 ? map.map((value) => -value) : null
}

function refine(matches: MatchedPoints, inliers: Int32Array, start: PlaneMap): PlaneMap | null {
  const from = conditioning(matches, inliers, 0)
  const to = conditioning(matches, inliers, 2)
  const n = inliers.length
  const points = new Float64Array(4 * n)
  for (const [at, i] of inliers.entries()) {
    points[4 * at] = ((matches[4 * i] as number) - from.x) * from.factor
    points[4 * at + 1] = ((matches[4 * i + 1] as number) - from.y) * from.factor
    points[4 * at + 2] = ((matches[4 * i + 2] as number) - to.x) * to.factor
    points[4 * at + 3] = ((matches[4 * i + 3] as number) - to.y) * to.factor
  }
  // The start in conditioned points: to · start · from^-1, that is uncondition with the similarities the other way round.
  const conditioned = uncondition(start, invert(from), invert(to))
  if (!conditioned) return null
  let h = conditioned.slice(0, 8)
  let error = squaredError(points, h)
  let damping = 1e-3
  for (let step = 0; step < mostSteps && error < Infinity; step++) {
    const { normal, gradient } = normalEquations(points, h)
    let better = false
    for (let tries = 0; tries < 8 && !better; tries++) {
      const a = normal.slice()
      const delta = gradient.slice()
      for (let i = 0; i < 8; i++) a[9 * i] = (a[9 * i] as number) * (1 + damping) + 1e-15
      if (solveInPlace(a, delta, 8, 1e-15)) {
        const moved = h.map((value, i) => value + (delta[i] as number))
        const after = squaredError(points, moved)
        if (after < error) {
          better = error - after > 1e-12 * error
          h = moved
          error = after
          damping /= 10
          if (!better) return finish(h, from, to, matches, inliers)
          break
        }
      }
      damping *= 10
    }
    if (!better) break
  }
  return finish(h, from, to, matches, inliers)
}

const finish = (h: Float64Array, from: Parameters<typeof uncondition>[1], to: Parameters<typeof uncondition>[2], matches: MatchedPoints, inliers: Int32Array): PlaneMap | null =>
  facing(uncondition(Float64Array.of(...h, 1), from, to), matches, inliers)

/** x -> (x - cx) f undone is x -> x / f + cx, which is again of the first form. */
const invert = ({ x, y, factor }: Parameters<typeof uncondition>[1]): Parameters<typeof uncondition>[1] => ({ x: -x * factor, y: -y * factor, factor: 1 / factor })

function squaredError(points: Float64Array, h: Float64Array): number {
  const [a, b, c, d, e, f, g, k] = h as unknown as [number, number, number, number, number, number, number, number]
  let sum = 0
  for (let i = 0; i < points.length; i += 4) {
    const x = points[i] as number
    const y = points[i + 1] as number
    const w = g * x + k * y + 1
    if (!(w > 0)) return Infinity
    sum += ((a * x + b * y + c) / w - (points[i + 2] as number)) ** 2 + ((d * x + e * y + f) / w - (points[i + 3] as number)) ** 2
  }
  return sum
}

function normalEquations(points: Float64Array, h: Float64Array): { normal: Float64Array; gradient: Float64Array } {
  const [a, b, c, d, e, f, g, k] = h as unknown as [number, number, number, number, number, number, number, number]
  const normal = new Float64Array(64)
  const gradient = new Float64Array(8)
  const row = new Float64Array(8)
  const add = (residual: number): void => {
    for (let i = 0; i < 8; i++) {
      const value = row[i] as number
      if (value === 0) continue
      gradient[i] = (gradient[i] as number) + value * residual
      for (let j = 0; j < 8; j++) normal[8 * i + j] = (normal[8 * i + j] as number) + value * (row[j] as number)
    }
  }
  for (let i = 0; i < points.length; i += 4) {
    const x = points[i] as number
    const y = points[i + 1] as number
    const w = g * x + k * y + 1
    const u = (a * x + b * y + c) / w
    const v = (d * x + e * y + f) / w
    row.set([x / w, y / w, 1 / w, 0, 0, 0, (-u * x) / w, (-u * y) / w])
    add((points[i + 2] as number) - u)
    row.set([0, 0, 0, x / w, y / w, 1 / w, (-v * x) / w, (-v * y) / w])
    add((points[i + 3] as number) - v)
  }
  return { normal, gradient }
}
