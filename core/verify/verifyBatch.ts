import type { FeatureSpec } from './featureSpec.ts'
import type { VerifyImage } from './picture.ts'
import type { PlaneMap } from './planeMap.ts'
import type { MatchSettings, ModelSettings } from './settings.ts'
import type { Evidence, NoEvidence } from './verifyFeatures.ts'

/** How features are found and where they are kept. */
export interface FeatureWork {
  readonly spec: FeatureSpec
  /** Keep features below this folder; null keeps none. */
  readonly cacheFolder: string | null
  /** Features of the mirrored images too (of those in first place). */
  readonly mirrored: boolean
}

export interface FeatureBatch {
  readonly work: FeatureWork
  readonly images: readonly VerifyImage[]
  /** Which of them stand first in a pair, and so are needed mirrored where that is tried. */
  readonly first: readonly boolean[]
}

/** An image without features, and why. */
export interface FeatureFailure {
  readonly imageId: number
  readonly reason: string
  readonly detail: string
}

export interface FeatureReply {
  /** Images whose features had to be found now. */
  readonly found: number
  readonly failures: readonly FeatureFailure[]
}

export interface PairBatch {
  readonly work: FeatureWork
  readonly match: MatchSettings
  readonly model: ModelSettings
  readonly pairs: readonly { readonly first: VerifyImage; readonly second: VerifyImage }[]
  /** Which matched points come back, and at most how many a pair. */
  readonly points: 'none' | 'inliers' | 'all'
  readonly mostPoints: number
}

/** Codes of `reasons`; 0 means that there are inliers. */
export const reasonCodes: readonly (NoEvidence | null)[] = [null, 'image-failed', 'crashed', 'no-features', 'too-few-matches', 'no-model']

/** Whether a pair with this code may have inliers another time: a disk was away, or a worker was killed. */
export const isOpen = (code: number): boolean => reasonCodes[code] === 'image-failed' || reasonCodes[code] === 'crashed'

/** The evidence of a row of pairs as columns. Pair i: inliers[i] … ; its points are rows pointsFrom[i] to pointsFrom[i + 1] of `points` (x1, y1, x2, y2). */
export interface VerifiedPairs {
  readonly inliers: Int32Array
  readonly matches: Int32Array
  readonly ratio: Float32Array
  /** 9 a pair, row-major, first image to second; zeros where there is no map. */
  readonly matrix: Float64Array
  readonly mirrored: Uint8Array
  readonly reasons: Uint8Array
  readonly pointsFrom: Int32Array
  readonly points: Float32Array
  /** 1 for a point that is an inlier. */
  readonly pointInlier: Uint8Array
}

export interface PairReply {
  readonly pairs: VerifiedPairs
  readonly failures: readonly FeatureFailure[]
}

/** Columns from single results. */
export function columnsOf(evidence: readonly Evidence[], { points: which, mostPoints }: Pick<PairBatch, 'points' | 'mostPoints'>): VerifiedPairs {
  const n = evidence.length
  const chosen = evidence.map((each) => placesToKeep(each, which, mostPoints))
  const pointsFrom = new Int32Array(n + 1)
  for (let i = 0; i < n; i++) pointsFrom[i + 1] = (pointsFrom[i] as number) + (chosen[i] as Int32Array).length
  const columns: VerifiedPairs = {
    inliers: Int32Array.from(evidence, ({ inliers }) => inliers),
    matches: Int32Array.from(evidence, ({ matches }) => matches),
    ratio: Float32Array.from(evidence, ({ ratio }) => ratio),
    matrix: new Float64Array(9 * n),
    mirrored: Uint8Array.from(evidence, ({ mirrored }) => Number(mirrored)),
    reasons: Uint8Array.from(evidence, ({ reason }) => reasonCodes.indexOf(reason)),
    pointsFrom,
    points: new Float32Array(4 * (pointsFrom[n] as number)),
    pointInlier: new Uint8Array(pointsFrom[n] as number)
  }
  for (const [i, { map, points, inlierPlaces }] of evidence.entries()) {
    if (map) columns.matrix.set(map, 9 * i)
    const isInlier = new Set(inlierPlaces)
    for (const [at, place] of (chosen[i] as Int32Array).entries()) {
      const row = (pointsFrom[i] as number) + at
      columns.points.set(points.subarray(4 * place, 4 * place + 4), 4 * row)
      columns.pointInlier[row] = Number(isInlier.has(place))
    }
  }
  return columns
}

/** Inliers first; where there are too many, some evenly spread over all of them. */
function placesToKeep({ points, inlierPlaces }: Evidence, which: PairBatch['points'], most: number): Int32Array {
  if (which === 'none') return new Int32Array(0)
  const isInlier = new Set(inlierPlaces)
  const others = which === 'all' ? Int32Array.from({ length: points.length / 4 }, (_, i) => i).filter((i) => !isInlier.has(i)) : []
  const all = Int32Array.from([...inlierPlaces, ...others])
  if (all.length <= most) return all
  const fromInliers = Math.min(inlierPlaces.length, most)
  const spread = Int32Array.from({ length: fromInliers }, (_, i) => inlierPlaces[Math.floor((i * inlierPlaces.length) / fromInliers)] as number)
  return Int32Array.from([...spread, ...others.slice(0, most - fromInliers)])
}

/** Columns of several batches in a row. */
export function joinColumns(batches: readonly VerifiedPairs[]): VerifiedPairs {
  const pointsFrom = new Int32Array(batches.reduce((sum, { inliers }) => sum + inliers.length, 0) + 1)
  let pair = 0
  for (const { pointsFrom: from, inliers } of batches) {
    const start = pointsFrom[pair] as number
    for (let i = 1; i <= inliers.length; i++) pointsFrom[pair + i] = start + (from[i] as number)
    pair += inliers.length
  }
  const join = <T extends Int32Array | Float32Array | Float64Array | Uint8Array>(make: (length: number) => T, pick: (batch: VerifiedPairs) => T): T => {
    const joined = make(batches.reduce((sum, batch) => sum + pick(batch).length, 0))
    let at = 0
    for (const batch of batches) {
      joined.set(pick(batch) as never, at)
      at += pick(batch).length
    }
    return joined
  }
  const int32 = (length: number): Int32Array => new Int32Array(length)
  const float32 = (length: number): Float32Array => new Float32Array(length)
  const uint8 = (length: number): Uint8Array => new Uint8Array(length)
  return {
    inliers: join(int32, ({ inliers }) => inliers),
    matches: join(int32, ({ matches }) => matches),
    ratio: join(float32, ({ ratio }) => ratio),
    matrix: join((length) => new Float64Array(length), ({ matrix }) => matrix),
    mirrored: join(uint8, ({ mirrored }) => mirrored),
    reasons: join(uint8, ({ reasons }) => reasons),
    pointsFrom,
    points: join(float32, ({ points }) => points),
    pointInlier: join(uint8, ({ pointInlier }) => pointInlier)
  }
}

/** The map of pair `index` of some columns; null where there is none. */
export function mapOf({ matrix }: Pick<VerifiedPairs, 'matrix'>, index: number): PlaneMap | null {
  const map = matrix.slice(9 * index, 9 * index + 9)
  return map.some((value) => value !== 0) ? map : null
}
