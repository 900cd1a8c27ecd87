import { describe, expect, test } from 'vitest'
import { augmentNegatives, clearNegatives, similarityPower, subtractNegatives } from '../../../core/descriptors/negatives.ts'
import { stretchOffsets } from '../../../core/descriptors/scoreStretching.ts'
import { type Matrix, matrixOf, rowOf } from '../../../core/domain/matrix.ts'
import { dot } from '../../../core/search/dot.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { scattered } from './scattered.ts'

const blas = new PlainBlas()
const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values))
const nearest = (row: Float32Array, references: Matrix, k: number): { row: number; score: number }[] =>
  Array.from({ length: references.rows }, (_, i) => ({ row: i, score: dot(row, 0, references.data, i * references.dim, references.dim) })).sort((x, y) => y.score - x.score || x.row - y.row).slice(0, k)
const close = (found: Float32Array, expected: readonly number[]): void => {
  for (const [d, value] of expected.entries()) expect(Math.abs((found[d] as number) - value)).toBeLessThan(1e-5)
}

describe('negatives', () => {
  test.each([1, 5, 40])('DBA: the unit sum of the %d nearest, weighted by the power of their similarity', async (k) => {
    const negatives = scattered(30, 5, 1)
    const augmented = await augmentNegatives(negatives, { k, alpha: 3 }, blas)
    for (let row = 0; row < negatives.rows; row++) {
      const sum = Array.from({ length: 5 }, (_, d) => nearest(rowOf(negatives, row), negatives, k).reduce((total, { row: other, score }) => total + score ** 3 * (negatives.data[other * 5 + d] as number), 0))
      close(rowOf(augmented, row), unit(sum))
    }
  })

  test.each([{ k: 1, iterations: 1 }, { k: 4, iterations: 3 }, { k: 99, iterations: 2 }])('subtracting the mean of the nearest ($k, $iterations times)', async ({ k, iterations }) => {
    const negatives = scattered(20, 6, 2)
    const vectors = scattered(8, 6, 3)
    const before = vectors.data.slice()
    const found = await subtractNegatives(vectors, negatives, { k, beta: 0.35, iterations }, blas)
    expect(vectors.data).toEqual(before)
    for (let row = 0; row < vectors.rows; row++) {
      let current = [...rowOf(vectors, row)]
      for (let turn = 0; turn < iterations; turn++) {
        const near = nearest(Float32Array.from(current), negatives, k)
        current = unit(current.map((value, d) => value - (0.35 * near.reduce((sum, { row: other }) => sum + (negatives.data[other * 6 + d] as number), 0)) / near.length))
      }
      close(rowOf(found, row), current)
    }
  })

  test('the example of the seeds', async () => {
    const negatives = matrixOf(Float32Array.of(0.8, 0.6, 0.6, -0.8), 2)
    const { data } = await subtractNegatives(matrixOf(Float32Array.of(1, 0), 2), negatives, { k: 2, beta: 0.35, iterations: 1 }, blas)
    close(data, [0.99893, 0.04631])
  })

  test('a row of zeros stays like nothing', async () => {
    const zeros = matrixOf(new Float32Array(4), 4)
    expect((await subtractNegatives(zeros, scattered(9, 4, 1), { k: 3, beta: 0.35, iterations: 2 }, blas)).data).toEqual(zeros.data)
    const training = scattered(9, 4, 1)
    const [zero, other] = await stretchOffsets(matrixOf(Float32Array.of(0, 0, 0, 0, ...rowOf(training, 0)), 4), training, { n: 3, factor: 2, reduction: 'mean' }, blas)
    expect(zero).toBe(-2)
    expect(other).toBeGreaterThan(-2)
  })

  test('none: an error that says what to choose', async () => {
    await expect(subtractNegatives(scattered(2, 3, 1), matrixOf(new Float32Array(0), 3), { k: 1, beta: 0.3, iterations: 1 }, blas)).rejects.toThrow(/no negatives/)
  })

  test('matches of the queries and references are taken out and named', async () => {
    const negatives = scattered(40, 4, 4)
    const others = scattered(10, 4, 5)
    const threshold = 0.9
    const { kept, removed } = await clearNegatives(negatives, others, { threshold }, blas)
    expect([...kept, ...removed.map(({ row }) => row)].sort((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(removed.length).toBeGreaterThan(0)
    for (const row of kept) expect(nearest(rowOf(negatives, row), others, 1)[0]?.score).toBeLessThan(threshold)
    for (const { row, matches, similarity } of removed) expect(nearest(rowOf(negatives, row), others, 1)[0]).toEqual({ row: matches, score: similarity })
  })

  test('an image that is query and negative at once goes, however unlike its vectors are', async () => {
    const own = { negatives: Int32Array.of(7, 8), others: Int32Array.of(9, 8) }
    const { kept, removed } = await clearNegatives(matrixOf(Float32Array.of(1, 0, 1, 0), 2), matrixOf(Float32Array.of(0, 1, -1, 0), 2), { threshold: 0.9, own }, blas)
    expect(Array.from(kept)).toEqual([0])
    expect(removed).toEqual([{ row: 1, matches: 1, similarity: 1 }])
  })

  test('a similarity below zero has no broken power', () => {
    expect(similarityPower(3)(-0.5)).toBe(-0.125)
    expect(similarityPower(2.5)(-0.5)).toBe(0)
    expect(similarityPower(0)(-0.5)).toBe(1)
  })
})

describe('score stretching', () => {
  test.each(['mean', 'min'] as const)('by the %s of the nearest training rows', async (reduction) => {
    const queries = scattered(6, 5, 6)
    const training = scattered(25, 5, 7)
    for (const n of [1, 10, 30]) {
      const offsets = await stretchOffsets(queries, training, { n, factor: 2, reduction }, blas)
      for (let row = 0; row < queries.rows; row++) {
        const scores = nearest(rowOf(queries, row), training, n).map(({ score }) => score)
        const expected = reduction === 'min' ? Math.min(...scores) : scores.reduce((sum, score) => sum + score, 0) / scores.length
        expect(Math.abs((offsets[row] as number) + 2 * expected)).toBeLessThan(1e-5)
      }
    }
    await expect(stretchOffsets(queries, matrixOf(new Float32Array(0), 5), { n: 1, factor: 1, reduction }, blas)).rejects.toThrow(/no training vectors/)
  })
})
