import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Matrix, matrixOf } from '../../../core/domain/matrix.ts'
import { bestPairs } from '../../../core/search/bestPairs.ts'
import { OnnxBlas } from '../../../core/search/onnxBlas.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const plain = new PlainBlas()
let blas: OnnxBlas
beforeAll(async () => {
  blas = await OnnxBlas.open()
})
afterAll(() => blas.close())

/** Few different values, so that equal products are common. */
const coarse = (rows: number, dim: number): fc.Arbitrary<Matrix> =>
  fc.array(fc.integer({ min: -3, max: 3 }), { minLength: rows * dim, maxLength: rows * dim }).map((values) => matrixOf(Float32Array.from(values, (value) => value / 4), dim))

const random = (rows: number, dim: number, seed: number): Matrix => {
  let state = seed
  return matrixOf(Float32Array.from({ length: rows * dim }, () => (state = Math.imul(state, 1664525) + 1013904223) / 2 ** 32), dim)
}

describe('matrix products by ONNX Runtime', () => {
  test('are those of plain loops', async () => {
    const a = random(1500, 33, 1)
    const b = random(5000, 33, 2)
    const product = await blas.product(a, b)
    const expected = await plain.product(a, b)
    expect(worst(product, expected)).toBeLessThan(1e-5)
    const minus = random(1, 33, 7).data
    expect(worst(await blas.product(a, b, { minus }), await plain.product(a, b, { minus }))).toBeLessThan(1e-5)
    const seen = new Float32Array(expected.length)
    await blas.eachBlock(a, b, ({ values, fromA, rows, fromB, columns }) => {
      for (let i = 0; i < rows; i++) seen.set(values.subarray(i * columns, (i + 1) * columns), (fromA + i) * b.rows + fromB)
    })
    expect(worst(seen, expected)).toBeLessThan(1e-5)
    expect(worst(await blas.columnProduct(b, b), await plain.columnProduct(b, b))).toBeLessThan(1e-8)
  })

  test('find the same neighbours in the same order, ties by the smaller row', async () => {
    const rows = fc.integer({ min: 1, max: 60 })
    await fc.assert(
      fc.asyncProperty(rows.chain((n) => coarse(n, 5)), rows.chain((n) => coarse(n, 5)), fc.integer({ min: 1, max: 20 }), async (queries, references, k) => {
        expect(await blas.nearest(queries, references, k)).toEqual(await plain.nearest(queries, references, k))
      }),
      { numRuns: 60 }
    )
  })

  test('find the same neighbours over many blocks, with piles of equal rows', async () => {
    const references = random(20_000, 6, 3)
    for (let row = 100; row < 9000; row++) references.data.copyWithin(row * 6, 0, 6)
    const queries = matrixOf(Float32Array.of(...references.data.subarray(0, 12), ...random(3, 6, 4).data, 0, 0, 0, 0, 0, 0), 6)
    for (const k of [1, 10, 300]) expect(await blas.nearest(queries, references, k)).toEqual(await plain.nearest(queries, references, k))
  })

  test('score piles of equal rows once, and give the same', async () => {
    const rows = random(9000, 5, 8)
    for (let row = 0; row < 8000; row++) rows.data.copyWithin(row * 5, (8000 + (row % 3)) * 5, (8001 + (row % 3)) * 5)
    const queries = matrixOf(rows.data.slice(0, 60 * 5), 5)
    expect(await blas.nearest(queries, rows, 4)).toEqual(await plain.nearest(queries, rows, 4))
  })

  test.each([{ kind: 'scattered', from: 0 }, { kind: 'piles of equal rows', from: 30 }])('find the best pairs of all, many more than are held at once ($kind)', async ({ from }) => {
    const [a, b] = [random(300, 4, 5), random(1200, 4, 6)]
    // Exact in float32, whatever the order of summing.
    for (const { data } of [a, b]) for (let i = 0; i < data.length; i++) data[i] = Math.round((data[i] as number) * 64) / 64
    if (from > 0) for (let row = from; row < b.rows; row++) b.data.copyWithin(row * 4, 0, 4)
    if (from > 0) for (let row = from; row < a.rows; row++) a.data.copyWithin(row * 4, 0, 4)
    const scores = await plain.product(a, b)
    const expected = Array.from(scores, (score, i) => ({ query: Math.floor(i / b.rows), reference: i % b.rows, score })).sort((x, y) => y.score - x.score || x.query - y.query || x.reference - y.reference)
    for (const most of [1, 100, 50_000]) {
      const found = await bestPairs(a, b, most, {}, blas)
      expect(Array.from(found.scores, (score, i) => ({ query: found.queries[i], reference: found.references[i], score }))).toEqual(expected.slice(0, most))
    }
  })

  test('pass over rows of the same image', async () => {
    const images = (n: number) => fc.array(fc.integer({ min: 0, max: 4 }), { minLength: n, maxLength: n })
    await fc.assert(
      fc.asyncProperty(coarse(12, 4), coarse(30, 4), images(12), images(30), async (a, b, queries, references) => {
        const exclude = { queries, references }
        expect(await blas.nearest(a, b, 6, { exclude })).toEqual(await plain.nearest(a, b, 6, { exclude }))
      }),
      { numRuns: 60 }
    )
  })

  test('pass over rows of the same image in long lists too', async () => {
    const [a, b] = [random(20, 5, 9), random(400, 5, 10)]
    for (const { data } of [a, b]) for (let i = 0; i < data.length; i++) data[i] = Math.round((data[i] as number) * 8) / 8
    const exclude = { queries: Array.from({ length: 20 }, (_, i) => i % 7), references: Array.from({ length: 400 }, (_, i) => i % 9) }
    for (const k of [80, 390, 500]) expect(await blas.nearest(a, b, k, { exclude })).toEqual(await plain.nearest(a, b, k, { exclude }))
  })

  test('name the row that holds no number, and refuse rows of another width', async () => {
    const broken = matrixOf(Float32Array.of(1, 0, 0, Number.NaN), 2)
    await expect(blas.nearest(broken, random(3, 2, 1), 1)).rejects.toThrow(/Row 1 of the first matrix/)
    await expect(blas.product(random(3, 2, 1), random(3, 3, 1))).rejects.toThrow(RangeError)
  })

  test('stop when they are told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(blas.nearest(random(10, 2, 1), random(10, 2, 2), 1, { signal: stop.signal })).rejects.toThrow('enough')
  })
})

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}
