import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { kReciprocal } from '../../../core/rerank/kReciprocal.ts'
import { roundHalfToEven } from '../../../core/rerank/reciprocalWeights.ts'
import { stackRows } from '../../../core/rerank/stackRows.ts'
import type { Matrix } from '../../../core/domain/matrix.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { clustered, cosine, seeds } from './vectors.ts'

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** The full matrices, as the authors' Python has them. Final distances, queries x references. */
function dense(queries: Matrix, references: Matrix, { k1, k2, lambda }: { k1: number; k2: number; lambda: number }): number[][] {
  const all = stackRows(queries, references)
  const n = all.rows
  const distances = range(n).map((i) => range(n).map((j) => (i === j ? 0 : Math.max(0, 2 - 2 * cosine(all, i, all, j)))))
  const scaled = distances.map((row) => row.map((value) => value / (Math.max(...row) || 1)))
  const ranks = scaled.map((_, i) => range(n).sort((a, b) => Number(b === i) - Number(a === i) || cosine(all, i, all, b) - cosine(all, i, all, a) || a - b))
  const reciprocal = (i: number, count: number): number[] => (ranks[i] as number[]).slice(0, count).filter((j) => (ranks[j] as number[]).slice(0, count).includes(i))
  let weights = range(n).map((i) => {
    const own = reciprocal(i, k1 + 1)
    const expanded = new Set(own)
    for (const member of own) {
      const theirs = reciprocal(member, roundHalfToEven(k1 / 2) + 1)
      if (theirs.filter((j) => own.includes(j)).length > (2 / 3) * theirs.length) for (const j of theirs) expanded.add(j)
    }
    const row = range(n).map((j) => (expanded.has(j) ? Math.exp(-(scaled[i]?.[j] as number)) : 0))
    const sum = row.reduce((a, b) => a + b, 0)
    return row.map((value) => value / sum)
  })
  if (k2 !== 1) weights = range(n).map((i) => range(n).map((j) => (ranks[i] as number[]).slice(0, k2).reduce((sum, m) => sum + (weights[m]?.[j] as number), 0) / Math.min(k2, n)))
  return range(queries.rows).map((q) => range(references.rows).map((r) => {
    const overlap = range(n).reduce((sum, j) => sum + Math.min(weights[q]?.[j] as number, weights[queries.rows + r]?.[j] as number), 0)
    return (1 - overlap / (2 - overlap)) * (1 - lambda) + (scaled[q]?.[queries.rows + r] as number) * lambda
  }))
}

test('sparse lists are those of the full matrices to their last place', async () => {
  await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0.3, 1), fc.integer({ min: 1, max: 35 }), async (seed, nq, nr, k1, k2, lambda, length) => {
    const queries = clustered(nq, 5, 3, seed)
    const references = clustered(nr, 5, 3, seed + 1)
    const wanted = dense(queries, references, { k1, k2, lambda })
    const { lists, before } = await kReciprocal(queries, references, new PlainBlas(), { k1, k2, lambda, length })
    for (let q = 0; q < nq; q++) {
      const best = (wanted[q] as number[]).toSorted((a, b) => a - b)
      const listed = [...lists.indices.subarray(q * length, (q + 1) * length)].filter((i) => i >= 0)
      expect(listed.length).toBe(Math.min(length, nr))
      expect(new Set(listed).size).toBe(listed.length)
      listed.forEach((reference, rank) => {
        expect(Math.abs(1 - (lists.scores[q * length + rank] as number) - (wanted[q]?.[reference] as number))).toBeLessThan(1e-5)
        expect(Math.abs((wanted[q]?.[reference] as number) - (best[rank] as number))).toBeLessThan(1e-5)
        expect(before[q * length + rank]).toBe(cosine(queries, q, references, reference))
      })
    }
  }), { numRuns: 80 })
})

test('halves are rounded to the even number, as NumPy does', () => {
  expect([0.5, 1.5, 2.5, 3.5, 10, 2.4, 2.6].map(roundHalfToEven)).toEqual([0, 2, 2, 4, 10, 2, 3])
})

test('parameters outside their range are refused', async () => {
  const rows = clustered(3, 4, 1, 1)
  const options = { k1: 5, k2: 2, lambda: 0.3, length: 3 }
  await expect(kReciprocal(rows, rows, new PlainBlas(), { ...options, lambda: 1.5 })).rejects.toThrow(/lambda/)
  await expect(kReciprocal(rows, rows, new PlainBlas(), { ...options, k1: 0 })).rejects.toThrow(/k1/)
})
