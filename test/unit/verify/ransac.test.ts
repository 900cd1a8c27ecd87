import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { affineModel } from '../../../core/verify/affineModel.ts'
import { homographyModel } from '../../../core/verify/homographyModel.ts'
import { applyMap, inverse, type PlaneMap } from '../../../core/verify/planeMap.ts'
import { type Consensus, ransac, type RansacOptions } from '../../../core/verify/ransac.ts'

interface Case { model: 'affine' | 'homography'; residual: number; trials: number; matches: number[]; inliers: number }
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'references', 'ransac.json'), 'utf8')) as { cases: Case[] }
const models = { affine: affineModel, homography: homographyModel }
const asSkimage = { seed: 114514, stopProbability: 1, maxZoom: null, refits: 0 }
const usual: Omit<RansacOptions, 'model'> = { residual: 4, maxTrials: 1000, seed: 114514, stopProbability: 0.9999, maxZoom: 10, refits: 3 }

const isConsensus = (found: ReturnType<typeof ransac>): found is Consensus => typeof found !== 'string'

describe('scikit-image 0.19 with the same seed', () => {
  test.each(cases.map((each, i) => ({ ...each, i, count: each.matches.length / 4 })))('case $i: $model, $inliers of $count inliers', ({ model, residual, trials, matches, inliers }) => {
    const found = ransac(Float64Array.from(matches), { ...asSkimage, model: models[model], residual, maxTrials: trials })
    // Folded samples, which scikit-image tries, are refused here for homographies: there chance consensus may be smaller.
    if (model === 'affine') expect(isConsensus(found) ? found.count : 0).toBe(inliers)
    else expect(Math.abs((isConsensus(found) ? found.count : 0) - inliers)).toBeLessThanOrEqual(2)
  })
})

/** A small generator of its own, so that the test does not lean on what it tests. */
function noise(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

function synthetic(map: PlaneMap, good: number, bad: number, jitter: number, seed: number): Float64Array {
  const random = noise(seed)
  const matches: number[] = []
  while (matches.length < 4 * good) {
    const [x, y] = [random() * 640, random() * 480]
    const to = applyMap(map, x, y)
    if (to) matches.push(x, y, to[0] + (random() - 0.5) * jitter, to[1] + (random() - 0.5) * jitter)
  }
  for (let i = 0; i < bad; i++) matches.push(random() * 640, random() * 480, random() * 640, random() * 480)
  return Float64Array.from(matches)
}

const cornerError = (found: PlaneMap, truth: PlaneMap): number =>
  Math.max(...[[0, 0], [639, 0], [0, 479], [639, 479]].map(([x, y]) => {
    const [a, b] = [applyMap(found, x as number, y as number), applyMap(truth, x as number, y as number)]
    return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : Infinity
  }))

const truths = {
  affine: [Float64Array.of(0.9, 0.2, 15, -0.15, 1.1, 40, 0, 0, 1), Float64Array.of(-1, 0, 639, 0, 1, 0, 0, 0, 1), Float64Array.of(0, -0.5, 300, 0.5, 0, 10, 0, 0, 1)],
  homography: [Float64Array.of(1.1, 0.05, 20, -0.03, 0.95, 10, 1e-4, -5e-5, 1), Float64Array.of(0.7, 0.1, 60, 0.05, 0.8, 20, 4e-4, 3e-4, 1), Float64Array.of(-1.05, 0.02, 600, 0.01, 1, 5, -1e-4, 1e-4, 1)]
}

describe.each(['affine', 'homography'] as const)('%s', (name) => {
  test.each(truths[name].map((truth, i) => ({ truth, i })))('map $i is found to a pixel among twice as many wrong matches', ({ truth, i }) => {
    const found = ransac(synthetic(truth, 80, 160, 1, i + 5), { ...usual, model: models[name] })
    expect(isConsensus(found)).toBe(true)
    if (!isConsensus(found)) return
    expect(found.count).toBeGreaterThanOrEqual(80)
    expect(found.count).toBeLessThan(90)
    expect([...found.inliers.subarray(0, 80)]).toEqual(Array.from({ length: 80 }, (_, k) => k))
    expect(cornerError(found.map, truth)).toBeLessThan(1)
  })

  test('exact matches give the exact map, and its inverse leads back', () => {
    const truth = truths[name][0] as PlaneMap
    const found = ransac(synthetic(truth, 20, 0, 0, 3), { ...usual, model: models[name] })
    if (!isConsensus(found)) throw new Error(found)
    expect(cornerError(found.map, truth)).toBeLessThan(1e-6)
    expect(found.trials).toBe(1)
    const back = inverse(found.map) as PlaneMap
    const there = applyMap(found.map, 100, 200) as [number, number]
    const [x, y] = applyMap(back, ...there) as [number, number]
    expect(Math.hypot(x - 100, y - 200)).toBeLessThan(1e-6)
  })

  test('points on a line, or all in one place, fix no map', () => {
    const line = Float64Array.from({ length: 80 }, (_, i) => [Math.floor(i / 4) * 10, Math.floor(i / 4) * 5, Math.floor(i / 4) * 7, 3][i % 4] as number)
    expect(ransac(line, { ...usual, model: models[name] })).toBe('no-model')
    expect(ransac(new Float64Array(80).fill(5), { ...usual, model: models[name] })).toBe('no-model')
  })

  test('as many matches as fix the map are too few', () => {
    const { minSamples } = models[name]
    expect(ransac(synthetic(truths[name][0] as PlaneMap, minSamples, 0, 0, 1), { ...usual, model: models[name] })).toBe('too-few-matches')
    expect(ransac(new Float64Array(0), { ...usual, model: models[name] })).toBe('too-few-matches')
  })

  test('a map that shrinks everything to a spot is not believed, unless asked to', () => {
    const spot = Float64Array.of(0.01, 0, 320, 0, 0.01, 240, 0, 0, 1)
    const matches = synthetic(spot, 40, 0, 0, 9)
    const strict = ransac(matches, { ...usual, model: models[name] })
    const loose = ransac(matches, { ...usual, model: models[name], maxZoom: null })
    expect(isConsensus(strict) ? strict.count : 0).toBeLessThan(isConsensus(loose) ? loose.count : 0)
  })

  test('whatever the matches, it answers: the count is that of the inliers, the map finite', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 120 }), (values) => {
      const matches = Float64Array.from(values.slice(0, values.length - (values.length % 4)))
      const found = ransac(matches, { ...usual, maxTrials: 30, model: models[name] })
      if (!isConsensus(found)) return
      expect(found.inliers.length).toBe(found.count)
      expect(found.count).toBeLessThanOrEqual(matches.length / 4)
      expect(found.map.every(Number.isFinite)).toBe(true)
    }), { numRuns: 200 })
  })
})
