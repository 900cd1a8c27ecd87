import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../../core/domain/matrix.ts'
import type { RankedLists } from '../../../core/domain/rankedLists.ts'
import { mutualAffinity } from '../../../core/rerank/affinity.ts'
import { diffuse, diffusionDefaults, diffusionGraph } from '../../../core/rerank/diffusion.ts'
import { diffuseRows, joinBlocks } from '../../../core/rerank/diffusionRows.ts'
import { searchDiffused } from '../../../core/rerank/diffusionSearch.ts'
import { ownNeighbours } from '../../../core/rerank/ownNeighbours.ts'
import { checkSparseRows, denseRow } from '../../../core/rerank/sparseRows.ts'
import { PlainBlas } from '../../support/plainBlas.ts'
import { clustered, cosine, seeds } from './vectors.ts'

const neighbours = (rows: Matrix, k: number): Promise<RankedLists> => ownNeighbours(rows, { from: 0, to: rows.rows }, k, new PlainBlas())

/** The matrix of the whole graph, by its definition. */
function denseLaplacian(rows: Matrix, lists: RankedLists, kd: number, alpha: number): number[][] {
  const n = rows.rows
  const near = (i: number, j: number): boolean => lists.indices.subarray(i * lists.k, i * lists.k + Math.min(kd, lists.k)).includes(j)
  const affinity = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_each, j) => (i !== j && near(i, j) && near(j, i) ? Math.max(cosine(rows, i, rows, j), 0) ** 3 : 0)))
  const degrees = affinity.map((row) => row.reduce((sum, value) => sum + value, 0) + 1e-12)
  return affinity.map((row, i) => row.map((value, j) => Number(i === j) - (alpha * value) / Math.sqrt((degrees[i] as number) * (degrees[j] as number))))
}

/** Gaussian elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number])
  const n = rows.length
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++) if (Math.abs(rows[row]?.[column] as number) > Math.abs(rows[pivot]?.[column] as number)) pivot = row
    const [a, b] = [rows[column] as number[], rows[pivot] as number[]]
    rows[column] = b
    rows[pivot] = a
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = (rows[row]?.[column] as number) / (b[column] as number)
      for (let i = column; i <= n; i++) (rows[row] as number[])[i] = (rows[row]?.[i] as number) - factor * (b[i] as number)
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number))
}

test('two nodes of cosine 0.9, as in the seeds', () => {
  const lists: RankedLists = { queries: 2, k: 2, indices: Int32Array.of(0, 1, 1, 0), scores: Float32Array.of(1, 0.9, 1, 0.9) }
  expect(mutualAffinity(lists, diffusionDefaults).values[0]).toBeCloseTo(0.729, 6)
  const row = denseRow(diffuse(lists, diffusionDefaults), 0)
  expect(row[0]).toBeCloseTo(50.2513, 3)
  expect(row[1]).toBeCloseTo(49.7487, 3)
})

test('without the early stop it is the direct solution of each truncated system', async () => {
  await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 2, max: 24 }), fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 8 }), async (seed, n, truncation, kd) => {
    const rows = clustered(n, 5, 3, seed)
    const lists = await neighbours(rows, truncation)
    const options = { ...diffusionDefaults, neighbours: kd, alpha: 0.9, iterations: 500, tolerance: 1e-12 }
    const offline = diffuse(lists, options)
    const laplacian = denseLaplacian(rows, lists, kd, 0.9)
    for (let i = 0; i < n; i++) {
      const ids = [...lists.indices.subarray(i * truncation, (i + 1) * truncation)].filter((id) => id >= 0)
      const wanted = solve(ids.map((a) => ids.map((b) => laplacian[a]?.[b] as number)), ids.map((_, place) => Number(place === 0)))
      const found = denseRow(offline, i)
      ids.forEach((id, place) => expect(Math.abs((found[id] as number) - (wanted[place] as number))).toBeLessThan(2e-4))
      for (let j = 0; j < n; j++) if (!ids.includes(j)) expect(found[j]).toBe(0)
    }
  }), { numRuns: 60 })
})

test('the early stop is part of the result: fewer iterations give another', async () => {
  const rows = clustered(40, 5, 1, 3)
  const lists = await neighbours(rows, 40)
  const short = diffuse(lists, { ...diffusionDefaults, neighbours: 6, iterations: 3 })
  const long = diffuse(lists, { ...diffusionDefaults, neighbours: 6, iterations: 500 })
  expect([...denseRow(short, 0)]).not.toEqual([...denseRow(long, 0)])
})

test('the search ranks by the cosine of offline rows, and lists what is not reached only when asked to', async () => {
  await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (seed, queries, references, length, unreached) => {
    const rows = clustered(queries + references, 5, 4, seed)
    const lists = await neighbours(rows, 10)
    const offline = diffuse(lists, { ...diffusionDefaults, neighbours: 5 })
    const ranked = searchDiffused(offline, queries, { length, unreached })
    const dense = Array.from({ length: offline.rows }, (_, i) => denseRow(offline, i))
    const norm = (row: Float32Array): number => Math.hypot(...row)
    for (let q = 0; q < queries; q++) {
      const scores = Array.from({ length: references }, (_, r) => {
        const [a, b] = [dense[q] as Float32Array, dense[queries + r] as Float32Array]
        return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / (norm(a) * norm(b))
      })
      const listed = [...ranked.indices.subarray(q * length, (q + 1) * length)].filter((i) => i >= 0)
      const allowed = scores.filter((score) => unreached || score > 0).length
      expect(listed.length).toBe(Math.min(length, allowed))
      expect(new Set(listed).size).toBe(listed.length)
      const best = scores.toSorted((a, b) => b - a)
      listed.forEach((reference, rank) => {
        expect(Math.abs((ranked.scores[q * length + rank] as number) - (scores[reference] as number))).toBeLessThan(1e-5)
        expect(Math.abs((scores[reference] as number) - (best[rank] as number))).toBeLessThan(1e-5)
      })
    }
  }), { numRuns: 60 })
})

test('rows solved in blocks are those solved at once', async () => {
  const lists = await neighbours(clustered(50, 5, 3, 9), 20)
  const options = { ...diffusionDefaults, neighbours: 6 }
  const graph = diffusionGraph(lists, options)
  const joined = joinBlocks([diffuseRows(graph, lists, 30, 50, options), diffuseRows(graph, lists, 0, 7, options), diffuseRows(graph, lists, 7, 30, options)], 50)
  expect(joined).toEqual(diffuse(lists, options))
  expect(() => checkSparseRows(joined)).not.toThrow()
})

test('a row alone, and lists that end early, diffuse to themselves', () => {
  const lists: RankedLists = { queries: 3, k: 2, indices: Int32Array.of(0, -1, 1, -1, 2, -1), scores: Float32Array.of(1, 0, 1, 0, 1, 0) }
  const offline = diffuse(lists, diffusionDefaults)
  expect([...denseRow(offline, 1)]).toEqual([0, 1, 0])
  expect([...searchDiffused(offline, 1, { length: 2, unreached: false }).indices]).toEqual([-1, -1])
})

test('sparse rows that do not fit together are refused', () => {
  const good = { rows: 1, columns: 2, starts: Float64Array.of(0, 1), indices: Int32Array.of(1), values: Float32Array.of(1) }
  expect(() => checkSparseRows(good)).not.toThrow()
  expect(() => checkSparseRows({ ...good, starts: Float64Array.of(0, 2) })).toThrow(RangeError)
  expect(() => checkSparseRows({ ...good, indices: Int32Array.of(2) })).toThrow(/column 2 of 2/)
  expect(() => checkSparseRows({ ...good, rows: 2 })).toThrow(RangeError)
})
