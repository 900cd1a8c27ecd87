import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Artefact } from '../../../core/recipes/artefact.ts'
import { readPairs, writePairColumns } from '../../../core/recipes/kinds.ts'
import { StepBench } from '../clean/stepBench.ts'
import { temporaryFolder } from '../review/syntheticProject.ts'

const folder = temporaryFolder()
const bench = new StepBench(folder.path)
afterAll(() => folder.remove())

/** Four pairs; pair i has i matched points, each (i, i, i, i). */
let verified: Artefact
beforeAll(async () => {
  const rows = [0, 1, 2, 3]
  verified = await bench.make(async (out) => {
    await writePairColumns(out, { a: Int32Array.of(1, 1, 2, 4), aParts: Int32Array.of(0, 4, 0, 0), b: Int32Array.of(2, 3, 1, 5), bParts: new Int32Array(4), scores: Float32Array.of(0.9, 0.8, 0.7, 0.6) })
    await out.column('inliers', Int32Array.from(rows, (i) => i * 10))
    await out.column('mirrored', Uint8Array.of(0, 1, 0, 1))
    await out.column('reason', Uint8Array.of(2, 0, 0, 0))
    await out.column('matrix', Float64Array.from({ length: 36 }, (_, i) => Math.floor(i / 9)), [4, 9])
    await out.column('pointsFrom', Int32Array.of(0, 0, 1, 3, 6))
    await out.column('points', Float32Array.from([1, 2, 2, 3, 3, 3].flatMap((i) => [i, i, i, i])), [6, 4])
    await out.finish('pairs', '', { pairs: 4, reasons: ['a', 'b', 'c'], models: ['m'] })
  })
})

test('what stays keeps its evidence: counts, map, matched points, why there are none', async () => {
  const kept = await bench.run('filter-pairs', { pairs: verified }, { minInliers: 10, eitherWay: true })
  expect([...(await readPairs(kept)).b]).toEqual([3, 1, 5])
  expect([...(await readPairs(kept)).aParts]).toEqual([4, 0, 0])
  expect([...(await kept.int32('inliers'))]).toEqual([10, 20, 30])
  expect([...(await kept.uint8('mirrored'))]).toEqual([1, 0, 1])
  expect([...(await kept.uint8('reason'))]).toEqual([0, 0, 0])
  expect(kept.columns['matrix']?.shape).toEqual([3, 9])
  expect((await kept.float64('matrix')).filter((_, i) => i % 9 === 0)).toEqual(Float64Array.of(1, 2, 3))
  expect([...(await kept.int32('pointsFrom'))]).toEqual([0, 1, 3, 6])
  expect([...(await kept.float32('points'))].filter((_, i) => i % 4 === 0)).toEqual([1, 2, 2, 3, 3, 3])
  expect(kept.facts).toMatchObject({ reasons: ['a', 'b', 'c'], models: ['m'], pairs: 3, of: 4 })
})

test('a pair that was found from both sides counts once, whichever side passes first', async () => {
  const both = await bench.run('filter-pairs', { pairs: verified }, { eitherWay: true })
  expect(Array.from((await readPairs(both)).a)).toEqual([1, 1, 4])
  const second = await bench.run('filter-pairs', { pairs: verified }, { eitherWay: true, minInliers: 20 })
  expect(Array.from((await readPairs(second)).a)).toEqual([2, 4])
})

test('a threshold takes in the score that it names, though that is stored in float32', async () => {
  expect((await readPairs(await bench.run('filter-pairs', { pairs: verified }, { minScore: 0.7 }))).a.length).toBe(3)
  expect((await readPairs(await bench.run('filter-pairs', { pairs: verified }, { minScore: 0.9 }))).a.length).toBe(1)
})

test('proven pairs come first, in their order, with their evidence; none is dropped', async () => {
  const lifted = await bench.run('lift-pairs', { pairs: verified }, { minInliers: 20 })
  const { a, b, scores } = await readPairs(lifted)
  expect([...a]).toEqual([2, 4, 1, 1])
  expect([...b]).toEqual([1, 5, 2, 3])
  expect([...scores]).toEqual([Math.fround(Math.fround(0.7) + 2), Math.fround(Math.fround(0.6) + 2), Math.fround(0.9), Math.fround(0.8)])
  expect([...(await lifted.int32('inliers'))]).toEqual([20, 30, 0, 10])
  expect(lifted.facts).toMatchObject({ pairs: 4, proven: 2, reasons: ['a', 'b', 'c'] })
})

test.each([
  ['cosines as far apart as they get', [1, 0.5, -1]],
  ['stretched cosines', [1, -2.9, -3]],
  ['ranks', [-1, -2, -90_000]],
  ['large numbers close together', [1e7 + 2, 1e7 + 1, 1e7]]
])('the worst proven pair stands before the best of the others: %s', async (_name, scores) => {
  const pairs = await bench.pairs(scores.map((score, i) => [1, i + 2, score, i === 2 ? 30 : 0]))
  const lifted = await readPairs(await bench.run('lift-pairs', { pairs }))
  expect([...lifted.b]).toEqual([4, 2, 3])
  expect(lifted.scores[0]).toBeGreaterThan(lifted.scores[1] as number)
})

test('pairs that were not verified are refused', async () => {
  await expect(bench.run('lift-pairs', { pairs: await bench.pairs([[1, 2, 0.9]]) })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('not verified') as string })
})
