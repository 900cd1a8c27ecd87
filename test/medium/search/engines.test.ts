/// <reference lib="esnext.float16" />
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closePairs } from '../../../core/search/closePairs.ts'
import { EdgeCollector } from '../../../core/search/edgeCollector.ts'
import { ExactIndex } from '../../../core/search/exactIndex.ts'
import { FaissIndex } from '../../../core/search/faissIndex.ts'
import { neighbours } from '../../../core/search/neighbours.ts'
import type { VectorIndex } from '../../../core/search/vectorIndex.ts'
import { VectorRows } from '../../../core/search/vectorRows.ts'
import { clusteredVectors, naiveNeighbours, naivePairs, withVectors } from './randomVectors.ts'

const faissLoads = (() => {
  try {
    createRequire(import.meta.url)('faiss-node')
    return true
  } catch {
    return false
  }
})()

const engines: { name: string; open: (rows: VectorRows) => Promise<VectorIndex>; here: boolean }[] = [
  { name: 'exact', open: (rows) => ExactIndex.open(rows), here: true },
  { name: 'faiss', open: (rows) => FaissIndex.open(rows), here: faissLoads }
]
const signal = new AbortController().signal
const data = fc.record({ n: fc.integer({ min: 1, max: 90 }), dim: fc.integer({ min: 2, max: 37 }), k: fc.integer({ min: 1, max: 60 }), seed: fc.integer(), excludeSelf: fc.boolean(), resident: fc.boolean() })

for (const { name, open, here } of engines) {
  describe(`${name} engine`, () => {
    const only = test.skipIf(!here)
    const label = here ? '' : ' (skipped: faiss is not set up here, npm run setup:faiss)'

    only(`gives the neighbours of the definition: copies, ties, zeros, k > n, n = 1, odd dimensions${label}`, async () => {
      await fc.assert(
        fc.asyncProperty(data, async ({ n, dim, k, seed, excludeSelf, resident }) => {
          const matrix = clusteredVectors(n, dim, seed)
          await withVectors(matrix, dim, async (source) => {
            const rows = await VectorRows.open(source, resident ? {} : { budgetBytes: 0 })
            const index = await open(rows)
            const found = await neighbours(index, rows, { matrix: await rows.read(0, n), imageIds: source.imageIds }, { k, excludeSelf }, signal)
            await index.close()
            await rows.close()
            const expected = naiveNeighbours(matrix, source.imageIds, dim, k, excludeSelf)
            expect([...found.imageIds]).toEqual(expected.imageIds)
            expect([...found.similarities]).toEqual(expected.similarities)
          })
        }),
        { numRuns: 60 }
      )
    })

    only(`finds all pairs above the floor, also in groups larger than the first neighbours${label}`, async () => {
      await fc.assert(
        fc.asyncProperty(data, fc.constantFrom(0, 0.5, 0.9, 0.99, 1), async ({ n, dim, seed }, floor) => {
          const matrix = clusteredVectors(n, dim, seed)
          await withVectors(matrix, dim, async (source) => {
            const rows = await VectorRows.open(source)
            const index = await open(rows)
            const collector = new EdgeCollector(floor, 1e6)
            for (let from = 0; from < n; from += 32) await closePairs(index, rows, from, Math.min(n, from + 32), collector, signal)
            await index.close()
            await rows.close()
            const { a, b, score } = collector.take()
            expect(Array.from(a, (first, i) => `${first} ${b[i]} ${score[i]}`).sort()).toEqual(naivePairs(matrix, source.imageIds, dim, floor))
          })
        }),
        { numRuns: 60 }
      )
    })

    only(`answers over block borders: 9,000 references, 1,100 of them the same vector${label}`, async () => {
      const dim = 9
      const matrix = clusteredVectors(9000, dim, 5)
      for (let i = 0; i < 1100; i++) matrix.set(matrix.subarray(0, dim), (i * 8 + 3) * dim)
      await withVectors(matrix, dim, async (source) => {
        const rows = await VectorRows.open(source)
        const index = await open(rows)
        const queries = Int32Array.from({ length: 40 }, (_, i) => i * 3)
        const unit = new Float32Array(queries.length * dim)
        for (const [at, row] of queries.entries()) unit.set(await rows.read(row, 1), at * dim)
        const imageIds = queries.map((row) => source.imageIds[row] as number)
        const found = await neighbours(index, rows, { matrix: unit, imageIds }, { k: 20, excludeSelf: true }, signal)
        await index.close()
        await rows.close()
        const expected = naiveNeighbours(matrix, source.imageIds, dim, 20, true, queries)
        expect([...found.imageIds]).toEqual(expected.imageIds)
        expect([...found.similarities]).toEqual(expected.similarities)
      })
    })
  })
}

test('float16 vectors are read as what was stored', async () => {
  const matrix = clusteredVectors(50, 12, 3)
  await withVectors(matrix, 12, async (source) => {
    const rows = await VectorRows.open(source)
    const index = await ExactIndex.open(rows)
    const found = await neighbours(index, rows, { matrix: await rows.read(0, 50), imageIds: source.imageIds }, { k: 5, excludeSelf: false }, signal)
    const stored = Float32Array.from(Float16Array.from(matrix))
    expect([...found.imageIds]).toEqual(naiveNeighbours(stored, source.imageIds, 12, 5, false).imageIds)
    await index.close()
    await rows.close()
  }, { dtype: 'float16' })
})
