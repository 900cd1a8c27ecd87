import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowOrder, type SortKey } from '../../../core/domain/rowOrder.ts'
import { seeded } from './scattered.ts'

const naive = (length: number, keys: readonly SortKey[]): number[] =>
  Array.from({ length }, (_, i) => i).sort((x, y) => {
    for (const { by, descending } of keys) {
      const difference = (by[x] as number) - (by[y] as number)
      if (difference !== 0) return descending ? -difference : difference
    }
    return x - y
  })

test('rows stand in the order of their keys, small tables and large ones', () => {
  fc.assert(fc.property(fc.constantFrom(50, 6000), fc.integer({ min: 1, max: 2 ** 30 }), fc.boolean(), fc.boolean(), (length, seed, first, second) => {
    const next = seeded(seed)
    const floats = Float32Array.from({ length }, () => [0, -0, 1e-40, (next() - 0.5) * 10 ** Math.floor(next() * 20 - 10)][Math.floor(next() * 4)] as number)
    const doubles = Float64Array.from({ length }, () => Math.round((next() - 0.5) * 6) / 3)
    const ints = Int32Array.from({ length }, () => Math.floor((next() - 0.5) * 2 ** 32))
    const keys: SortKey[] = [{ by: doubles, descending: first }, { by: floats, descending: second }, { by: ints }]
    expect(Array.from(rowOrder(length, keys))).toEqual(naive(length, keys))
    expect(Array.from(rowOrder(length, keys.toReversed()))).toEqual(naive(length, keys.toReversed()))
  }), { numRuns: 30 })
})

test('infinities come first and last', () => {
  const by = Float64Array.from({ length: 5000 }, (_, i) => [Infinity, -Infinity, i][i % 3] as number)
  const order = rowOrder(by.length, [{ by }])
  expect(by[order[0] as number]).toBe(-Infinity)
  expect(by[order.at(-1) as number]).toBe(Infinity)
})
