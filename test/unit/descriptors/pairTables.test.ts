import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestParts, partRules } from '../../../core/descriptors/bestParts.ts'
import { meanScores } from '../../../core/descriptors/meanScores.ts'
import { bestRows, joinTables, type PairTable } from '../../../core/descriptors/pairTable.ts'
import { partRanges } from '../../../core/descriptors/partRanges.ts'
import { keepAgreed, PartSet, penaliseParts, withoutImages, withoutQueryParts } from '../../../core/descriptors/tableFusion.ts'

/** [query, its part, reference, its part, score] */
type Row = [number, number, number, number, number]

/** Few images, parts and scores, so that pairs repeat and scores tie; eighths are exact in float32. */
const row: fc.Arbitrary<Row> = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 7, max: 9 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: -4, max: 8 }).map((n) => n / 8))
const rows = fc.array(row, { maxLength: 25 })
const pairOf = ([a, aPart, b, bPart]: Row): string => [a, aPart, b, bPart].join()

const tableOf = (list: readonly Row[]): PairTable => ({
  a: Int32Array.from(list, ([a]) => a), aParts: Int32Array.from(list, (each) => each[1]), b: Int32Array.from(list, (each) => each[2]), bParts: Int32Array.from(list, (each) => each[3]), scores: Float32Array.from(list, (each) => each[4])
})
const rowsOf = ({ a, aParts, b, bParts, scores }: PairTable): Row[] => Array.from(scores, (score, i) => [a[i] as number, aParts[i] as number, b[i] as number, bParts[i] as number, score])
const sorted = (list: readonly Row[]): string[] => list.map(String).sort()
const byPair = (x: Row, y: Row): number => x[0] - y[0] || x[2] - y[2] || x[1] - y[1] || x[3] - y[3]

describe('tables of pairs', () => {
  test('joined and cut to the best, equal scores in the order of the pair', () => {
    fc.assert(fc.property(rows, rows, fc.integer({ min: 0, max: 60 }), (x, y, most) => {
      expect(rowsOf(bestRows(joinTables([tableOf(x), tableOf(y)]), most))).toEqual([...x, ...y].sort((p, q) => q[4] - p[4] || byPair(p, q)).slice(0, most))
    }))
  })

  test('keep the rows of pairs that enough tables list, with their own scores', () => {
    fc.assert(fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (tables, least) => {
      const listed = (pair: string): number => tables.filter((table) => table.some((each) => pairOf(each) === pair)).length
      const expected = tables.flat().filter((each) => listed(pairOf(each)) >= least)
      const found = rowsOf(keepAgreed(tables.map(tableOf), least))
      expect(sorted(found)).toEqual(sorted(expected))
      expect(found.map(pairOf)).toEqual(found.toSorted(byPair).map(pairOf))
    }))
  })

  test('leave out parts and images, and penalise parts that are not exempt', () => {
    fc.assert(fc.property(rows, fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })), { maxLength: 4 }), fc.subarray([1, 2, 3]), fc.subarray([7, 8, 9]), (list, small, queries, references) => {
      const parts = new PartSet()
      for (const [image, part] of small) parts.add(image, part)
      expect(rowsOf(withoutQueryParts(tableOf(list), parts))).toEqual(list.filter(([a, part]) => !small.some(([image, each]) => image === a && each === part)))
      expect(rowsOf(withoutImages(tableOf(list), new Set(queries), new Set(references)))).toEqual(list.filter(([a, , b]) => !queries.includes(a) && !references.includes(b)))
      expect(rowsOf(penaliseParts(tableOf(list), 0.25, (part) => part !== 1))).toEqual(list.map(([a, part, b, bPart, score]) => [a, part, b, bPart, part === 1 ? score - 0.25 : score]))
    }))
  })

  test('one score for each pair of images', () => {
    fc.assert(fc.property(rows, fc.constantFrom(...partRules), fc.integer({ min: 0, max: 12 }), (list, rule, most) => {
      const { table, rows: counts } = bestParts(tableOf(list), rule, most)
      const groups = new Map<string, Row[]>()
      for (const each of new Map(list.map((one) => [String(one), one])).values()) {
        const key = `${each[0]},${each[2]}`
        groups.set(key, [...(groups.get(key) ?? []), each])
      }
      const expected = [...groups.values()].map((group) => ({ pair: group[0] as Row, score: Math.fround(naive(group.map((each) => each[4]), rule)), count: group.length, best: Math.max(...group.map((each) => each[4])) }))
        .sort((x, y) => y.score - x.score || x.pair[0] - y.pair[0] || x.pair[2] - y.pair[2]).slice(0, most)
      expect(Array.from(table.scores)).toEqual(expected.map(({ score }) => score))
      expect(Array.from(table.a)).toEqual(expected.map(({ pair }) => pair[0]))
      expect(Array.from(table.b)).toEqual(expected.map(({ pair }) => pair[2]))
      expect(Array.from(counts)).toEqual(expected.map(({ count }) => count))
      // The parts that are named are those of the highest score.
      for (const [i, each] of rowsOf(table).entries()) expect(list.some((one) => pairOf(one) === pairOf(each) && one[4] === expected[i]?.best)).toBe(true)
    }))
  })

  test('the example of the seeds: 0.40, 0.36 and 0.10 make 0.38', () => {
    const { table } = bestParts(tableOf([[1, 0, 7, 0, 0.4], [1, 4, 7, 0, 0.36], [1, 1, 7, 0, 0.1]]), 'best-two')
    expect(table.scores[0]).toBeCloseTo(0.38, 6)
  })

  test('the second best is a score that is not the highest and occurs once', () => {
    const second = (...scores: number[]): number => bestParts(tableOf(scores.map((score, part): Row => [1, part, 7, 0, score])), 'best-two').table.scores[0] as number
    expect(second(1, 1, 0.5)).toBe(0.75)
    expect(second(1, 0.75, 0.75, 0.5)).toBe(0.75)
    expect(second(1, 0.75, 0.75)).toBe(1)
    expect(second(1)).toBe(1)
  })
})

/** Exactly as the rule reads. */
function naive(scores: readonly number[], rule: (typeof partRules)[number]): number {
  const highest = Math.max(...scores)
  if (rule === 'max') return highest
  if (rule === 'mean') return scores.reduce((sum, score) => sum + score, 0) / scores.length
  const rest = scores.filter((score) => score !== highest && scores.filter((other) => other === score).length === 1)
  return rest.length === 0 ? highest : (highest + Math.max(...rest)) / 2
}

describe('the mean of several models’ scores', () => {
  const distinct = (list: readonly Row[]): Row[] => [...new Map(list.map((each) => [pairOf(each), each])).values()]

  test('joins by pair, whatever the order of the rows', () => {
    fc.assert(fc.property(fc.array(rows.map(distinct), { minLength: 1, maxLength: 4 }), fc.constantFrom('leave-out' as const, 'mean-of-present' as const), (tables, missing) => {
      const weights = tables.map((_, i) => i + 1)
      const { table, incomplete } = meanScores(tables.map(tableOf), { weights, missing })
      const pairs = [...new Set(tables.flat().map(pairOf))]
      const expected = new Map<string, number>()
      let lacking = 0
      for (const pair of pairs) {
        const found = tables.flatMap((list, i) => list.filter((each) => pairOf(each) === pair).map((each) => ({ score: each[4], weight: weights[i] as number })))
        if (found.length < tables.length) lacking++
        if (found.length === tables.length || missing === 'mean-of-present') expected.set(pair, found.reduce((sum, { score, weight }) => sum + score * weight, 0) / found.reduce((sum, { weight }) => sum + weight, 0))
      }
      expect(incomplete).toBe(lacking)
      expect(table.a).toHaveLength(expected.size)
      for (const each of rowsOf(table)) expect(each[4]).toBeCloseTo(expected.get(pairOf(each)) ?? Number.NaN, 6)
    }))
  })

  test('names the pair that a table lacks, and the one that it lists twice', () => {
    const x = tableOf([[1, 0, 7, 0, 0.5], [2, 4, 8, 0, 0.5]])
    const y = tableOf([[1, 0, 7, 0, 0.25]])
    expect(() => meanScores([x, y], { missing: 'error' })).toThrow('table 2 does not list the pair 2 (part 4) and 8, which table 1 does')
    expect(() => meanScores([x, joinTables([y, y])], { missing: 'leave-out' })).toThrow('table 2 lists the pair 1 and 7 twice')
    expect(() => meanScores([x, y], { weights: [0, 0], missing: 'leave-out' })).toThrow(/not all of them 0/)
  })
})

describe('ranges of parts', () => {
  test('read as they are written', () => {
    const is = partRanges(' 0, 1000 - 1019 ,4')
    expect([0, 4, 1000, 1010, 1019].every(is)).toBe(true)
    expect([1, 3, 5, 999, 1020, -1].some(is)).toBe(false)
    expect(partRanges('')(0)).toBe(false)
  })

  test('name the piece that is none', () => {
    for (const text of ['a', '1-', '5-3', '0,,x', '-1', '1.5']) expect(() => partRanges(text)).toThrow(/no part and no range/)
  })
})
