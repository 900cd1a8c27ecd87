import { describe, expect, it } from 'vitest'
import type { LocalFeatures } from '../../core/verify/localFeatures.ts'
import { matchDescriptors } from '../../core/verify/matchFeatures.ts'
import { landmarkSettings } from '../../core/verify/settings.ts'
import { verifyFeatures } from '../../core/verify/verifyFeatures.ts'
import { golden } from './golden.ts'

interface File {
  params: { kd_thresh: number; model: 'affine'; min_samples: number; residual_threshold: number; max_trials: number }
  cases: {
    loc1: number[][]; desc1: number[][]; loc2: number[][]; desc2: number[][]
    'nn_matches_within_0.8': number[][]
    inliers: number
  }[]
}

const features = (locations: readonly number[][], descriptors: readonly number[][]): LocalFeatures => ({
  width: 10_000, height: 10_000, shrink: 1,
  points: Float32Array.from(locations.flat()),
  scores: new Float32Array(locations.length),
  descriptors: { kind: 'float', dim: descriptors[0]?.length ?? 1, data: Float32Array.from(descriptors.flat()) }
})

describe('DELF matching and affine RANSAC of the Landmark 2019 code', () => {
  const { params, cases } = golden<File>('landmark_ransac_inliers')
  const match = { ...landmarkSettings.match, maxDistance: params.kd_thresh }
  const model = { ...landmarkSettings.model, model: params.model, residual: params.residual_threshold, maxTrials: params.max_trials }

  it.each(cases.map((entry, i) => ({ entry, i })))('case $i: the same nearest neighbours, and as many inliers within 1, or as other draws give', ({ entry }) => {
    const first = features(entry.loc1, entry.desc1)
    const second = features(entry.loc2, entry.desc2)
    const matches = matchDescriptors(first.descriptors, second.descriptors, match)
    const found = Array.from(matches.first, (a, i) => [a, matches.second[i] as number])
    expect(found).toEqual(entry['nn_matches_within_0.8'].toSorted((a, b) => (a[1] as number) - (b[1] as number)))
    const { inliers } = verifyFeatures(first, second, match, model)
    if (Math.abs(inliers - entry.inliers) <= 1) return
    // scikit-image 0.19 does not draw from the global generator that the original seeds, so every run of it draws others. Where few matches belong together, it is
    // chance whether the trials meet three of them: then the original's count is one of those that other seeds give.
    const counts = Array.from({ length: 40 }, (_, seed) => verifyFeatures(first, second, match, { ...model, seed }).inliers)
    expect(entry.inliers).toBeGreaterThanOrEqual(Math.min(...counts) - 1)
    expect(entry.inliers).toBeLessThanOrEqual(Math.max(...counts) + 1)
  })
})
