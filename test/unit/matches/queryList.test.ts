import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MatchDecision } from '../../../core/contract/matches.ts'
import { pairsAbove } from '../../../core/matches/aboveScore.ts'
import { overviewOf } from '../../../core/matches/overview.ts'
import { PairIndex } from '../../../core/matches/pairIndex.ts'
import { pairKey } from '../../../core/matches/pairKey.ts'
import { decisionsOf, listQueries, type QueryView } from '../../../core/matches/queryList.ts'
import { truthLookup, truthOf } from '../../../core/matches/truthLookup.ts'

/** Queries 1..5 with references from 11 on: [query, reference, score, inliers]. */
const rows: [number, number, number, number][] = [[1, 11, 0.9, 40], [2, 12, 0.8, 3], [3, 13, 0.7, 90], [1, 12, 0.69, 2], [2, 11, 0.4, 1], [4, 14, 0.3, 0], [3, 11, 0.2, 0]]

function view(said: [number, number, MatchDecision][] = [], truth: [number, number][] | null = null, distractors: number[] = []): QueryView {
  const index = PairIndex.ofPairs({
    a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b), aParts: new Int32Array(rows.length), bParts: new Int32Array(rows.length), scores: Float32Array.from(rows, ([, , s]) => s)
  })
  return {
    index, said: new Map(said.map(([a, b, value]) => [pairKey(a, b), value])),
    truth: truth && truthLookup({ kind: 'pairs', queries: Int32Array.from(new Set([...truth.map(([q]) => q), ...distractors])), query: Int32Array.from(truth, ([q]) => q), reference: Int32Array.from(truth, ([, r]) => r) }),
    inliersOf: (a, b) => rows.find(([q, r]) => q === a && r === b)?.[3] ?? null
  }
}

const all = { state: 'all' } as const

describe('the list of queries', () => {
  test('orders', () => {
    const order = (by: Parameters<typeof listQueries>[2], v = view()): number[] => [...listQueries(v, all, by, by === 'path' ? Int32Array.of(4, 9, 2, 1, 3) : null)]
    expect(order('score-high')).toEqual([1, 2, 3, 4])
    expect(order('score-low')).toEqual([4, 3, 2, 1])
    // 1 leads by .21, 2 by .4, 3 by .5; 4 has one reference and no rival.
    expect(order('margin')).toEqual([1, 2, 3, 4])
    expect(order('inliers')).toEqual([3, 1, 2, 4])
    expect(order('path')).toEqual([4, 2, 1, 3])
    // 1 is right, 2 wrong, 3 a distractor, 4 unknown.
    expect(order('wrong-first', view([], [[1, 11], [2, 99]], [3]))).toEqual([2, 3, 4, 1])
  })

  test('filters', () => {
    const v = view([[11, 1, 'same'], [2, 11, 'different'], [3, 11, 'variant']], [[1, 11], [2, 99]], [3])
    const some = (filter: Partial<Parameters<typeof listQueries>[1]>, byPath: Int32Array | null = null): number[] => [...listQueries(v, { ...all, ...filter }, 'score-high', byPath)]
    expect(some({ state: 'decided' })).toEqual([1, 3])
    // A reference that is not the best was refused: that decides nothing.
    expect(some({ state: 'open' })).toEqual([2, 4])
    expect(some({ minScore: 0.5, maxScore: 0.8 })).toEqual([3])
    expect(some({ truth: 'right' })).toEqual([1])
    expect(some({ truth: 'wrong' })).toEqual([2])
    expect(some({ truth: 'distractor' })).toEqual([3])
    expect(some({ text: 'x' }, Int32Array.of(7, 4, 1))).toEqual([1, 4])
  })

  test('what was said of a query: same before variant before the best refused', () => {
    const of = (said: Parameters<typeof view>[0]): MatchDecision | undefined => decisionsOf(view(said)).get(1)
    expect(of([[1, 12, 'same'], [1, 11, 'different']])).toBe('same')
    expect(of([[1, 11, 'different'], [12, 1, 'variant']])).toBe('variant')
    expect(of([[1, 11, 'different']])).toBe('different')
    expect(of([[1, 12, 'different']])).toBeUndefined()
    expect(of([[5, 6, 'same']])).toBeUndefined()
  })

  test('the overview counts, and suggests where nine of ten are right', () => {
    const overview = overviewOf(view([[1, 11, 'same']], [[1, 11], [2, 12], [3, 13]], [4]), true)
    expect(overview).toMatchObject({ queries: 4, decided: 1, pairs: 7, verified: true, truth: { right: 3, wrong: 0, distractor: 1 } })
    expect(overview.suggested).toBeCloseTo(0.7)
    expect(overview.scores.counts.reduce((sum, count) => sum + count, 0)).toBe(7)
    expect(overviewOf(view([], [[1, 99], [2, 99]]), false).suggested).toBeCloseTo(0.9)
    expect(overviewOf(view(), false).truth).toBeNull()
  })
})

test('pairs above a score, whatever the order they are met in: none that somebody spoke of', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }), fc.subarray(rows), fc.subarray([1, 2, 3, 4]), (least, inliers, spoken, only) => {
    const v = view(spoken.map(([a, b]) => [b, a, 'different']), [[1, 11], [3, 13]], [])
    const found = pairsAbove(v, least, inliers, Int32Array.from(only))
    const wanted = rows.filter(([q, , s, i]) => only.includes(q) && Math.fround(s) >= Math.fround(least) && (inliers === undefined || i >= inliers))
    const open = wanted.filter((row) => !spoken.includes(row))
    const names = (pairs: readonly (readonly [number, number])[]): string[] => pairs.map(([a, b]) => `${a}/${b}`).toSorted()
    expect(names(Array.from(found.a, (a, i) => [a, found.b[i]!] as const))).toEqual(names(open.map(([a, b]) => [a, b] as const)))
    expect(found).toMatchObject({ pairs: open.length, said: wanted.length - open.length, queries: new Set(open.map(([q]) => q)).size })
  }))
})

describe('truths', () => {
  test('copies: a pair of a set searched in itself is right from both sides; of what is no query, nothing is wrong', () => {
    const truth = truthLookup({ kind: 'pairs', queries: Int32Array.of(1, 3), query: Int32Array.of(1), reference: Int32Array.of(11) })
    expect([truth?.pair(1, 11), truth?.pair(11, 1), truth?.pair(1, 12), truth?.pair(11, 12), truth?.pair(3, 11)]).toEqual([true, true, false, null, false])
    expect([truth?.query(1), truth?.query(11), truth?.query(3), truth?.query(12)]).toEqual([true, true, false, null])
    expect([truthOf(truth, 11, 1), truthOf(truth, 3, 11), truthOf(truth, 12, 1)]).toEqual(['right', 'distractor', null])
  })
  test('relevance: junk is neither right nor wrong', () => {
    const truth = truthLookup({ kind: 'relevance', queries: Int32Array.of(1, 2), offsets: Int32Array.of(0, 2, 3), images: Int32Array.of(11, 12, 13), grade: Uint8Array.of(0, 3, 3), usage: new Uint8Array(2) })
    expect([truth?.pair(1, 11), truth?.pair(1, 12), truth?.pair(1, 14), truth?.pair(3, 11)]).toEqual([true, null, false, null])
    expect([truth?.query(1), truth?.query(2), truth?.query(3)]).toEqual([true, false, null])
  })
  test('classes: one in common is enough; an image that is not judged says nothing', () => {
    const truth = truthLookup({ kind: 'classes', images: Int32Array.of(1, 11, 12, 13), offsets: Int32Array.of(0, 2, 3, 4, 4), classes: Int32Array.of(0, 1, 1, 2), names: ['a', 'b', 'c'], usage: new Uint8Array(4) })
    expect([truth?.pair(1, 11), truth?.pair(1, 12), truth?.pair(1, 13), truth?.pair(1, 99)]).toEqual([true, false, false, null])
    expect(truthOf(truth, 13, 1)).toBe('distractor')
  })
  test('labelled pairs are known in either order; flags say nothing of pairs', () => {
    const truth = truthLookup({ kind: 'pairLabels', a: Int32Array.of(1, 1), b: Int32Array.of(2, 3), label: Uint8Array.of(1, 0) })
    expect([truth?.pair(2, 1), truth?.pair(1, 3), truth?.pair(2, 3)]).toEqual([true, false, null])
    expect(truthLookup({ kind: 'flags', images: Int32Array.of(1), flag: Uint8Array.of(1) })).toBeNull()
    expect(truthOf(null, 1, 2)).toBeNull()
  })
})

test('a pair is one key in either order, another for every other pair', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 26 - 1 }), fc.integer({ min: 1, max: 2 ** 26 - 1 }), (a, b) => {
    expect(pairKey(a, b)).toBe(pairKey(b, a))
    expect([Math.floor(pairKey(a, b) / 2 ** 26), pairKey(a, b) % 2 ** 26]).toEqual([Math.min(a, b), Math.max(a, b)])
  }))
  expect(() => pairKey(1, 2 ** 26)).toThrow(/67 million/)
})
