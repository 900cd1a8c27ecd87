import { euclideanNeighbours } from './euclideanNeighbours.ts'
import { hammingNeighbours } from './hammingKernel.ts'
import { type Descriptors, type LocalFeatures, widthOf } from './localFeatures.ts'
import type { MatchedPoints } from './planeMap.ts'
import { WinnowError } from '../domain/errors.ts'

export interface MatchOptions {
  /** Only matches closer than this count: bits of binary descriptors, Euclid's distance of the others; null for any distance. */
  readonly maxDistance: number | null
  /** The nearest must be closer than this many times the second nearest (Lowe 2004); null for no such test. */
  readonly ratio: number | null
  /** The two must be each other's nearest. */
  readonly mutual: boolean
}

/** Match i is descriptor first[i] of the first image and second[i] of the second; ascending by second, each of which stands at most once. */
export interface DescriptorMatches {
  readonly first: Int32Array
  readonly second: Int32Array
  readonly distances: Float32Array
}

/**
 * For every descriptor of the second image its nearest of the first (equal ones: the smaller place), where the tests of `options` let it stand. This is the
 * direction of the DELF matching of the Landmark 2019 code, which has the distance test only. Throws BAD_INPUT where the two are not of one kind.
 */
export function matchDescriptors(first: Descriptors, second: Descriptors, options: MatchOptions): DescriptorMatches {
  if (first.kind !== second.kind || widthOf(first) !== widthOf(second)) {
    throw new WinnowError('BAD_INPUT', `Descriptors of ${nameOf(first)} and of ${nameOf(second)} cannot be compared. Compute both with the same settings.`)
  }
  const nSecond = second.data.length / widthOf(second)
  const nearest = first.kind === 'binary' ? hammingNeighbours((second as typeof first).data, first.data, first.bytes) : euclideanNeighbours((second as typeof first).data, first.data, first.dim)
  const isSquared = first.kind === 'float'
  const limit = options.maxDistance === null ? Infinity : isSquared ? options.maxDistance ** 2 : options.maxDistance
  const ratio = options.ratio === null ? Infinity : isSquared ? options.ratio ** 2 : options.ratio
  const kept: number[] = []
  for (let i = 0; i < nSecond; i++) {
    const best = nearest.best[i] as number
    const place = nearest.place[i] as number
    if (place < 0 || !(best < limit)) continue
    if (ratio !== Infinity && !(best < ratio * (nearest.runnerUp[i] as number))) continue
    if (options.mutual && nearest.back[place] !== i) continue
    kept.push(i)
  }
  return {
    first: Int32Array.from(kept, (i) => nearest.place[i] as number),
    second: Int32Array.from(kept),
    distances: Float32Array.from(kept, (i) => (isSquared ? Math.sqrt(nearest.best[i] as number) : nearest.best[i] as number))
  }
}

const nameOf = (descriptors: Descriptors): string => (descriptors.kind === 'binary' ? `${descriptors.bytes * 8} bits` : `${descriptors.dim} numbers`)

/** Where the matched features lie: x1, y1, x2, y2 for each match. */
export function pointsOf(first: LocalFeatures, second: LocalFeatures, matches: DescriptorMatches): MatchedPoints {
  const points = new Float64Array(4 * matches.first.length)
  for (let i = 0; i < matches.first.length; i++) {
    const a = 2 * (matches.first[i] as number)
    const b = 2 * (matches.second[i] as number)
    points[4 * i] = first.points[a] as number
    points[4 * i + 1] = first.points[a + 1] as number
    points[4 * i + 2] = second.points[b] as number
    points[4 * i + 3] = second.points[b + 1] as number
  }
  return points
}
