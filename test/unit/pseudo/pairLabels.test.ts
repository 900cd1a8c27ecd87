import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupsOfPairs, pairList, pairPseudoLabels, pseudoClassName, type ScoredPairs } from '../../../core/pseudo/pairLabels.ts'
import { highestFirst } from '../../../core/pseudo/pairOrder.ts'

type Row = [a: number, b: number, score: number]
const columns = (rows: readonly Row[]): ScoredPairs => ({
  queries: Int32Array.from(rows, ([a]) => a),
  references: Int32Array.from(rows, ([, b]) => b),
  scores: Float64Array.from(rows, ([, , score]) => score)
})

const n = 12
const rows = fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.integer({ min: 0, max: 9 }).map((x): number => x / 10)), { maxLength: 40 })
const groups = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: n, maxLength: n })
const limits = fc.oneof(fc.record({ best: fc.integer({ min: 1, max: 12 }) }), fc.record({ minScore: fc.integer({ min: 0, max: 9 }).map((x) => x / 10) }), fc.record({ best: fc.integer({ min: 1, max: 12 }), minScore: fc.constant(0.5) }))

/** Classes as sets that are joined until none share a picture. */
function naive(pairs: readonly Row[], groupOf: readonly number[], { best = Infinity, minScore = -Infinity }: { best?: number; minScore?: number }): { classes: Set<string>; used: number } {
  const picture = (row: number): string => ((groupOf[row] ?? -1) < 0 ? `image ${row}` : `group ${groupOf[row]}`)
  const believed: Row[] = []
  for (const pair of pairs.map((pair, i) => ({ pair, i })).sort((x, y) => y.pair[2] - x.pair[2] || x.i - y.i).map(({ pair }) => pair)) {
    const key = [picture(pair[0]), picture(pair[1])].sort().join()
    if (pair[2] < minScore || believed.length === best || picture(pair[0]) === picture(pair[1])) continue
    if (believed.some(([a, b]) => [picture(a), picture(b)].sort().join() === key)) continue
    believed.push(pair)
  }
  let classes = believed.map(([a, b]) => new Set([a, b]))
  for (let again = true; again;) {
    again = false
    for (const one of classes) {
      const other = classes.find((set) => set !== one && [...set].some((row) => [...one].some((mine) => picture(mine) === picture(row))))
      if (!other) continue
      for (const row of other) one.add(row)
      classes = classes.filter((set) => set !== other)
      again = true
      break
    }
  }
  return { classes: new Set(classes.map((set) => [...set].sort((a, b) => a - b).join())), used: believed.length }
}

describe('pair pseudo-labels', () => {
  test('near-duplicates out, repeats counted once, pairs that share a picture merged: as sets joined by hand', () => {
    fc.assert(fc.property(rows, groups, limits, (rows, groupOf, limit) => {
      const found = pairPseudoLabels(columns(rows), n, { ...limit, groupOf: Int32Array.from(groupOf) })
      const expected = naive(rows, groupOf, limit)
      const sets = Array.from({ length: found.classCount }, (_, place) => [...found.images].filter((_, i) => found.classes[i] === place).sort((a, b) => a - b).join())
      expect(new Set(sets)).toEqual(expected.classes)
      expect(sets.length).toBe(expected.classes.size)
      expect(found.used).toBe(expected.used)
      expect(new Set(found.images).size).toBe(found.images.length)
      expect(found.pairs.reduce((sum, count) => sum + count, 0)).toBe(found.used)
      // Classes are numbered from the surest pair on.
      expect([...found.surest]).toEqual([...found.surest].sort((a, b) => b - a))
    }))
  })

  test('copies of one picture prove nothing, do not use up the best N, and end in one class', () => {
    const copies = groupsOfPairs(8, { queries: Int32Array.of(0), references: Int32Array.of(1) })
    const found = pairPseudoLabels(columns([[0, 1, 0.99], [0, 2, 0.9], [1, 2, 0.89], [1, 3, 0.8], [4, 5, 0.7], [6, 7, 0.6]]), 8, { best: 3, groupOf: copies })
    expect(found.removed).toEqual({ nearDuplicates: 1, repeated: 1, self: 0 })
    expect([...found.images]).toEqual([0, 2, 1, 3, 4, 5])
    expect([...found.classes]).toEqual([0, 0, 0, 0, 1, 1])
    expect([...found.weakest]).toEqual([0.8, 0.7])
  })

  test('a test image anywhere in the pairs is refused, even where its pair would not be believed', () => {
    const isTest = Uint8Array.of(0, 0, 0, 1)
    const nameOf = (row: number): string => `photo ${row}.jpg`
    const settings = { best: 1, isTest, nameOf }
    expect(() => pairPseudoLabels(columns([[0, 1, 0.9], [2, 3, 0.1]]), 4, settings)).toThrow('One image of the pairs has the role test (photo 3.jpg)')
    expect(() => pairList(columns([[0, 1, 0.9], [2, 3, 0.1]]), 4, settings)).toThrow('role test')
    expect(pairPseudoLabels(columns([[0, 1, 0.9]]), 4, settings).classCount).toBe(1)
  })

  test('says what is wrong', () => {
    expect(() => pairPseudoLabels(columns([]), 4, {})).toThrow('best N')
    expect(() => pairPseudoLabels(columns([]), 4, { best: 0 })).toThrow('from 1')
    expect(() => pairPseudoLabels(columns([]), 4, { minScore: NaN })).toThrow('not a number')
    expect(() => pairPseudoLabels(columns([[0, 1, NaN]]), 4, { best: 1 })).toThrow('score of pair 1')
    expect(() => pairPseudoLabels(columns([[0, 4, 1]]), 4, { best: 1 })).toThrow('Pair 0 (0, 4)')
    expect(() => pairPseudoLabels(columns([[0, 1, 1]]), 4, { best: 1, groupOf: new Int32Array(3) })).toThrow('3 groups')
    expect(() => groupsOfPairs(2, { queries: Int32Array.of(0), references: Int32Array.of(2) })).toThrow('not among the 2')
  })

  test('the original list gives each pair its own class, and an image in two pairs two labels', () => {
    const found = pairList(columns([[0, 1, 0.5], [1, 2, 0.9], [0, 0, 0.1]]), 3, { best: 2 })
    expect([...found.images]).toEqual([1, 2, 0, 1])
    expect([...found.classes]).toEqual([0, 0, 1, 1])
  })

  test('names sort as they are numbered up to 9,999', () => {
    expect([pseudoClassName(0), pseudoClassName(41), pseudoClassName(12_344)]).toEqual(['pseudo-0001', 'pseudo-0042', 'pseudo-12345'])
  })
})

test('highest first: as a stable sort, over several portions, infinities included', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constantFrom(Infinity, -Infinity))
  fc.assert(fc.property(fc.array(value, { maxLength: 200 }), fc.integer({ min: 1, max: 80 }), (some, times) => {
    const values = Array.from({ length: some.length * times }, (_, i) => some[(i * 31) % some.length] as number)
    const passes = (place: number): boolean => place % 3 !== 0
    const expected = values.map((_, place) => place).filter(passes).sort((a, b) => (values[b] === values[a] ? a - b : (values[b] as number) > (values[a] as number) ? 1 : -1))
    expect([...highestFirst(values, passes)]).toEqual(expected)
  }), { numRuns: 40 })
})
