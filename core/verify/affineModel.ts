import { solveInPlace } from './linearSystem.ts'
import { conditioning, type MatchedPoints, type PlaneMap, uncondition } from './planeMap.ts'
import type { MapModel } from './ransac.ts'

/** Below this area (of conditioned points) three points count as lying on a line. */
const flat = 1e-9

/** Six numbers: any parallelogram onto any other. Three matches fix it; more are fitted by least squares of the distances in the second image. */
export const affineModel: MapModel = {
  name: 'affine',
  minSamples: 3,
  fitSample: leastSquares,
  fitAll: (matches, inliers) => leastSquares(matches, inliers)
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
