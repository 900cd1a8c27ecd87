import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { symmetricEigen } from '../../../core/descriptors/symmetricEigen.ts'
import { seeded } from './scattered.ts'

/** Q Λ Qᵀ of the answer beside the matrix, and Q Qᵀ beside the identity: the largest errors. */
function errors(matrix: Float64Array, n: number, values: Float64Array, vectors: Float64Array): { rebuilt: number; orthogonal: number } {
  let rebuilt = 0
  let orthogonal = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      let product = 0
      for (let k = 0; k < n; k++) {
        sum += (vectors[k * n + i] as number) * (values[k] as number) * (vectors[k * n + j] as number)
        product += (vectors[i * n + k] as number) * (vectors[j * n + k] as number)
      }
      rebuilt = Math.max(rebuilt, Math.abs(sum - (matrix[Math.max(i, j) * n + Math.min(i, j)] as number)))
      orthogonal = Math.max(orthogonal, Math.abs(product - (i === j ? 1 : 0)))
    }
  }
  return { rebuilt, orthogonal }
}

const descending = (values: Float64Array): boolean => values.every((value, i) => i === 0 || value <= (values[i - 1] as number))

describe('eigenvalues of symmetric matrices', () => {
  test('rebuild any matrix, with orthonormal vectors and values in descending order', async () => {
    const matrices = fc.integer({ min: 1, max: 9 }).chain((n) =>
      fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: n * n, maxLength: n * n }).map((values) => ({ n, values: Float64Array.from(values) })))
    await fc.assert(fc.asyncProperty(matrices, async ({ n, values: matrix }) => {
      const { values, vectors } = await symmetricEigen(matrix, n)
      const scale = matrix.reduce((most, value, i) => (i % n <= Math.floor(i / n) ? Math.max(most, Math.abs(value)) : most), 0)
      const { rebuilt, orthogonal } = errors(matrix, n, values, vectors)
      // Of numbers this small the next one is further away than any share of them.
      expect(rebuilt).toBeLessThanOrEqual(Math.max(1e-12 * scale, 8 * Number.MIN_VALUE))
      expect(orthogonal).toBeLessThan(1e-12)
      expect(descending(values)).toBe(true)
    }))
  })

  test('are found of tiny entries, whatever stands above the diagonal', async () => {
    const { values } = await symmetricEigen(Float64Array.of(0, -1, 1.6946e-195, 0), 2)
    expect([...values].map((value) => value / 1.6946e-195)).toEqual([expect.closeTo(1, 12), expect.closeTo(-1, 12)])
  })

  test.each([0, 1, 5])('of low rank (%d) or with many equal values come out too', async (rank) => {
    const n = 70
    const next = seeded(rank)
    const matrix = new Float64Array(n * n)
    for (let r = 0; r < rank; r++) {
      const row = Float64Array.from({ length: n }, () => next() - 0.5)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] = (matrix[i * n + j] as number) + (row[i] as number) * (row[j] as number)
    }
    const { values, vectors } = await symmetricEigen(matrix, n)
    const { rebuilt, orthogonal } = errors(matrix, n, values, vectors)
    expect(rebuilt).toBeLessThan(1e-12)
    expect(orthogonal).toBeLessThan(1e-12)
    expect(values.filter((value) => value > 1e-10)).toHaveLength(rank)
  })

  test('span many orders of magnitude, as variances of descriptors do', async () => {
    const n = 150
    const next = seeded(3)
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = (next() - 0.5) * 10 ** (-i / 15 - j / 15)
    const { values, vectors } = await symmetricEigen(matrix, n)
    const { rebuilt, orthogonal } = errors(matrix, n, values, vectors)
    expect(rebuilt).toBeLessThan(1e-13)
    expect(orthogonal).toBeLessThan(1e-12)
  })

  test('refuse what is no matrix of numbers', async () => {
    await expect(symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).rejects.toThrow(RangeError)
    await expect(symmetricEigen(new Float64Array(3), 2)).rejects.toThrow(RangeError)
  })

  test('can be stopped', async () => {
    await expect(symmetricEigen(new Float64Array(4).fill(1), 2, () => Promise.reject(new Error('enough')))).rejects.toThrow('enough')
  })
})
