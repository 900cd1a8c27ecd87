/**
 * A plane projective map, 3 x 3 rows first. It maps points of one picture to points of another; both in pixels with the corners of the picture at
 * (0, 0) and (width, height), so that the middle of the first pixel is (0.5, 0.5).
 */
export type Homography = readonly [number, number, number, number, number, number, number, number, number]

export interface Size {
  readonly width: number
  readonly height: number
}
export type Point = readonly [x: number, y: number]

export const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1]
export const translation = (x: number, y: number): Homography => [1, 0, x, 0, 1, y, 0, 0, 1]
export const scaling = (x: number, y: number): Homography => [x, 0, 0, 0, y, 0, 0, 0, 1]

/** First `first`, then `then`; scaled so that the last entry is 1 where it is not 0. */
export function followedBy(first: Homography, then: Homography): Homography {
  const entry = (row: number, column: number): number => [0, 1, 2].reduce((sum, k) => sum + (then[row * 3 + k] as number) * (first[k * 3 + column] as number), 0)
  return normalised([entry(0, 0), entry(0, 1), entry(0, 2), entry(1, 0), entry(1, 1), entry(1, 2), entry(2, 0), entry(2, 1), entry(2, 2)])
}

export const inChain = (...maps: readonly Homography[]): Homography => maps.reduce(followedBy, identity)

function normalised(h: Homography): Homography {
  const last = h[8]
  // Adding 0 turns -0 into 0: it reads better in a manifest.
  return last === 0 ? h : (h.map((value) => value / last + 0) as unknown as Homography)
}

export function mapPoint(h: Homography, [x, y]: Point): Point {
  const w = h[6] * x + h[7] * y + h[8]
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w]
}

/** Throws RangeError where it cannot be inverted. */
export function inverse(m: Homography): Homography {
  const [a, b, c, d, e, f, g, h, i] = m
  const cofactors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d] as const
  const determinant = a * cofactors[0] + b * cofactors[3] + c * cofactors[6]
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) throw new RangeError('This map cannot be inverted.')
  return normalised(cofactors.map((value) => value / determinant) as unknown as Homography)
}

/**
 * Maps the rectangle (0, 0)..(width, height) to four corners: upper left, upper right, lower right, lower left (Heckbert, "Fundamentals of Texture Mapping and
 * Image Warping", 1989). The corners must form a convex quadrilateral.
 */
export function toCorners({ width, height }: Size, [p0, p1, p2, p3]: readonly [Point, Point, Point, Point]): Homography {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]]
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]]
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]]
  const determinant = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / determinant
  const h = (dx1 * sy - sx * dy1) / determinant
  return normalised([
    (p1[0] - p0[0] + g * p1[0]) / width, (p3[0] - p0[0] + h * p3[0]) / height, p0[0],
    (p1[1] - p0[1] + g * p1[1]) / width, (p3[1] - p0[1] + h * p3[1]) / height, p0[1],
    g / width, h / height, 1
  ])
}
