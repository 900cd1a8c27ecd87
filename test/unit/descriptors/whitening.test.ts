import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fitWhitening, whiten } from '../../../core/descriptors/whitening.ts'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { scattered, seeded } from './scattered.ts'

const blas = new PlainBlas()

/** Variances and covariances of the columns. */
function covariance(data: Float32Array, dim: number): number[][] {
  const rows = data.length / dim
  const mean = Array.from({ length: dim }, (_, d) => Array.from({ length: rows }, (_, row) => data[row * dim + d] as number).reduce((sum, value) => sum + value, 0) / rows)
  return mean.map((_, x) => mean.map((_, y) => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += ((data[row * dim + x] as number) - (mean[x] as number)) * ((data[row * dim + y] as number) - (mean[y] as number))
    return sum / rows
  }))
}

interface Reference {
  readonly size: number
  readonly power: number
  readonly training: number[][]
  readonly queries: number[][]
  readonly variances: number[]
  readonly kept: number
  readonly whitened: number[][]
  readonly normalised: number[][]
}
const references = JSON.parse(readFileSync(join(import.meta.dirname, 'references', 'whitening.json'), 'utf8')) as { cases: Reference[] }
const rowsOf = (rows: readonly (readonly number[])[]) => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)

describe('PCA-whitening', () => {
  test.each(references.cases.map((each) => ({ ...each, name: `${each.training.length} rows of ${each.training[0]?.length} values to ${each.size}, power ${each.power}` })))('is that of NumPy: $name', async (reference) => {
    const projection = await fitWhitening(rowsOf(reference.training), reference, blas)
    expect(projection.kept).toBeCloseTo(reference.kept, 6)
    for (const [i, variance] of reference.variances.entries()) expect(Math.abs((projection.variances[i] as number) / variance - 1)).toBeLessThan(1e-4)
    const { data } = await whiten(rowsOf(reference.queries), projection, { normalise: true }, blas)
    for (const [i, value] of reference.normalised.flat().entries()) expect(Math.abs((data[i] as number) - value)).toBeLessThan(1e-4)
    const { data: raw } = await whiten(rowsOf(reference.queries), projection, { normalise: false }, blas)
    for (const [i, value] of reference.whitened.flat().entries()) expect(Math.abs((raw[i] as number) - value)).toBeLessThan(1e-3 * (1 + Math.abs(value)))
  })

  test('gives the training rows variance 1 along every direction and no covariance', async () => {
    const training = scattered(300, 12, 1)
    const projection = await fitWhitening(training, { size: 8, power: -0.5 }, blas)
    const { data, dim } = await whiten(training, projection, { normalise: false }, blas)
    expect(dim).toBe(8)
    for (const [x, row] of covariance(data, dim).entries()) for (const [y, value] of row.entries()) expect(Math.abs(value - (x === y ? 1 : 0))).toBeLessThan(1e-4)
    expect(projection.kept).toBeGreaterThan(0.5)
    expect(projection.kept).toBeLessThanOrEqual(1)
  })

  test('with power 0 only turns: distances stay', async () => {
    const training = scattered(60, 7, 2)
    const projection = await fitWhitening(training, { size: 7, power: 0 }, blas)
    const { data } = await whiten(training, projection, { normalise: false }, blas)
    const distance = (rows: Float32Array, x: number, y: number): number => Math.hypot(...Array.from({ length: 7 }, (_, d) => (rows[x * 7 + d] as number) - (rows[y * 7 + d] as number)))
    for (let row = 1; row < training.rows; row++) expect(Math.abs(distance(data, 0, row) - distance(training.data, 0, row))).toBeLessThan(1e-5)
    expect(projection.kept).toBeCloseTo(1, 6)
  })

  test('finds the same directions from the rows where there are fewer rows than dimensions', async () => {
    const dim = 20
    const few = scattered(15, dim, 3)
    const byRows = await fitWhitening(few, { size: 6, power: -0.5 }, blas)
    // Twice the same rows, and again: more rows than dimensions, the same covariance.
    const many = matrixOf(Float32Array.from({ length: few.data.length * 2 }, (_, i) => few.data[i % few.data.length] as number), dim)
    const byColumns = await fitWhitening(many, { size: 6, power: -0.5 }, blas)
    for (let i = 0; i < byRows.matrix.data.length; i++) expect(Math.abs((byRows.matrix.data[i] as number) - (byColumns.matrix.data[i] as number))).toBeLessThan(1e-4)
  })

  test('is not disturbed by a mean far from zero', async () => {
    const training = scattered(200, 6, 4)
    const moved = matrixOf(training.data.map((value) => value + 100), 6)
    const near = await whiten(training, await fitWhitening(training, { size: 4, power: -0.5 }, blas), { normalise: true }, blas)
    const far = await whiten(moved, await fitWhitening(moved, { size: 4, power: -0.5 }, blas), { normalise: true }, blas)
    for (let i = 0; i < near.data.length; i++) expect(Math.abs((near.data[i] as number) - (far.data[i] as number))).toBeLessThan(2e-3)
  })

  test('keeps directions of little variance, which descriptors have', async () => {
    const next = seeded(6)
    const strengths = [1, 0.1, 0.01, 1e-3, 1e-4]
    const training = matrixOf(Float32Array.from({ length: 400 * 5 }, (_, i) => (next() - 0.5) * (strengths[i % 5] as number)), 5)
    const { data, dim } = await whiten(training, await fitWhitening(training, { size: 5, power: -0.5 }, blas), { normalise: false }, blas)
    for (const [x, row] of covariance(data, dim).entries()) expect(row[x]).toBeCloseTo(1, 3)
  })

  test('says how many directions there are where too many are asked for', async () => {
    const next = seeded(5)
    const flat = matrixOf(Float32Array.from({ length: 50 * 4 }, (_, i) => (i % 4 < 2 ? next() : 1)), 4)
    await expect(fitWhitening(flat, { size: 3, power: -0.5 }, blas)).rejects.toThrow(/vary in 2 directions only/)
    await expect(fitWhitening(scattered(5, 8, 1), { size: 7, power: -0.5 }, blas)).rejects.toThrow(/The 5 training vectors/)
    await expect(fitWhitening(flat, { size: 5, power: -0.5 }, blas)).rejects.toThrow(/1 to 4 values/)
    await expect(fitWhitening(scattered(1, 8, 1), { size: 1, power: -0.5 }, blas)).rejects.toThrow(/only one/)
  })

  test('refuses descriptors of another size', async () => {
    const projection = await fitWhitening(scattered(30, 5, 1), { size: 3, power: -0.5 }, blas)
    await expect(whiten(scattered(2, 6, 1), projection, { normalise: true }, blas)).rejects.toThrow(/fitted on descriptors of 5 values/)
  })
})
