import { WinnowError } from '../domain/errors.ts'
import { featureProblem, type LocalFeatures } from './localFeatures.ts'

export interface DelfPoints {
  /** x0, y0, x1, y1, … in pixels of the whole image. */
  readonly points: Float32Array
  readonly scores: Float32Array
  readonly dim: number
  readonly data: Float32Array
}

/** Features from the points of a DELF file, which does not say how large its image is: as large as its points need. Throws BAD_INPUT naming the file. */
export function delfFeatures({ points, scores, dim, data }: DelfPoints, name: string): LocalFeatures {
  let width = 1
  let height = 1
  for (let i = 0; i < points.length; i += 2) {
    width = Math.max(width, Math.ceil(points[i] as number) + 1)
    height = Math.max(height, Math.ceil(points[i + 1] as number) + 1)
  }
  const features: LocalFeatures = { width, height, shrink: 1, points, scores, descriptors: { kind: 'float', dim, data } }
  const problem = featureProblem(features)
  if (problem) throw new WinnowError('BAD_INPUT', `${name}: ${problem}.`)
  return features
}
