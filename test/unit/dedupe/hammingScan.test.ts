import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsSet, HammingScan, orientedBytes } from '../../../core/dedupe/hammingScan.ts'

const bits = (byte: number): number => byte.toString(2).replaceAll('0', '').length
const distanceOf = (hashes: Uint8Array, a: number, b: number): number =>
  Math.min(...Array.from({ length: 8 }, (_, k) => Array.from({ length: 8 }, (_, i) => bits((hashes[a * 64 + i] as number) ^ (hashes[b * 64 + 8 * k + i] as number))).reduce((x, y) => x + y)))

test('finds every pair within the radius, best of eight orientations, whatever part of the rows is asked for', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.infiniteStream(fc.integer({ min: 0, max: 255 })), fc.nat(40), (rows, radius, stream, cut) => {
    const hashes = Uint8Array.from({ length: rows * orientedBytes }, () => stream.next().value as number)
    const scan = new HammingScan(hashes)
    const middle = Math.min(cut, rows)
    const found = [scan.pairs(0, middle, radius), scan.pairs(middle, rows, radius)].flatMap(({ a, b, distance }) => Array.from(a, (first, i) => [first, b[i] as number, distance[i] as number]))
    const expected: number[][] = []
    for (let a = 0; a < rows; a++) for (let b = a + 1; b < rows; b++) if (distanceOf(hashes, a, b) <= radius) expected.push([a, b, distanceOf(hashes, a, b)])
    const order = (x: number[], y: number[]): number => (x[0] as number) - (y[0] as number) || (x[1] as number) - (y[1] as number)
    expect(found.sort(order)).toEqual(expected)
  }), { numRuns: 60 })
})

test('works over the borders of tiles', () => {
  const rows = 9000
  const hashes = new Uint8Array(rows * orientedBytes)
  let state = 1
  for (let i = 0; i < hashes.length; i++) hashes[i] = (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24
  const twins = [[0, 8999], [4095, 4096], [10, 4097], [5000, 8191]] as const
  // The second of each pair is the first, seen in its fourth orientation.
  for (const [a, b] of twins) hashes.set(hashes.subarray(a * 64, a * 64 + 8), b * 64 + 24)
  const { a, b, distance } = new HammingScan(hashes).pairs(0, rows, 2)
  const found = Array.from(a, (first, i) => `${first} ${b[i]} ${distance[i]}`)
  for (const [first, second] of twins) expect(found).toContain(`${first} ${second} 0`)
})

test('counts the bits of the first orientation', () => {
  expect(bitsSet(Uint8Array.of(9, 255, 1, 0, 0, 0, 0, 0, 3, 255), 1)).toBe(8 + 1 + 2)
})
