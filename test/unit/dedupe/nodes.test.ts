import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashTable, hashWords, identicalClasses } from '../../../core/dedupe/identicalImages.ts'
import { nodesOf } from '../../../core/dedupe/nodes.ts'
import { pairKey } from '../../../core/dedupe/stars.ts'

/** A hash that says its number; 0 is none. */
const words = (numbers: readonly number[]): Uint32Array => Uint32Array.from(numbers.flatMap((n) => [n * 65536, n, n, 0]))
const make = (shas: readonly number[], pixels: readonly number[], relations: { a: number; b: number; value: 'different' | 'variant' }[] = []) =>
  nodesOf(shas.length, words(shas), new HashTable(words(shas)), new HashTable(words(pixels)), relations.map(({ a, b, value }) => ({ a: words([a]), b: words([b]), value })))

test('images of the same bytes or pixels are one class, through any number of others; no hash is no likeness', () => {
  const numbers = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { minLength: 1, maxLength: 40 })
  fc.assert(fc.property(numbers, (list) => {
    const label = list.map((_, i) => i)
    for (let changed = true; changed; ) {
      changed = false
      list.forEach(([sha, pixel], i) => list.forEach(([otherSha, otherPixel], j) => {
        const same = (sha > 0 && sha === otherSha) || (pixel > 0 && pixel === otherPixel)
        if (same && (label[j] as number) > (label[i] as number)) {
          label[j] = label[i] as number
          changed = true
        }
      }))
    }
    const found = identicalClasses(new HashTable(words(list.map(([sha]) => sha))), new HashTable(words(list.map(([, pixel]) => pixel))), list.length)
    expect([...found]).toEqual(label)
  }))
})

test('a hash is found again, and its rows are chained upwards', () => {
  const table = new HashTable(words([5, 7, 5, 0, 5]))
  expect(table.first(words([5]))).toBe(0)
  expect([...table.next]).toEqual([2, -1, 4, -1, -1])
  expect(table.first(words([6]))).toBe(-1)
  expect(table.first(new Uint32Array(hashWords))).toBe(-1)
})

test('what a person told apart is vetoed for every copy of the two pictures', () => {
  const nodes = make([1, 1, 2, 3], [0, 0, 0, 0], [{ a: 1, b: 3, value: 'different' }, { a: 9, b: 1, value: 'different' }])
  expect([...nodes.nodeOf]).toEqual([0, 0, 1, 2])
  expect([...nodes.vetoed]).toEqual([pairKey(3, 0, 2)])
  expect([...nodes.hasVeto]).toEqual([1, 0, 1])
  expect(nodes.twins.size).toBe(0)
})

test('identical pixels that a person told apart are split, and the parts know of each other', () => {
  const nodes = make([1, 2, 3, 1], [8, 8, 8, 8], [{ a: 1, b: 2, value: 'variant' }])
  expect([...nodes.nodeOf]).toEqual([0, 1, 2, 0])
  expect(nodes.twins.get(0)).toEqual([1, 2])
  expect([...nodes.vetoed]).toEqual([pairKey(3, 0, 1)])
  expect(nodes.variants).toEqual([{ a: 0, b: 1 }])
})

test('equal files that a person told apart stand alone', () => {
  const nodes = make([1, 1, 1], [0, 0, 0], [{ a: 1, b: 1, value: 'different' }])
  expect([...nodes.nodeOf]).toEqual([0, 1, 2])
  expect(nodes.vetoed.size).toBe(3)
})
