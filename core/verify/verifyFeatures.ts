import { affineModel } from './affineModel.ts'
import { homographyModel } from './homographyModel.ts'
import { type LocalFeatures, countOf } from './localFeatures.ts'
import { matchDescriptors, pointsOf } from './matchFeatures.ts'
import type { MatchedPoints, PlaneMap } from './planeMap.ts'
import { ransac } from './ransac.ts'
import type { MatchSettings, ModelSettings } from './settings.ts'

/** Why a pair has no inliers. */
export type NoEvidence = 'image-failed' | 'crashed' | 'no-features' | 'too-few-matches' | 'no-model'

/** The geometric evidence that two images show the same thing. */
export interface Evidence {
  /** Matches that one map explains; 0 where `reason` says why. */
  readonly inliers: number
  readonly matches: number
  /** inliers / matches; 0 where there are no matches. */
  readonly ratio: number
  /** From the first image into the second, both whole and upright; null where there is none. */
  readonly map: PlaneMap | null
  /** All matches. */
  readonly points: MatchedPoints
  /** Places of the inliers among the matches, ascending. */
  readonly inlierPlaces: Int32Array
  readonly mirrored: boolean
  readonly reason: NoEvidence | null
}

export const noEvidence = (reason: NoEvidence, points: MatchedPoints = new Float64Array(0)): Evidence =>
  ({ inliers: 0, matches: points.length / 4, ratio: 0, map: null, points, inlierPlaces: new Int32Array(0), mirrored: false, reason })

/** Matches the features of two images and looks for one map that explains the matches. Throws BAD_INPUT where the features are not of one kind. */
export function verifyFeatures(first: LocalFeatures, second: LocalFeatures, match: MatchSettings, { model, residual, residualOf, ...settings }: ModelSettings): Evidence {
  if (countOf(first) === 0 || countOf(second) === 0) return noEvidence('no-features')
  const points = pointsOf(first, second, matchDescriptors(first.descriptors, second.descriptors, match))
  const found = ransac(points, {
    ...settings,
    model: model === 'affine' ? affineModel : homographyModel,
    residual: residualOf === 'features' ? residual * second.shrink : residual
  })
  if (typeof found === 'string') return noEvidence(found, points)
  const matches = points.length / 4
  return { inliers: found.count, matches, ratio: found.count / matches, map: found.map, points, inlierPlaces: found.inliers, mirrored: false, reason: null }
}

/** The better of the evidence for the first image as it is and mirrored; the mirrored features' points are those of the image as it is. */
export function better(plain: Evidence, mirrored: Evidence): Evidence {
  return mirrored.inliers > plain.inliers ? { ...mirrored, mirrored: true } : plain
}
