import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Matrix, matrixOf } from '../../../core/domain/matrix.ts'
import { bestPairs } from '../../../core/search/bestPairs.ts'
import { bestPairsInBlocks, nearestInBlocks } from '../../../core/search/blockMatch.ts'
import { matrixRows } from '../../../core/search/rowReader.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const blas = new PlainBlas()
const coarse = (rows: number): fc.Arbitrary<Matrix> => fc.array(fc.integer({ min: -2, max: 2 }), { minLength: rows * 3, maxLength: rows * 3 }).map((values) => matrixOf(Float32Array.from(values, (value) => value / 2), 3))
const sides = fc.integer({ min: 1, max: 9 }).chain((n) => fc.record({ a: coarse(n), b: coarse(n + 2), images: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n, maxLength: n }), offsets: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: n, maxLength: n }) }))

test('the best pairs over all queries together, ties by query, then reference', async () => {
  await fc.assert(fc.asyncProperty(sides, fc.integer({ min: 0, max: 120 }), fc.boolean(), fc.boolean(), async ({ a, b, images, offsets }, most, once, excluding) => {
    const references = once ? a : b
    const owners = Array.from({ length: references.rows }, (_, i) => (once ? (images[i] as number) : i % 4))
    const exclude = { queries: images, references: owners }
    const found = await bestPairs(a, references, most, { offsets: Float32Array.from(offsets), ...(once ? { once: 0 } : {}), ...(excluding ? { exclude } : {}) }, blas)
    const scores = await blas.product(a, references)
    const expected = Array.from(scores, (score, i) => ({ query: Math.floor(i / references.rows), reference: i % references.rows, score }))
      .map((pair) => ({ ...pair, score: pair.score + (offsets[pair.query] as number) }))
      .filter(({ query, reference }) => (!once || reference > query) && (!excluding || images[query] !== owners[reference]))
      .sort((x, y) => y.score - x.score || x.query - y.query || x.reference - y.reference)
      .slice(0, most)
    expect(Array.from(found.scores, (score, i) => ({ query: found.queries[i], reference: found.references[i], score }))).toEqual(expected)
  }), { numRuns: 300 })
})

test('block by block they are the same', async () => {
  await fc.assert(fc.asyncProperty(sides, fc.integer({ min: 1, max: 12 }), fc.boolean(), async ({ a, b, images, offsets }, most, once) => {
    const references = once ? a : b
    const exclude = { queries: Int32Array.from(images), references: Int32Array.from({ length: references.rows }, (_, i) => (once ? (images[i] as number) : i % 4)) }
    const held = { queries: 2, references: 3 }
    const shared = { offsets: Float32Array.from(offsets), exclude }
    const shares: number[] = []
    const inBlocks = await bestPairsInBlocks(matrixRows(a), matrixRows(references), most, { ...shared, once, held, progress: (share) => shares.push(share) }, blas)
    expect(inBlocks).toEqual(await bestPairs(a, references, most, { ...shared, ...(once ? { once: 0 } : {}) }, blas))
    expect(await nearestInBlocks(matrixRows(a), matrixRows(references), most, { exclude, held }, blas)).toEqual(await blas.nearest(a, references, most, { exclude }))
    expect(shares).toEqual(shares.toSorted((x, y) => x - y))
    expect(shares.at(-1)).toBeCloseTo(1)
  }), { numRuns: 200 })
})
