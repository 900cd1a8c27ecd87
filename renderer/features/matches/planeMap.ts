/** Maps of the plane (3 x 3, row-major, homogeneous): from points of one picture to points of another. */
import { clampLook, fitScale, type Look, place, type Size } from '../../components/compare/zoom.ts'

export type PlaneMap = readonly number[]

export const identity: PlaneMap = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/** First b, then a. */
export function product(a: PlaneMap, b: PlaneMap): PlaneMap {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3]
    return a[3 * row]! * b[column]! + a[3 * row + 1]! * b[3 + column]! + a[3 * row + 2]! * b[6 + column]!
  })
}

/** The way back; null for a map that flattens the plane. */
export function inverse(m: PlaneMap): PlaneMap | null {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number]
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-14) return null
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d].map((value) => value / determinant)
}

export function mapPoint(m: PlaneMap, x: number, y: number): { x: number; y: number } {
  const w = m[6]! * x + m[7]! * y + m[8]!
  return { x: (m[0]! * x + m[1]! * y + m[2]!) / w, y: (m[3]! * x + m[4]! * y + m[5]!) / w }
}

/** How the map moves the plane about a point: the 2 x 2 part of its derivative, a b / c d. */
export function derivative(m: PlaneMap, x: number, y: number): readonly [number, number, number, number] {
  const { x: u, y: v } = mapPoint(m, x, y)
  const w = m[6]! * x + m[7]! * y + m[8]!
  return [(m[0]! - m[6]! * u) / w, (m[1]! - m[7]! * u) / w, (m[3]! - m[6]! * v) / w, (m[4]! - m[7]! * v) / w]
}

/** Stretches one picture's frame onto another's: what is shown where no map is known. */
export const stretched = (from: Size, to: Size): PlaneMap => [to.width / from.width, 0, 0, 0, to.height / from.height, 0, 0, 0, 1]

/** CSS for an element whose own pixels are those of a picture: `m` takes them to pixels of the screen. */
export function cssMatrix(m: PlaneMap): string {
  const scale = Math.abs(m[8]!) > 1e-12 ? m[8]! : 1e-12
  const [a, b, c, d, e, f, g, h] = m.map((value) => value / scale) as [number, number, number, number, number, number, number, number]
  return `matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, 1].join(',')})`
}

/** From the pixels of a picture to those of its pane. */
export const placed = ({ left, top, scale }: { left: number; top: number; scale: number }): PlaneMap => [scale, 0, left, 0, scale, top, 0, 0, 1]

/**
 * The look at `b` that shows the same part of the scene as `look` does at `a`, at the same size, where `m` takes points of a to points of b.
 * At fit both are seen whole.
 */
export function followed(look: Look, a: Size, b: Size, m: PlaneMap, pane: Size): Look {
  if (look.zoom <= 1) return look
  const [x, y] = [look.x * a.width, look.y * a.height]
  const there = mapPoint(m, x, y)
  const [p, q, r, s] = derivative(m, x, y)
  const growth = Math.sqrt(Math.abs(p * s - q * r))
  if (!Number.isFinite(there.x) || !Number.isFinite(there.y) || !(growth > 0)) return look
  const zoom = place(a, pane, look).scale / growth / fitScale(b, pane)
  return clampLook({ zoom, x: there.x / b.width, y: there.y / b.height }, b, pane)
}
