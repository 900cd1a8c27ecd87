import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrixOf, type Matrix } from '../../../core/domain/matrix.ts'
import { expandByEvidence } from '../../../core/rerank/evidenceExpansion.ts'
import { neighbourMean } from '../../../core/rerank/neighbourMean.ts'
import { augmentLabelled, augmentReferences, expandQueries } from '../../../core/rerank/queryExpansion.ts'
import { stackRows } from '../../../core/rerank/stackRows.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { clustered, cosine, seeds } from './vectors.ts'

const blas = new PlainBlas()
const matrix = (rows: number[][]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
const unit = (row: number[]): number[] => row.map((value) => value / Math.hypot(...row))

/** Every weight as a full row of a matrix: zero for who is not among the `count` nearest (itself first). */
function dense(rows: Matrix, from: number, pool: Matrix, { alpha, count, allowed = () => true }: { alpha: number; count: number; allowed?: (row: number, other: number) => boolean }): number[][] {
  return Array.from({ length: rows.rows }, (_, r) => {
    const nearest = Array.from({ length: pool.rows }, (_each, j) => j)
      .sort((x, y) => Number(y === from + r) - Number(x === from + r) || cosine(rows, r, pool, y) - cosine(rows, r, pool, x) || x - y)
      .slice(0, count)
      .filter((j) => allowed(from + r, j))
    return unit(Array.from({ length: pool.dim }, (_each, d) => nearest.reduce((sum, j) => sum + cosine(rows, r, pool, j) ** alpha * (pool.data[j * pool.dim + d] as number), 0)))
  })
}

function expectClose(found: Matrix, wanted: number[][]): void {
  expect(found.rows).toBe(wanted.length)
  wanted.flat().forEach((value, i) => expect(Math.abs((found.data[i] as number) - value)).toBeLessThan(1e-5))
}

test('the example of the seeds: x = (1, 0) with itself and (0.8, 0.6)', () => {
  const pool = matrix([[1, 0], [0.8, 0.6]])
  const lists = { queries: 1, k: 2, indices: Int32Array.of(0, 1), scores: Float32Array.of(1, 0.8) }
  const found = neighbourMean(pool, lists, { alpha: 3, count: 2 })
  expect(found.data[0]).toBeCloseTo(0.97707, 5)
  expect(found.data[1]).toBeCloseTo(0.21294, 5)
})

test('expansion and augmentation agree with a dense sum over all rows', async () => {
  await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 1, 2, 3), async (seed, nq, nr, count, alpha) => {
    const queries = clustered(nq, 6, 3, seed)
    const references = clustered(nr, 6, 3, seed + 1)
    const all = stackRows(queries, references)
    const options = { alpha, count }
    expectClose(await expandQueries(queries, references, blas, { ...options, pool: 'all' }), dense(queries, 0, all, options))
    expectClose(await augmentReferences(queries, references, blas, options), dense(references, nq, all, options))
    expectClose(await augmentReferences(null, references, blas, options), dense(references, 0, references, options))
  }), { numRuns: 60 })
})

test('with references only, a query is not moved by other queries', async () => {
  const queries = clustered(6, 6, 1, 5)
  const references = clustered(20, 6, 1, 6)
  const options = { alpha: 3, count: 5, pool: 'references' } as const
  const together = await expandQueries(queries, references, blas, options)
  for (let q = 0; q < queries.rows; q++) {
    const one = { rows: 1, dim: 6, data: queries.data.slice(q * 6, (q + 1) * 6) }
    expect([...(await expandQueries(one, references, blas, options)).data]).toEqual([...together.data.subarray(q * 6, (q + 1) * 6)])
  }
})

test('in labelled sets, neighbours with another label do not count', async () => {
  await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 1, max: 30 }), async (seed, n) => {
    const rows = clustered(n, 5, 2, seed)
    const labels = Array.from({ length: n }, (_, i) => (seed + i * 7) % 3)
    const options = { alpha: 3, count: 3 }
    expectClose(await augmentLabelled(rows, labels, blas, options), dense(rows, 0, rows, { ...options, allowed: (a, b) => labels[a] === labels[b] }))
  }), { numRuns: 40 })
})

test('a row stays as it is where its neighbours cancel out, and a power that is not real counts nothing', () => {
  const pool = matrix([[1, 0], [-1, 0]])
  const cancelled = { queries: 1, k: 2, indices: Int32Array.of(0, 1), scores: Float32Array.of(1, 1) }
  expect([...neighbourMean(pool, cancelled, { alpha: 1, count: 2 }).data]).toEqual([1, 0])
  const negative = { queries: 1, k: 2, indices: Int32Array.of(0, 1), scores: Float32Array.of(1, -0.5) }
  expect([...neighbourMean(pool, negative, { alpha: 2.5, count: 2 }).data]).toEqual([1, 0])
  expect([...neighbourMean(pool, { ...cancelled, indices: Int32Array.of(-1, -1) }, { alpha: 1, count: 2 }).data]).toEqual([0, 0])
})

test('lists that name rows which do not exist are refused', () => {
  const pool = matrix([[1, 0]])
  expect(() => neighbourMean(pool, { queries: 1, k: 1, indices: Int32Array.of(3), scores: Float32Array.of(1) }, { alpha: 3, count: 1 })).toThrow(/row 3 of 1/)
  expect(() => neighbourMean(pool, { queries: 1, k: 1, indices: Int32Array.of(0), scores: Float32Array.of(1) }, { alpha: -1, count: 1 })).toThrow(/alpha/)
})

const pairsOf = (pairs: readonly (readonly [number, number, number])[]) =>
  ({ rows: Int32Array.from(pairs, ([row]) => row), neighbours: Int32Array.from(pairs, ([, neighbour]) => neighbour), inliers: Int32Array.from(pairs, ([, , inliers]) => inliers) })

test('verified pairs move a query to the weighted mean of itself and its best five, without normalising', () => {
  const queries = matrix([[1, 0], [0, 1]])
  const pool = matrix([[0.8, 0.6], [0.6, 0.8], [-1, 0]])
  const found = expandByEvidence(queries, pool, pairsOf([[0, 1, 90], [0, 0, 200], [0, 2, 89]]), { leastInliers: 90, count: 5 })
  expect(found.data[0]).toBeCloseTo((1 + 0.8 * 0.8 + 0.6 * 0.6) / 2.4, 6)
  expect(found.data[1]).toBeCloseTo((0.8 * 0.6 + 0.6 * 0.8) / 2.4, 6)
  expect([...found.data.subarray(2)]).toEqual([0, 1])
  const one = expandByEvidence(queries, pool, pairsOf([[0, 1, 90], [0, 0, 200]]), { leastInliers: 90, count: 1 })
  expect(one.data[1]).toBeCloseTo((0.8 * 0.6) / 1.8, 6)
})

test('among themselves rows are updated in place, in order, and not by themselves', () => {
  const rows = matrix([[1, 0], [0.8, 0.6]])
  const pairs = pairsOf([[0, 0, 500], [0, 1, 100], [1, 0, 100]])
  const found = expandByEvidence(rows, null, pairs, { leastInliers: 90, count: 5 })
  const first = [(1 + 0.64) / 1.8, 0.48 / 1.8] as const
  expect(found.data[0]).toBeCloseTo(first[0], 6)
  const weight = 0.8 * first[0] + 0.6 * first[1]
  expect(found.data[2]).toBeCloseTo((0.8 + weight * first[0]) / (1 + weight), 6)
  expect([...rows.data.subarray(0, 2)]).toEqual([1, 0])
  const backwards = expandByEvidence(rows, null, pairs, { leastInliers: 90, count: 5 }, Int32Array.of(1, 0))
  expect(backwards.data[2]).toBeCloseTo((0.8 + 0.8) / 1.8, 6)
})

test('pairs beyond the rows are refused', () => {
  expect(() => expandByEvidence(matrix([[1, 0]]), null, pairsOf([[0, 4, 100]]), { leastInliers: 90, count: 5 })).toThrow(/row 4 of 1/)
})
