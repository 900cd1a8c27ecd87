import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CandidateHeap } from '../../../core/search/candidateHeap.ts'
import { EdgeCollector } from '../../../core/search/edgeCollector.ts'
import { Ranking } from '../../../core/search/ranking.ts'
import { rounding, similarity } from '../../../core/search/similarity.ts'
import { sliceSource, sourceKey } from '../../../core/search/vectorSource.ts'

const offers = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1000 })), { maxLength: 60 })

test('a heap holds the best, its bound is the least of them', () => {
  fc.assert(fc.property(offers, fc.integer({ min: 1, max: 20 }), (list, count) => {
    const heap = new CandidateHeap(2, count)
    list.forEach(([value], index) => heap.offer(1, index, value))
    const held = [...heap.indices.subarray(count, 2 * count)].filter((index) => index >= 0).map((index) => list[index]?.[0] as number)
    const best = list.map(([value]) => value).sort((a, b) => b - a).slice(0, count)
    expect(held.sort((a, b) => b - a)).toEqual(best)
    expect(heap.bound(1)).toBe(list.length < count ? -Infinity : best.at(-1))
    expect(heap.bound(0)).toBe(-Infinity)
  }))
})

test('a ranking orders by value, then by the smaller id, whatever came first', () => {
  fc.assert(fc.property(offers, fc.integer({ min: 1, max: 20 }), (list, k) => {
    const distinct = [...new Map(list.map(([value, id]) => [id, value]))]
    const ranking = new Ranking(k)
    for (const [id, value] of distinct) ranking.offer(value, id)
    const expected = distinct.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, k)
    expect([...ranking.ids].filter((id) => id >= 0)).toEqual(expected.map(([id]) => id))
    expect(ranking.least).toBe(distinct.length < k ? -Infinity : expected.at(-1)?.[1])
  }))
})

test('edges stay within the cap: the weakest go first and the floor says from where on they are whole', () => {
  const score = fc.integer({ min: 500, max: 1000 }).map((value) => Math.fround(value / 1000))
  fc.assert(fc.property(fc.array(score, { maxLength: 300 }), fc.integer({ min: 4, max: 100 }), (scores, cap) => {
    const collector = new EdgeCollector(0.5, cap)
    scores.forEach((each, i) => collector.add(i + 1, 0, each))
    const { a, b, score: held } = collector.take()
    expect(held.length).toBeLessThanOrEqual(cap)
    expect([...a]).toEqual([...held].map(() => 0))
    expect(b.every((id) => id > 0)).toBe(true)
    if (!collector.truncated) expect([...held]).toEqual(scores.filter((each) => each >= collector.floor))
  }))
})

test('similarity is symmetric, 1 for a row and itself, and within the rounding of a plain sum', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 70 }), fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 140, maxLength: 140 }), (dim, values) => {
    const unit = (list: number[]): Float32Array => {
      const length = Math.hypot(...list) || 1
      return Float32Array.from(list, (value) => value / length)
    }
    const a = unit(values.slice(0, dim))
    const b = unit(values.slice(70, 70 + dim))
    expect(similarity(a, 0, b, 0, dim)).toBe(similarity(b, 0, a, 0, dim))
    const plain = a.reduce((sum, value, i) => Math.fround(sum + Math.fround(value * (b[i] as number))), 0)
    expect(Math.abs(similarity(a, 0, b, 0, dim) - plain)).toBeLessThanOrEqual(rounding(dim))
    if (a.some((value) => value !== 0)) expect(similarity(a, 0, a, 0, dim)).toBe(1)
  }))
})

test('a source is known by its rows', () => {
  const source = { file: 'v', dim: 3, dtype: 'float32' as const, rows: Int32Array.of(0, 1, 2, 5), imageIds: Int32Array.of(4, 9, 2, 7) }
  expect(sourceKey(sliceSource(source, 0, 4))).toBe(sourceKey(source))
  expect(sourceKey(sliceSource(source, 0, 3))).not.toBe(sourceKey(source))
  expect(sourceKey({ ...source, rows: Int32Array.of(0, 1, 2, 6) })).not.toBe(sourceKey(source))
  expect([...sliceSource(source, 1, 3).imageIds]).toEqual([9, 2])
})
