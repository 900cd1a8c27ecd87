import { solveInPlace } from './linearSystem.ts'
import { conditioning, type MatchedPoints, type PlaneMap, uncondition } from './planeMap.ts'
import type { MapModel } from './ransac.ts'

/** Below this, the product of the two moments of conditioned points (1 for points all around), points count as lying on a line. */
const flat = 1e-9

/** Six numbers: any parallelogram onto any other. Three matches fix it; more are fitted by least squares of the distances in the second image. */
export const affineModel: MapModel = {
  name: 'affine',
  minSamples: 3,
  fitSample: threePoints,
  fitAll: (matches, inliers) => leastSquares(matches, inliers)
}

/** Closed form. False where the points of either image lie on a line. */
function threePoints(matches: MatchedPoints, sample: Int32Array, map: PlaneMap): boolean {
  const [p, q, r] = [4 * (sample[0] as number), 4 * (sample[1] as number), 4 * (sample[2] as number)]
  const [x, y, u, v] = [matches[p] as number, matches[p + 1] as number, matches[p + 2] as number, matches[p + 3] as number]
  const [x1, y1, u1, v1] = [(matches[q] as number) - x, (matches[q + 1] as number) - y, (matches[q + 2] as number) - u, (matches[q + 3] as number) - v]
  const [x2, y2, u2, v2] = [(matches[r] as number) - x, (matches[r + 1] as number) - y, (matches[r + 2] as number) - u, (matches[r + 3] as number) - v]
  const area = x1 * y2 - x2 * y1
  const after = u1 * v2 - u2 * v1
  const [spread, spreadAfter] = [x1 * x1 + y1 * y1 + x2 * x2 + y2 * y2, u1 * u1 + v1 * v1 + u2 * u2 + v2 * v2]
  if (!(area * area > flat * spread * spread) || !(after * after > flat * spreadAfter * spreadAfter)) return false
  const [a, b] = [(u1 * y2 - u2 * y1) / area, (u2 * x1 - u1 * x2) / area]
  const [c, d] = [(v1 * y2 - v2 * y1) / area, (v2 * x1 - v1 * x2) / area]
  map[0] = a
  map[1] = b
  map[2] = u - a * x - b * y
  map[3] = c
  map[4] = d
  map[5] = v - c * x - d * y
  map[6] = 0
  map[7] = 0
  map[8] = 1
  return true
}

/** Null where the points of either image lie on a line. */
function leastSquares(matches: MatchedPoints, chosen: Int32Array): PlaneMap | null {
  const from = conditioning(matches, chosen, 0)
  const to = conditioning(matches, chosen, 2)
  // Around the two centroids the map is linear: a 2 x 2 system for each of its rows. The sums are the points' second moments.
  let xx = 0, xy = 0, yy = 0, ux = 0, uy = 0, vx = 0, vy = 0, uu = 0, uv = 0, vv = 0
  for (const i of chosen) {
    const x = ((matches[4 * i] as number) - from.x) * from.factor
    const y = ((matches[4 * i + 1] as number) - from.y) * from.factor
    const u = ((matches[4 * i + 2] as number) - to.x) * to.factor
    const v = ((matches[4 * i + 3] as number) - to.y) * to.factor
    xx += x * x
    xy += x * y
    yy += y * y
    ux += u * x
    uy += u * y
    vx += v * x
    vy += v * y
    uu += u * u
    uv += u * v
    vv += v * v
  }
  const n = chosen.length
  if (xx * yy - xy * xy < flat * n * n || uu * vv - uv * uv < flat * n * n) return null
  const a = Float64Array.of(xx, xy, xy, yy)
  const top = Float64Array.of(ux, uy)
  const bottom = Float64Array.of(vx, vy)
  if (!solveInPlace(a.slice(), top, 2) || !solveInPlace(a, bottom, 2)) return null
  return uncondition(Float64Array.of(top[0] as number, top[1] as number, 0, bottom[0] as number, bottom[1] as number, 0, 0, 0, 1), from, to)
}
