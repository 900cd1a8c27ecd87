import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { candidatesOf } from '../../../core/verify/candidates.ts'
import { PairCollector } from '../../../core/verify/pairCollector.ts'
import { columnsOf, joinColumns, type VerifiedPairs } from '../../../core/verify/verifyBatch.ts'
import { type Evidence, noEvidence } from '../../../core/verify/verifyFeatures.ts'

/** Evidence whose numbers say which pair it is. */
const evidence = (pair: number, inliers: number, outliers: number): Evidence => ({
  inliers, matches: inliers + outliers, ratio: inliers / Math.max(1, inliers + outliers), map: Float64Array.from({ length: 9 }, (_, i) => pair + i + 1), mirrored: pair % 2 === 1, reason: null,
  points: Float64Array.from({ length: 4 * (inliers + outliers) }, (_, i) => 1000 * pair + i), inlierPlaces: Int32Array.from({ length: inliers }, (_, i) => outliers + i)
})
const all = { points: 'all', mostPoints: 1000 } as const

const rowsOf = (pairs: VerifiedPairs): unknown[] => Array.from(pairs.inliers, (inliers, i) => ({
  inliers, matches: pairs.matches[i], ratio: pairs.ratio[i], matrix: [...pairs.matrix.subarray(9 * i, 9 * i + 9)], mirrored: pairs.mirrored[i], reason: pairs.reasons[i],
  points: [...pairs.points.subarray(4 * (pairs.pointsFrom[i] as number), 4 * (pairs.pointsFrom[i + 1] as number))],
  flags: [...pairs.pointInlier.subarray(pairs.pointsFrom[i] as number, pairs.pointsFrom[i + 1] as number)]
}))

test('blocks that come in any order stand in the order of the pairs', async () => {
  const shape = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 })), { maxLength: 30 })
  await fc.assert(fc.asyncProperty(shape, fc.integer({ min: 1, max: 7 }), fc.infiniteStream(fc.nat()), async (pairs, size, random) => {
    const each = pairs.map(([inliers, outliers], pair) => evidence(pair, inliers, outliers))
    const shuffled = each.map((_, i) => ({ i, key: random.next().value as number })).sort((a, b) => a.key - b.key).map(({ i }) => i)
    const collector = new PairCollector(each.length)
    for (let from = 0; from < shuffled.length; from += size) {
      const places = Int32Array.from(shuffled.slice(from, from + size))
      collector.add(places, columnsOf(Array.from(places, (place) => each[place] as Evidence), all))
    }
    expect(rowsOf(await collector.finish())).toEqual(rowsOf(columnsOf(each, all)))
    expect(rowsOf(joinColumns(each.map((one) => columnsOf([one], all))))).toEqual(rowsOf(columnsOf(each, all)))
  }))
})

test('points: inliers first, none where none are wanted, some spread over all where they are too many', () => {
  const one = columnsOf([evidence(0, 2, 1)], all)
  expect([...one.points]).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3])
  expect([...one.pointInlier]).toEqual([1, 1, 0])
  expect(columnsOf([evidence(0, 2, 1)], { points: 'inliers', mostPoints: 1000 }).pointsFrom[1]).toBe(2)
  expect(columnsOf([evidence(0, 2, 1)], { points: 'none', mostPoints: 1000 }).pointsFrom[1]).toBe(0)
  const few = columnsOf([evidence(0, 10, 2)], { points: 'all', mostPoints: 5 })
  expect(Array.from({ length: 5 }, (_, i) => few.points[4 * i])).toEqual([8, 16, 24, 32, 40])
  expect(columnsOf([noEvidence('no-model')], all).reasons[0]).toBe(5)
})

test('candidates: the best of each query, each pair once whatever its parts, no image with itself', async () => {
  const pair = fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }))
  await fc.assert(fc.asyncProperty(fc.array(pair, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), async (pairs, top) => {
    const column = (pick: (each: [number, number]) => number): Int32Array => Int32Array.from(pairs, pick)
    const found = candidatesOf({ a: column(([a]) => a), aParts: column(() => 0), b: column(([, b]) => b), bParts: column(() => 0), scores: Float32Array.from(pairs, (_, i) => -i) }, top)
    const expected: number[][] = []
    for (const [i, [a, b]] of pairs.entries()) {
      const sameQuery = expected.filter(([query]) => query === a)
      if (a !== b && sameQuery.length < top && !sameQuery.some(([, reference]) => reference === b)) expected.push([a, b, -i])
    }
    expect(Array.from(found.a, (a, i) => [a, found.b[i], found.scores[i]])).toEqual(expected.map(([a, b, score]) => [a, b, (score as number) === 0 ? -0 : score]))
  }))
})
