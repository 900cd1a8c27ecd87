import { expect, test } from 'vitest'
import { concatenate } from '../../core/descriptors/concatenate.ts'
import { golden } from './golden.ts'
import { largestDifference, matrixFrom } from './numbers.ts'

interface Ensemble {
  readonly inputs: { ids: string[]; feats: number[][]; weight: number }[]
  readonly ids_sorted: string[]
  readonly concat_normalized: number[][]
  readonly concat_not_normalized: number[][]
}

const file = golden<Ensemble>('landmark_concat_ensemble')
const models = file.inputs.map(({ ids, feats, weight }) => ({ ids, matrix: matrixFrom(feats), weight }))

test.each([
  { name: 'normalised again', normalise: true, expected: file.concat_normalized },
  { name: 'as they are', normalise: false, expected: file.concat_not_normalized }
])('models side by side, joined by id, $name', ({ normalise, expected }) => {
  const { ids, matrix } = concatenate(models, { normaliseEach: true, normalise, missing: 'error' })
  expect(ids).toEqual(file.ids_sorted)
  expect(largestDifference(matrix.data, expected.flat())).toBeLessThan(1e-5)
})
