import { solveInPlace } from './linearSystem.ts'
import { conditioning, type MatchedPoints, type PlaneMap, type Similarity, uncondition } from './planeMap.ts'
import type { MapModel } from './ransac.ts'

/** Twice the area of a triangle, over the mean squared distance of the sample from its middle, below which its corners count as lying on a line. */
const flat = 5e-4
const mostSteps = 12
/** A step that makes the error smaller by less than this share is the last. */
const settled = 1e-9

/**
 * Eight numbers: any view of a flat scene onto any other. Four matches fix it; more are fitted by Levenberg and Marquardt in conditioned points (Hartley 1997), to
 * the distances in the second image with Cauchy's weights: features of coarse levels are several times less exact than those of fine ones, and plain least squares
 * would let them decide.
 */
export const homographyModel: MapModel = {
  name: 'homography',
  minSamples: 4,
  fitSample: fourPoints,
  fitAll: refine
}

/** x and y of four points around their middle, and twice the areas of the triangles that leave one of them out: areas[k] is that without point k. */
interface Corners {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly areas: Float64Array
  middleX: number
  middleY: number
}
const cornersNow = (): Corners => ({ x: new Float64Array(4), y: new Float64Array(4), areas: new Float64Array(4), middleX: 0, middleY: 0 })
/** Used again for every sample: thousands are tried for a pair. */
const from = cornersNow()
const to = cornersNow()

/** Reads the sample's points of one image; false where three of them lie on a line. */
function corners(matches: MatchedPoints, sample: Int32Array, offset: 0 | 2, into: Corners): boolean {
  const { x, y, areas } = into
  let [middleX, middleY] = [0, 0]
  for (let k = 0; k < 4; k++) {
    const at = 4 * (sample[k] as number) + offset
    middleX += (x[k] = matches[at] as number)
    middleY += (y[k] = matches[at + 1] as number)
  }
  into.middleX = middleX /= 4
  into.middleY = middleY /= 4
  let squares = 0
  for (let k = 0; k < 4; k++) {
    const [dx, dy] = [(x[k] as number) - middleX, (y[k] as number) - middleY]
    x[k] = dx
    y[k] = dy
    squares += dx * dx + dy * dy
  }
  // As the determinants of the homogeneous points (3,1,2), (0,3,2), (0,1,3) and (0,1,2).
  areas[0] = triangle(x, y, 3, 1, 2)
  areas[1] = triangle(x, y, 0, 3, 2)
  areas[2] = triangle(x, y, 0, 1, 3)
  areas[3] = triangle(x, y, 0, 1, 2)
  const least = (flat * squares) / 4
  for (let k = 0; k < 4; k++) if (!(Math.abs(areas[k] as number) > least)) return false
  return true
}

const triangle = (x: Float64Array, y: Float64Array, i: number, j: number, k: number): number =>
  ((x[j] as number) - (x[i] as number)) * ((y[k] as number) - (y[i] as number)) - ((x[k] as number) - (x[i] as number)) * ((y[j] as number) - (y[i] as number))

/**
 * The map through four matches, in closed form: with the points as columns, p3 = (a0 p0 + a1 p1 + a2 p2) / a3 for the areas a of either image, so the map is
 * the sum over k of (b_k / a_k) q_k x (row k of the inverse of [p0 p1 p2]). False for a sample that no camera could have seen: three points on a line in either
 * image, or a quadrilateral that is folded in one of them only, so that the horizon would run through it.
 */
function fourPoints(matches: MatchedPoints, sample: Int32Array, map: PlaneMap): boolean {
  if (!corners(matches, sample, 0, from) || !corners(matches, sample, 2, to)) return false
  const turned = (from.areas[3] as number) > 0 === (to.areas[3] as number) > 0
  for (let k = 0; k < 3; k++) if ((from.areas[k] as number) > 0 === (to.areas[k] as number) > 0 !== turned) return false
  map.fill(0)
  for (let k = 0; k < 3; k++) {
    const [i, j] = [(k + 1) % 3, (k + 2) % 3]
    const [xi, yi, xj, yj] = [from.x[i] as number, from.y[i] as number, from.x[j] as number, from.y[j] as number]
    const weight = (to.areas[k] as number) / ((from.areas[k] as number) * (to.areas[3] as number))
    const [a, b, c] = [weight * (yi - yj), weight * (xj - xi), weight * (xi * yj - xj * yi)]
    add(map, 0, to.x[k] as number, a, b, c)
    add(map, 3, to.y[k] as number, a, b, c)
    add(map, 6, 1, a, b, c)
  }
  // From points around their middles to points as they are.
  for (let row = 0; row < 9; row += 3) map[row + 2] = (map[row + 2] as number) - (map[row] as number) * from.middleX - (map[row + 1] as number) * from.middleY
  for (let column = 0; column < 3; column++) {
    const last = map[6 + column] as number
    map[column] = (map[column] as number) + to.middleX * last
    map[3 + column] = (map[3 + column] as number) + to.middleY * last
  }
  return face(map, matches, sample)
}

function add(map: PlaneMap, row: number, factor: number, a: number, b: number, c: number): void {
  map[row] = (map[row] as number) + factor * a
  map[row + 1] = (map[row + 1] as number) + factor * b
  map[row + 2] = (map[row + 2] as number) + factor * c
}

/** A homography and its negative are the same map; the sign is chosen so that the chosen points have a positive denominator. False where they have both. */
function face(map: PlaneMap, matches: MatchedPoints, chosen: Int32Array): boolean {
  const [g, h, i] = [map[6] as number, map[7] as number, map[8] as number]
  let positive = 0
  for (let k = 0; k < chosen.length; k++) {
    const at = 4 * (chosen[k] as number)
    if (g * (matches[at] as number) + h * (matches[at + 1] as number) + i > 0) positive++
  }
  if (positive === chosen.length) return true
  if (positive > 0) return false
  for (let k = 0; k < 9; k++) map[k] = -(map[k] as number)
  return true
}

function refine(matches: MatchedPoints, inliers: Int32Array, start: PlaneMap): PlaneMap | null {
  const before = conditioning(matches, inliers, 0)
  const after = conditioning(matches, inliers, 2)
  const points = conditioned(matches, inliers, before, after)
  // The start between conditioned points, after · start · before^-1: uncondition with the similarities the other way round.
  const begun = uncondition(start, invert(before), invert(after))
  if (!begun) return null
  let h: Float64Array = begun.slice(0, 8)
  const scale = cauchyScale(points, h)
  let error = robustError(points, h, scale)
  let damping = 1e-3
  for (let step = 0; step < mostSteps && error > 0 && error < Infinity; step++) {
    const better = downhill(points, h, scale, error, damping)
    if (!better) break
    const gained = error - better.error
    h = better.h
    damping = better.damping / 10
    const former = error
    error = better.error
    if (gained <= settled * former) break
  }
  const map = uncondition(Float64Array.of(...h, 1), before, after)
  return map && face(map, matches, inliers) ? map : null
}

function conditioned(matches: MatchedPoints, inliers: Int32Array, before: Similarity, after: Similarity): Float64Array {
  const points = new Float64Array(4 * inliers.length)
  for (let k = 0; k < inliers.length; k++) {
    const at = 4 * (inliers[k] as number)
    points[4 * k] = ((matches[at] as number) - before.x) * before.factor
    points[4 * k + 1] = ((matches[at + 1] as number) - before.y) * before.factor
    points[4 * k + 2] = ((matches[at + 2] as number) - after.x) * after.factor
    points[4 * k + 3] = ((matches[at + 3] as number) - after.y) * after.factor
  }
  return points
}

/** x -> (x - c) f undone is x -> x / f + c, which is again of the first form. */
const invert = ({ x, y, factor }: Similarity): Similarity => ({ x: -x * factor, y: -y * factor, factor: 1 / factor })

interface Equations {
  readonly normal: Float64Array
  readonly gradient: Float64Array
}

/** A step that makes the error smaller, with as much damping as that takes; null where none does. */
function downhill(points: Float64Array, h: Float64Array, scale: number, error: number, start: number): { h: Float64Array; error: number; damping: number } | null {
  const { normal, gradient } = normalEquations(points, h, scale)
  let damping = start
  for (let tries = 0; tries < 8; tries++) {
    const a = normal.slice()
    const delta = gradient.slice()
    for (let i = 0; i < 64; i += 9) a[i] = (a[i] as number) * (1 + damping) + 1e-15
    if (solveInPlace(a, delta, 8, 1e-15)) {
      for (let i = 0; i < 8; i++) delta[i] = (delta[i] as number) + (h[i] as number)
      const after = robustError(points, delta, scale)
      if (after < error) return { h: delta, error: after, damping }
    }
    damping *= 10
  }
  return null
}

/** The median of the squared distances, in conditioned points; not 0, for exact matches have no scale. */
function cauchyScale(points: Float64Array, h: Float64Array): number {
  const squares = new Float64Array(points.length / 4)
  for (let i = 0; i < squares.length; i++) squares[i] = squaredDistance(points, 4 * i, h)
  return Math.max(1e-18, squares.sort()[squares.length >> 1] as number)
}

function squaredDistance(points: Float64Array, i: number, h: Float64Array): number {
  const x = points[i] as number
  const y = points[i + 1] as number
  const w = (h[6] as number) * x + (h[7] as number) * y + 1
  if (!(w > 0)) return Infinity
  const du = ((h[0] as number) * x + (h[1] as number) * y + (h[2] as number)) / w - (points[i + 2] as number)
  const dv = ((h[3] as number) * x + (h[4] as number) * y + (h[5] as number)) / w - (points[i + 3] as number)
  return du * du + dv * dv
}

/** Cauchy's cost: the sum of scale log(1 + d^2 / scale). */
function robustError(points: Float64Array, h: Float64Array, scale: number): number {
  let product = 1
  let sum = 0
  for (let i = 0; i < points.length; i += 4) {
    // Logarithms of products: one for many matches.
    product *= 1 + squaredDistance(points, i, h) / scale
    if (product > 1e100) {
      sum += Math.log(product)
      product = 1
    }
  }
  return scale * (sum + Math.log(product))
}

/**
 * Of the derivatives p = (x, y, 1) / w of u by the first row and of v by the second, and -u (x, y) / w, -v (x, y) / w by the last: only products that differ are
 * summed, 6 of p with itself, 5 with u, 5 with v and 3 with u^2 + v^2; each match with the weight 1 / (1 + d^2 / scale).
 */
function normalEquations(points: Float64Array, h: Float64Array, scale: number): Equations {
  const [h0, h1, h2, h3] = [h[0] as number, h[1] as number, h[2] as number, h[3] as number]
  const [h4, h5, h6, h7] = [h[4] as number, h[5] as number, h[6] as number, h[7] as number]
  let aa = 0, ab = 0, ac = 0, bb = 0, bc = 0, cc = 0
  let uaa = 0, uab = 0, ubb = 0, uac = 0, ubc = 0, vaa = 0, vab = 0, vbb = 0, vac = 0, vbc = 0
  let saa = 0, sab = 0, sbb = 0
  let g0 = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0, g5 = 0, g6 = 0, g7 = 0
  for (let i = 0; i < points.length; i += 4) {
    const x = points[i] as number
    const y = points[i + 1] as number
    const c = 1 / (h6 * x + h7 * y + 1)
    const a = x * c
    const b = y * c
    const u = h0 * a + h1 * b + h2 * c
    const v = h3 * a + h4 * b + h5 * c
    const ru = (points[i + 2] as number) - u
    const rv = (points[i + 3] as number) - v
    const s = u * u + v * v
    const weight = scale / (scale + ru * ru + rv * rv)
    const [wa, wb, wc] = [weight * a, weight * b, weight * c]
    const [a2, a1, b2, a0, b0] = [wa * a, wa * b, wb * b, wa * c, wb * c]
    aa += a2
    ab += a1
    ac += a0
    bb += b2
    bc += b0
    cc += wc * c
    uaa += u * a2
    uab += u * a1
    ubb += u * b2
    uac += u * a0
    ubc += u * b0
    vaa += v * a2
    vab += v * a1
    vbb += v * b2
    vac += v * a0
    vbc += v * b0
    saa += s * a2
    sab += s * a1
    sbb += s * b2
    g0 += wa * ru
    g1 += wb * ru
    g2 += wc * ru
    g3 += wa * rv
    g4 += wb * rv
    g5 += wc * rv
    const r = u * ru + v * rv
    g6 -= wa * r
    g7 -= wb * r
  }
  return {
    normal: Float64Array.of(
      aa, ab, ac, 0, 0, 0, -uaa, -uab,
      ab, bb, bc, 0, 0, 0, -uab, -ubb,
      ac, bc, cc, 0, 0, 0, -uac, -ubc,
      0, 0, 0, aa, ab, ac, -vaa, -vab,
      0, 0, 0, ab, bb, bc, -vab, -vbb,
      0, 0, 0, ac, bc, cc, -vac, -vbc,
      -uaa, -uab, -uac, -vaa, -vab, -vac, saa, sab,
      -uab, -ubb, -ubc, -vab, -vbb, -vbc, sab, sbb
    ),
    gradient: Float64Array.of(g0, g1, g2, g3, g4, g5, g6, g7)
  }
}
