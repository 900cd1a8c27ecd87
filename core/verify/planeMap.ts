/**
 * Maps of the plane as 3 x 3 matrices, row-major, that act on columns (x, y, 1): an affine map has the last row 0 0 1, a homography any. They carry
 * points of the first image of a pair into the second.
 */
export type PlaneMap = Float64Array

/** Matches of a pair: x1, y1, x2, y2 for each, in pixels of the whole images. */
export type MatchedPoints = Float64Array

export const matchCount = (matches: MatchedPoints): number => matches.length / 4

export const multiply = (a: PlaneMap, b: PlaneMap): PlaneMap => {
  const product = new Float64Array(9)
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      for (let k = 0; k < 3; k++) product[3 * r + c] = (product[3 * r + c] as number) + (a[3 * r + k] as number) * (b[3 * k + c] as number)
    }
  }
  return product
}

/** The map from the second image back into the first; null where the map is singular. */
export function inverse(m: PlaneMap): PlaneMap | null {
  const [a, b, c, d, e, f, g, h, i] = m as unknown as [number, number, number, number, number, number, number, number, number]
  const minors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d]
  const determinant = a * (minors[0] as number) + b * (minors[3] as number) + c * (minors[6] as number)
  if (!Number.isFinite(1 / determinant)) return null
  return Float64Array.from(minors, (minor) => minor / determinant)
}

/** Where (x, y) goes; null where it lies on the map's horizon or beyond it. */
export function applyMap(m: PlaneMap, x: number, y: number): [number, number] | null {
  const w = (m[6] as number) * x + (m[7] as number) * y + (m[8] as number)
  if (!(w > 0)) return null
  return [((m[0] as number) * x + (m[1] as number) * y + (m[2] as number)) / w, ((m[3] as number) * x + (m[4] as number) * y + (m[5] as number)) / w]
}

/**
 * How much larger a small area around (x, y) is after the map: the absolute determinant of its derivative there. 0 or infinite on the horizon.
 */
export function areaScale(m: PlaneMap, x: number, y: number): number {
  const w = (m[6] as number) * x + (m[7] as number) * y + (m[8] as number)
  const determinant = (m[0] as number) * ((m[4] as number) * (m[8] as number) - (m[5] as number) * (m[7] as number)) -
    (m[1] as number) * ((m[3] as number) * (m[8] as number) - (m[5] as number) * (m[6] as number)) + (m[2] as number) * ((m[3] as number) * (m[7] as number) - (m[4] as number) * (m[6] as number))
  return Math.abs(determinant / w ** 3)
}

/** A similarity that puts the chosen points (every `of` of `stride`-spaced coordinates at `offset`) around the origin at a mean square distance of 2 (Hartley 1997). */
export interface Similarity {
  readonly x: number
  readonly y: number
  readonly factor: number
}

export function conditioning(matches: MatchedPoints, chosen: Int32Array, offset: 0 | 2): Similarity {
  let x = 0
  let y = 0
  for (const i of chosen) {
    x += matches[4 * i + offset] as number
    y += matches[4 * i + offset + 1] as number
  }
  x /= chosen.length
  y /= chosen.length
  let squares = 0
  for (const i of chosen) squares += ((matches[4 * i + offset] as number) - x) ** 2 + ((matches[4 * i + offset + 1] as number) - y) ** 2
  return { x, y, factor: squares > 0 ? Math.sqrt((2 * chosen.length) / squares) : 1 }
}

/** A map found between conditioned points, for the points as they were: to^-1 · map · from, with its last value 1. Null where that value is 0. */
export function uncondition(map: PlaneMap, from: Similarity, to: Similarity): PlaneMap | null {
  const forward = Float64Array.of(from.factor, 0, -from.factor * from.x, 0, from.factor, -from.factor * from.y, 0, 0, 1)
  const back = Float64Array.of(1 / to.factor, 0, to.x, 0, 1 / to.factor, to.y, 0, 0, 1)
  const whole = multiply(back, multiply(map, forward))
  const last = whole[8] as number
  if (!(Math.abs(last) > 1e-12)) return null
  return whole.map((value) => value / last)
}
