import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { microAp, rankedHits } from '../../../core/metrics/rankedHits.ts'
import { eachFalsePair, FirstPlaces, PooledRanking } from '../../bench/models/retrieval.ts'
import { blocksOf } from './blocks.ts'

/** Few distinct scores that a float32 holds exactly, so that ties are common. */
const score = fc.integer({ min: -4, max: 4 }).map((n) => n / 4)

interface Asking {
  readonly scores: readonly (readonly number[])[]
  readonly of: readonly number[]
  readonly groups: readonly number[]
  readonly rows: number
  readonly columns: number
}

const asking: fc.Arbitrary<Asking> = fc.integer({ min: 2, max: 7 }).chain((photos) => fc.integer({ min: 1, max: 8 }).chain((queries) => fc.record({
  scores: fc.array(fc.array(score, { minLength: photos, maxLength: photos }), { minLength: queries, maxLength: queries }),
  of: fc.array(fc.nat(photos - 1), { minLength: queries, maxLength: queries }),
  groups: fc.array(fc.nat(photos - 1), { minLength: photos, maxLength: photos }),
  rows: fc.integer({ min: 1, max: 4 }),
  columns: fc.integer({ min: 1, max: 4 })
})))

interface Pair {
  readonly query: number
  readonly score: number
  readonly isTrue: boolean
}

/** All pairs but those of other versions, one object each. */
const pairsOf = ({ scores, of, groups }: Asking): Pair[] => scores.flatMap((row, query) => row.flatMap((value, photo) => {
  const own = of[query] as number
  return photo === own || groups[photo] !== groups[own] ? [{ query, score: value, isTrue: photo === own }] : []
}))

function measured({ scores, of, groups, rows, columns }: Asking): { places: FirstPlaces; ranking: PooledRanking } {
  const asked = { of: Int32Array.from(of), groups: Int32Array.from(groups) }
  const blocks = [...blocksOf(scores, rows, columns)]
  const places = new FirstPlaces(asked)
  for (const block of blocks) places.add(block)
  const ranking = new PooledRanking(places.own)
  for (const block of blocks) eachFalsePair(block, asked, (_query, value) => ranking.addFalse(value))
  return { places, ranking }
}

/** By its definition: sorted, false ones first within equal scores. */
function naiveAp(pairs: readonly Pair[]): number {
  const sorted = pairs.toSorted((a, b) => b.score - a.score || Number(a.isTrue) - Number(b.isTrue))
  const precisions = sorted.flatMap(({ isTrue }, i) => (isTrue ? [sorted.slice(0, i + 1).filter((pair) => pair.isTrue).length / (i + 1)] : []))
  return precisions.reduce((sum, precision) => sum + precision, 0) / precisions.length
}

/** The best recall of all thresholds that let no more than this share of the false pairs through. */
function naiveRecall(pairs: readonly Pair[], rate: number): number {
  const truePairs = pairs.filter(({ isTrue }) => isTrue)
  const falsePairs = pairs.filter(({ isTrue }) => !isTrue)
  const allowed = [...new Set(pairs.map((pair) => pair.score))].filter((threshold) => falsePairs.filter((pair) => pair.score >= threshold).length <= rate * falsePairs.length)
  return Math.max(0, ...allowed.map((threshold) => truePairs.filter((pair) => pair.score >= threshold).length)) / truePairs.length
}

describe('copies among all photos', () => {
  test('recall@1: only a photo above all others is found', () => {
    fc.assert(fc.property(asking, (one) => {
      const pairs = pairsOf(one)
      const found = one.of.filter((_, query) => {
        const mine = pairs.filter((pair) => pair.query === query)
        const own = mine.find(({ isTrue }) => isTrue)?.score ?? Number.NaN
        return mine.every((pair) => pair.isTrue || pair.score < own)
      }).length
      expect(measured(one).places.recallAt1(0, one.of.length)).toBe(found / one.of.length)
    }))
  })

  test('uAP is that of the definition, and that of the product\'s metrics', () => {
    fc.assert(fc.property(asking, (one) => {
      const pairs = pairsOf(one)
      const found = measured(one).ranking.microAp()
      expect(found).toBeCloseTo(naiveAp(pairs), 12)
      expect(found).toBeCloseTo(microAp(rankedHits(Float32Array.from(pairs, (pair) => pair.score), Uint8Array.from(pairs, ({ isTrue }) => Number(isTrue)), one.of.length)), 12)
    }))
  })

  test('recall at a false-positive rate is that of the best threshold', () => {
    fc.assert(fc.property(asking, fc.constantFrom(0, 0.125, 0.25, 0.5, 1), (one, rate) => {
      const pairs = pairsOf(one)
      const { ranking } = measured(one)
      expect(ranking.falsePairs).toBe(pairs.filter(({ isTrue }) => !isTrue).length)
      expect(ranking.recallAt(rate)).toBe(naiveRecall(pairs, rate))
    }))
  })

  test('17 of 17 million false pairs are a rate of 1e-6, 18 are not', () => {
    const ranking = new PooledRanking(Float32Array.of(0.5, 0.25))
    for (let i = 0; i < 17; i++) ranking.addFalse(0.75)
    ranking.addFalse(0.25)
    for (let i = 0; i < 17_000_000 - 18; i++) ranking.addFalse(0)
    expect(ranking.recallAt(1e-6)).toBe(0.5)
  })

  test('scores that are all the same find nothing', () => {
    const { places, ranking } = measured({ scores: [[1, 1, 1], [1, 1, 1]], of: [0, 1], groups: [0, 1, 2], rows: 2, columns: 3 })
    expect(places.recallAt1(0, 2)).toBe(0)
    expect(ranking.recallAt(0.5)).toBe(0)
    expect(ranking.microAp()).toBeCloseTo((1 / 5 + 2 / 6) / 2, 12)
  })
})
