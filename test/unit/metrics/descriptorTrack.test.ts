import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { closestPairsOverall } from '../../../core/metrics/descriptorTrack.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

// Coordinates on a coarse grid: copies and equal distances are common.
const vector = fc.array(fc.integer({ min: -3, max: 3 }).map((n) => n / 2), { minLength: 3, maxLength: 3 })
const distance = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)

test('exactly perQuery x queries pairs, the closest of all, ties by query and reference', async () => {
  await fc.assert(fc.asyncProperty(fc.array(vector, { minLength: 1, maxLength: 8 }), fc.array(vector, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), async (queries, references, perQuery) => {
    const all = queries.flatMap((query, q) => references.map((reference, r) => ({ q, r, away: distance(query, reference) })))
    const expected = all.sort((a, b) => a.away - b.away || a.q - b.q || a.r - b.r).slice(0, perQuery * queries.length)
    const found = await closestPairsOverall(matrixOf(Float32Array.from(queries.flat()), 3), matrixOf(Float32Array.from(references.flat()), 3), new PlainBlas(), { perQuery })
    expect([...found.score].map((score, i) => ({ q: found.query[i], r: found.reference[i], away: score === 0 ? 0 : -score }))).toEqual(expected)
  }))
})

test('many more pairs than are wanted: candidates are dropped on the way, never a wanted one', async () => {
  const random = (seed: number): (() => number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const next = random(7)
  const make = (rows: number): number[][] => Array.from({ length: rows }, () => Array.from({ length: 4 }, () => Math.fround(next())))
  const [queries, references] = [make(30), make(400)]
  // The farthest come first, so that the limit falls again and again.
  references.sort((a, b) => distance(b, [0.5, 0.5, 0.5, 0.5]) - distance(a, [0.5, 0.5, 0.5, 0.5]))
  const expected = queries.flatMap((query) => references.map((reference) => distance(query, reference))).sort((a, b) => a - b).slice(0, 60)
  const found = await closestPairsOverall(matrixOf(Float32Array.from(queries.flat()), 4), matrixOf(Float32Array.from(references.flat()), 4), new PlainBlas(), { perQuery: 2 })
  expect(found.score).toHaveLength(60)
  for (const [i, away] of expected.entries()) expect(found.score[i]).toBeCloseTo(-away, 9)
})

test('queries and references of different dimension are refused', async () => {
  await expect(closestPairsOverall(matrixOf(new Float32Array(4), 2), matrixOf(new Float32Array(3), 3), new PlainBlas())).rejects.toThrow(RangeError)
})
