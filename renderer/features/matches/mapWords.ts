import type { Size } from '../../components/compare/zoom.ts'
import { derivative, mapPoint, type PlaneMap } from './planeMap.ts'

/** What a map does to a picture, in words, measured in the middle of what both pictures show. */
export interface MapWords {
  readonly size: string
  readonly turn: string
  readonly place: string
  /** How much the map bends straight views apart; null where it does not. */
  readonly shape: string | null
}

const noTurn = 0.75
/** Even a plain copy is found with a few percent. */
const noBend = 0.5

/** `m` takes points of a (the query) to points of b (the reference). Null where it takes the middle of a nowhere. */
export function mapWords(m: PlaneMap, a: Size, b: Size, mirrored: boolean): MapWords | null {
  const [x, y] = [a.width / 2, a.height / 2]
  const [p, q, r, s] = derivative(m, x, y)
  const middle = mapPoint(m, x, y)
  const area = Math.abs(p * s - q * r)
  if (![p, q, r, s, middle.x, middle.y].every(Number.isFinite) || !(area > 0)) return null
  // A pixel of the query is so many of the reference: the query shows things that many times smaller.
  const size = 1 / Math.sqrt(area)
  const turned = p * s - q * r < 0 ? Math.atan2(-r, -p) : Math.atan2(r, p)
  const degrees = (-turned * 180) / Math.PI
  const covered = coveredShare(m, a, b)
  return {
    size: Math.abs(size - 1) < 0.015 ? 'same size' : size > 1 ? `${size.toFixed(2)} × larger in the query` : `${(1 / size).toFixed(2)} × smaller in the query`,
    turn: [mirrored || p * s - q * r < 0 ? 'mirrored' : null, Math.abs(degrees) < noTurn ? null : `turned ${Math.abs(degrees).toFixed(0)}° ${degrees > 0 ? 'clockwise' : 'counter-clockwise'}`].filter(Boolean).join(', ') || 'not turned',
    place: `${middlePlace(middle.x / b.width, middle.y / b.height)}; shows ${Math.round(covered * 100)} % of it`,
    shape: bend(m, a) > noBend ? 'seen from an angle' : null
  }
}

/** Share of b's frame that a shows, by a grid of points. */
function coveredShare(m: PlaneMap, a: Size, b: Size): number {
  const grid = 24
  // Counted from a's side: each of its cells covers the area that the map gives it, where it falls into b.
  let covered = 0
  for (let i = 0; i < grid; i++) {
    for (let j = 0; j < grid; j++) {
      const [x, y] = [((i + 0.5) / grid) * a.width, ((j + 0.5) / grid) * a.height]
      const { x: u, y: v } = mapPoint(m, x, y)
      if (!(u >= 0 && u < b.width && v >= 0 && v < b.height)) continue
      const [p, q, r, s] = derivative(m, x, y)
      covered += Math.abs(p * s - q * r) * (a.width / grid) * (a.height / grid)
    }
  }
  return Math.min(1, covered / (b.width * b.height))
}

function middlePlace(x: number, y: number): string {
  const column = x < 0.4 ? 'left' : x > 0.6 ? 'right' : ''
  const row = y < 0.4 ? 'upper' : y > 0.6 ? 'lower' : ''
  if (row === '' && column === '') return 'the middle of the reference'
  return `the ${[row, column].filter(Boolean).join(' ')} part of the reference`
}

/** How much the scale differs between the corners of a. */
function bend(m: PlaneMap, { width, height }: Size): number {
  const areas = [[0, 0], [width, 0], [0, height], [width, height]].map(([x, y]) => {
    const [p, q, r, s] = derivative(m, x!, y!)
    return Math.abs(p * s - q * r)
  })
  return Math.max(...areas) / Math.min(...areas) - 1
}
