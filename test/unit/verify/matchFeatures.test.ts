import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Descriptors } from '../../../core/verify/localFeatures.ts'
import { type DescriptorMatches, matchDescriptors, type MatchOptions } from '../../../core/verify/matchFeatures.ts'

const width = (d: Descriptors): number => (d.kind === 'binary' ? d.bytes : d.dim)
const row = (d: Descriptors, i: number): number[] => [...d.data.subarray(i * width(d), (i + 1) * width(d))]
const bits = (value: number): number => [...value.toString(2)].filter((bit) => bit === '1').length

/** Straight from the definition, one pair after the other. */
function naive(first: Descriptors, second: Descriptors, { maxDistance, ratio, mutual }: MatchOptions): [number, number][] {
  const n = first.data.length / width(first)
  const m = second.data.length / width(second)
  const distance = (i: number, j: number): number => {
    const [a, b] = [row(first, i), row(second, j)]
    return first.kind === 'binary' ? a.reduce((sum, value, k) => sum + bits(value ^ (b[k] as number)), 0) : Math.sqrt(a.reduce((sum, value, k) => sum + (value - (b[k] as number)) ** 2, 0))
  }
  const found: [number, number][] = []
  for (let j = 0; j < m; j++) {
    const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => distance(x, j) - distance(y, j) || x - y)
    const best = order[0]
    if (best === undefined) continue
    if (maxDistance !== null && !(distance(best, j) < maxDistance)) continue
    if (ratio !== null && order.length > 1 && !(distance(best, j) < ratio * distance(order[1] as number, j))) continue
    if (mutual && Array.from({ length: m }, (_, k) => k).some((k) => distance(best, k) < distance(best, j) || (distance(best, k) === distance(best, j) && k < j))) continue
    found.push([best, j])
  }
  return found
}

const pairsOf = ({ first, second }: DescriptorMatches): [number, number][] => Array.from(first, (a, i) => [a, second[i] as number])
const options = fc.record({ maxDistance: fc.option(fc.double({ min: 0.5, max: 60, noNaN: true })), ratio: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })), mutual: fc.boolean() })

describe('nearest neighbours agree with the definition', () => {
  test('binary descriptors of any length', () => {
    const set = (bytes: number) => fc.array(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { maxLength: 12 }).map((rows): Descriptors => ({ kind: 'binary', bytes, data: Uint8Array.from(rows.flatMap((each) => [...each])) }))
    const pair = fc.constantFrom(1, 7, 32, 61, 64).chain((bytes) => fc.tuple(set(bytes), set(bytes)))
    fc.assert(fc.property(pair, options, ([first, second], chosen) => {
      expect(pairsOf(matchDescriptors(first, second, chosen))).toEqual(naive(first, second, chosen))
    }), { numRuns: 300 })
  })

  test('floating point descriptors', () => {
    // Small whole numbers: ties are common, distances exact.
    const set = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }), { maxLength: 12 }).map((rows): Descriptors => ({ kind: 'float', dim: 4, data: Float32Array.from(rows.flat()) }))
    fc.assert(fc.property(set, set, options.map((each) => ({ ...each, ratio: each.ratio === null ? null : 0.77 })), (first, second, chosen) => {
      expect(pairsOf(matchDescriptors(first, second, chosen))).toEqual(naive(first, second, chosen))
    }), { numRuns: 300 })
  })
})

test('distances stand beside the matches, and larger sets follow smaller ones', () => {
  const some = (n: number, seed: number): Descriptors => ({ kind: 'binary', bytes: 32, data: Uint8Array.from({ length: 32 * n }, (_, i) => (i * seed) % 251) })
  for (const n of [3, 3000, 5]) {
    const { first, second, distances } = matchDescriptors(some(n, 7), some(n, 7), { maxDistance: null, ratio: null, mutual: false })
    expect(second.length).toBe(n)
    expect(distances.every((distance) => distance === 0)).toBe(true)
    expect(row(some(n, 7), first.at(-1) as number)).toEqual(row(some(n, 7), second.at(-1) as number))
  }
})

test('descriptors of different kinds or lengths are refused with a sentence', () => {
  const binary: Descriptors = { kind: 'binary', bytes: 32, data: new Uint8Array(32) }
  const float: Descriptors = { kind: 'float', dim: 40, data: new Float32Array(40) }
  expect(() => matchDescriptors(binary, float, { maxDistance: null, ratio: null, mutual: true })).toThrow('Descriptors of 256 bits and of 40 numbers cannot be compared')
  expect(() => matchDescriptors(float, { ...float, dim: 20 }, { maxDistance: null, ratio: null, mutual: true })).toThrow('cannot be compared')
})
