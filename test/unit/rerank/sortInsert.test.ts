import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyLists } from '../../../core/domain/rankedLists.ts'
import { inserted, rest, sorted, sortInsert } from '../../../core/rerank/sortInsert.ts'
import { random, seeds } from './vectors.ts'

test('the example of the seeds', () => {
  const lists = { queries: 1, k: 3, indices: Int32Array.of(0, 1, 2), scores: Float32Array.of(0.9, 0.8, 0.7) }
  const references = { labels: Int32Array.of(1, 2, 1, 2, 2, 2, 2, 2, 2, 1), scores: Float32Array.of(0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0.35) }
  const found = sortInsert(lists, { labels: Int32Array.of(1), scores: Float32Array.of(0.75) }, references, { length: 5, threshold: 0.6 })
  expect([...found.lists.indices]).toEqual([0, 2, 9, 1, -1])
  expect([...found.origin].slice(0, 4)).toEqual([sorted, sorted, inserted, rest])
  expect(found.before[0]).toBeCloseTo(0.9)
  expect(found.before[2]).toBeNaN()
  expect([...found.lists.scores].slice(0, 4)).toEqual([4.9, 4.7, 2.35, 0.8].map((value) => expect.closeTo(value, 5)))
})

test('the threshold is strict', () => {
  const lists = { queries: 1, k: 1, indices: Int32Array.of(0), scores: Float32Array.of(0.9) }
  const references = { labels: Int32Array.of(2, 1), scores: Float32Array.of(0, 0.25) }
  const run = (score: number) => [...sortInsert(lists, { labels: Int32Array.of(1), scores: [score] }, references, { length: 2, threshold: 0.75 }).lists.indices]
  expect(run(0.5)).toEqual([0, -1])
  expect(run(0.5000001)).toEqual([1, 0])
})

test('a query without a predicted label keeps its list', () => {
  const lists = { queries: 1, k: 2, indices: Int32Array.of(1, 0), scores: Float32Array.of(0.9, 0.8) }
  const found = sortInsert(lists, { labels: Int32Array.of(-1), scores: [0] }, { labels: Int32Array.of(-1, -1, -1), scores: [0, 0, 0] }, { length: 3, threshold: null })
  expect([...found.lists.indices]).toEqual([1, 0, -1])
})

test('agrees with the plain telling', () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 14 }), fc.constantFrom(null, -10, 0, 0.6, 1), (seed, items, k, length, threshold) => {
    const next = random(seed)
    const lists = emptyLists(4, k)
    for (let q = 0; q < 4; q++) {
      const ids = Array.from({ length: items }, (_, i) => i).sort(() => next() - 0.5).slice(0, Math.floor(next() * (k + 1)))
      for (const [rank, id] of ids.entries()) {
        lists.indices[q * k + rank] = id
        lists.scores[q * k + rank] = 1 - rank / 100
      }
    }
    const votes = (n: number) => ({ labels: Int32Array.from({ length: n }, () => Math.floor(next() * 4) - 1), scores: Float32Array.from({ length: n }, () => Math.round(next() * 8) / 8) })
    const queries = votes(4)
    const references = votes(items)
    const found = sortInsert(lists, queries, references, { length, threshold })
    for (let q = 0; q < 4; q++) {
      const label = queries.labels[q] as number
      const initial = [...lists.indices.subarray(q * k, (q + 1) * k)].filter((i) => i >= 0).slice(0, length)
      const same = (i: number): boolean => label >= 0 && references.labels[i] === label
      const more = Array.from({ length: items }, (_, i) => i)
        .filter((i) => same(i) && !initial.includes(i) && (threshold === null || (queries.scores[q] as number) + (references.scores[i] as number) > Math.fround(threshold)))
        .sort((a, b) => (references.scores[b] as number) - (references.scores[a] as number) || a - b)
      const wanted = [...initial.filter(same), ...more, ...initial.filter((i) => !same(i))].slice(0, length)
      const listed = found.lists.indices.subarray(q * length, q * length + wanted.length)
      expect([...listed]).toEqual(wanted)
      for (const [rank, reference] of wanted.entries()) {
        const old = [...lists.indices.subarray(q * k, (q + 1) * k)].indexOf(reference)
        expect(found.before[q * length + rank]).toBe(old < 0 ? Number.NaN : lists.scores[q * k + old])
      }
      const scores = [...found.lists.scores.subarray(q * length, q * length + wanted.length)]
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    }
  }), { numRuns: 200 })
})

test('lists and predictions that do not fit are refused', () => {
  const lists = { queries: 1, k: 1, indices: Int32Array.of(5), scores: Float32Array.of(1) }
  const votes = { labels: Int32Array.of(1), scores: [1] }
  expect(() => sortInsert(lists, votes, votes, { length: 1, threshold: 0 })).toThrow(/reference 5 of 1/)
  expect(() => sortInsert(lists, { labels: new Int32Array(2), scores: [1, 1] }, votes, { length: 1, threshold: 0 })).toThrow(/2 predictions for 1/)
})
