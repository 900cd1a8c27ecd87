import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { featureMaps, gemPool, maxPool, meanMaxPool, meanPool, signedGemPool } from '../../../core/descriptors/featureMap.ts'
import { applyLinear, foldBatchNorm } from '../../../core/descriptors/linear.ts'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const values = (length: number): fc.Arbitrary<Float32Array> => fc.float32Array({ minLength: length, maxLength: length, min: -4, max: 4, noNaN: true })

describe('pooling of feature maps', () => {
  test('is what each channel’s values give', () => {
    fc.assert(fc.property(values(2 * 3 * 6), fc.constantFrom(1, 2, 3.5, 10), (data, p) => {
      const maps = featureMaps(data, 2, 3)
      const both = meanMaxPool(maps)
      for (let image = 0; image < 2; image++) {
        for (let channel = 0; channel < 3; channel++) {
          const channelValues = [...data.subarray((image * 3 + channel) * 6, (image * 3 + channel + 1) * 6)]
          const mean = channelValues.reduce((sum, value) => sum + value, 0) / 6
          const at = image * 3 + channel
          expect(meanPool(maps).data[at]).toBeCloseTo(mean, 5)
          expect(maxPool(maps).data[at]).toBe(Math.max(...channelValues))
          expect(gemPool(maps, p).data[at]).toBeCloseTo((channelValues.reduce((sum, value) => sum + Math.max(value, 1e-6) ** p, 0) / 6) ** (1 / p), 5)
          expect(both.data[image * 6 + channel]).toBe(meanPool(maps).data[at])
          expect(both.data[image * 6 + 3 + channel]).toBe(maxPool(maps).data[at])
        }
      }
    }))
  })

  test('refuses shapes and powers that make no sense', () => {
    expect(() => featureMaps(new Float32Array(7), 2, 3)).toThrow(RangeError)
    const maps = featureMaps(new Float32Array(6), 2, 3)
    expect(() => gemPool(maps, 0)).toThrow(RangeError)
    expect(() => signedGemPool(maps, 2.5)).toThrow(RangeError)
  })
})

test('a BatchNorm folded into its layer gives the same numbers', async () => {
  const blas = new PlainBlas()
  await fc.assert(fc.asyncProperty(values(3 * 4), values(2 * 4), values(2), values(2), values(2), values(2), fc.boolean(), async (x, weight, bias, gain, shift, mean, withBias) => {
    const layer = { weight: matrixOf(weight, 4), bias: withBias ? bias : null }
    const norm = { weight: gain, bias: shift, mean, variance: mean.map((value) => Math.abs(value)), eps: 1e-5 }
    const folded = await applyLinear(matrixOf(x, 4), foldBatchNorm(layer, norm), blas)
    const plain = await applyLinear(matrixOf(x, 4), layer, blas)
    for (let i = 0; i < folded.data.length; i++) {
      const f = i % 2
      const scale = (gain[f] as number) / Math.sqrt((norm.variance[f] as number) + 1e-5)
      const expected = ((plain.data[i] as number) - (mean[f] as number)) * scale + (shift[f] as number)
      expect(Math.abs((folded.data[i] as number) - expected)).toBeLessThan(1e-4 * (1 + Math.abs(scale) * 64))
    }
  }))
  expect(() => foldBatchNorm({ weight: matrixOf(new Float32Array(8), 4), bias: null }, { weight: new Float32Array(3), bias: new Float32Array(3), mean: new Float32Array(3), variance: new Float32Array(3), eps: 0 })).toThrow(RangeError)
})
