import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imageLists, listsOfPairs } from '../../../core/metrics/imageLists.ts'
import { judgeByClass, judgeByPairs, judgeByRelevance } from '../../../core/metrics/judge.ts'
import { retrievalMetrics, type RetrievedImages } from '../../../core/metrics/retrieval.ts'
import { roxfordMetrics } from '../../../core/metrics/roxford.ts'
import { type ClassTruth, grades, type RelevanceTruth } from '../../../core/metrics/truth.ts'

const image = fc.integer({ min: 1, max: 9 })
interface Judged { readonly query: number; readonly of: readonly (readonly [number, number])[] }
/** Queries 1..n, each with images of a grade, each image once. */
const judged = fc.array(fc.uniqueArray(fc.tuple(image, fc.integer({ min: 0, max: 3 })), { selector: ([one]) => one, maxLength: 6 }), { minLength: 1, maxLength: 6 })
  .map((all): Judged[] => all.map((of, i) => ({ query: i + 1, of })))
const lists = fc.array(fc.array(image, { maxLength: 8 }), { minLength: 1, maxLength: 6 })

function relevance(all: readonly Judged[]): RelevanceTruth {
  const offsets = new Int32Array(all.length + 1)
  for (const [i, { of }] of all.entries()) offsets[i + 1] = (offsets[i] ?? 0) + of.length
  const flat = all.flatMap(({ of }) => of)
  return { kind: 'relevance', queries: Int32Array.from(all, ({ query }) => query), offsets, images: Int32Array.from(flat, ([one]) => one), grade: Uint8Array.from(flat, ([, grade]) => grade), usage: new Uint8Array(all.length) }
}

function rectangle(all: readonly (readonly number[])[], k = Math.max(0, ...all.map((list) => list.length))): RetrievedImages {
  const images = new Int32Array(all.length * k).fill(-1)
  for (const [i, list] of all.entries()) images.set(list, i * k)
  return { queries: Int32Array.from(all, (_, i) => i + 1), k, images }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('retrieval', () => {
  test('mAP, R@k and MRR are those of the definition; junk answers nothing, a repeat keeps its rank', () => {
    fc.assert(fc.property(judged, lists, fc.integer({ min: 1, max: 8 }), (truth, found, depth) => {
      const isRight = (of: Judged['of'], one: number): boolean => of.some(([right, grade]) => right === one && grades[grade] !== 'junk')
      const asked = truth.filter(({ of }) => of.some(([, grade]) => grades[grade] !== 'junk'))
      fc.pre(asked.length > 0)
      const each = asked.map(({ query, of }) => {
        const list = found[query - 1] ?? []
        const right = list.map((one, i) => isRight(of, one) && list.indexOf(one) === i)
        let hits = 0
        const ap = right.slice(0, depth).reduce((sum, ok, i) => (ok ? sum + ++hits / (i + 1) : sum), 0) / Math.min(of.filter(([, grade]) => grades[grade] !== 'junk').length, depth)
        return { ap, first: right.indexOf(true), within: right.slice(0, depth).filter(Boolean).length }
      })
      const metrics = retrievalMetrics(rectangle(found), judgeByRelevance(relevance(truth)), { depth, ranks: [depth] })
      expect(metrics.queries).toBe(asked.length)
      expect(metrics.map).toBeCloseTo(mean(each.map(({ ap }) => ap)), 12)
      expect(metrics.mrr).toBeCloseTo(mean(each.map(({ first }) => (first < 0 ? 0 : 1 / (first + 1)))), 12)
      expect(metrics.hitAt[0]).toBeCloseTo(mean(each.map(({ first }) => (first >= 0 && first < depth ? 1 : 0))), 12)
      expect(metrics.precisionAt[0]).toBeCloseTo(mean(each.map(({ within }) => within / depth)), 12)
    }))
  })

  test('by class: images of the class answer, the query itself never, and it does not take a rank', () => {
    // 1, 2, 3 are of class 0; 4 and 5 of class 1; 6 has none.
    const truth: ClassTruth = { kind: 'classes', images: Int32Array.of(1, 2, 3, 4, 5, 6), offsets: Int32Array.of(0, 1, 2, 3, 4, 5, 5), classes: Int32Array.of(0, 0, 0, 1, 1), names: ['a', 'b'], usage: new Uint8Array(6) }
    const found: RetrievedImages = { queries: Int32Array.of(1, 4, 6), k: 3, images: Int32Array.of(1, 2, 3, 4, 1, 5, 1, 2, 3) }
    const metrics = retrievalMetrics(found, judgeByClass(truth, found.queries, truth.images), { skipSelf: true, ranks: [1] })
    expect(metrics.queries).toBe(2)
    expect(metrics.map).toBeCloseTo((1 + 1 / 2) / 2, 12)
    expect(metrics.hitAt[0]).toBe(0.5)
  })

  test('by pairs: a distractor has nothing to find and is no query of the mean', () => {
    const judge = judgeByPairs({ kind: 'pairs', queries: Int32Array.of(1, 2), query: Int32Array.of(1), reference: Int32Array.of(7) })
    const metrics = retrievalMetrics({ queries: Int32Array.of(1, 2), k: 2, images: Int32Array.of(8, 7, 7, 8) }, judge)
    expect(metrics).toMatchObject({ queries: 1, map: 0.5, leftOut: 1 })
  })

  test('no query with anything to find: no number', () => {
    expect(() => retrievalMetrics(rectangle([[1]]), judgeByRelevance(relevance([{ query: 1, of: [] }])))).toThrow(/no query with something to find/u)
  })
})

describe('ROxford', () => {
  const sets = { easy: [['easy'], ['junk', 'hard']], medium: [['easy', 'hard'], ['junk']], hard: [['hard'], ['junk', 'easy']] } as const
  test.each(['easy', 'medium', 'hard'] as const)('%s: the trapezium area with junk taken out', (difficulty) => {
    const [positive, junk] = sets[difficulty].map((names) => new Set<string>(names)) as [Set<string>, Set<string>]
    fc.assert(fc.property(judged, fc.array(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9]), { minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 9 }), (truth, found, k) => {
      const graded = (of: Judged['of'], names: Set<string>): number[] => of.filter(([, grade]) => names.has(grades[grade] ?? '')).map(([one]) => one)
      const asked = truth.filter(({ of }) => graded(of, positive).length > 0)
      fc.pre(asked.length > 0)
      const each = asked.map(({ query, of }) => {
        const right = graded(of, positive)
        const list = (found[query - 1] ?? []).filter((one) => !graded(of, junk).includes(one)).map((one) => right.includes(one))
        let [ap, hits, precision, recall] = [0, 0, 1, 0]
        for (const [i, ok] of list.entries()) {
          if (ok) hits++
          const [nextPrecision, nextRecall] = [hits / (i + 1), hits / right.length]
          ap += ((nextRecall - recall) * (precision + nextPrecision)) / 2
          ;[precision, recall] = [nextPrecision, nextRecall]
        }
        const cut = Math.min(k, list.lastIndexOf(true) + 1)
        return { ap, precision: cut === 0 ? 0 : list.slice(0, cut).filter(Boolean).length / cut }
      })
      const metrics = roxfordMetrics(rectangle(found), relevance(truth), difficulty, [k])
      expect(metrics.map).toBeCloseTo(mean(each.map(({ ap }) => ap)), 12)
      expect(metrics.precisionAt[0]).toBeCloseTo(mean(each.map(({ precision }) => precision)), 12)
    }))
  })
})

describe('lists of images', () => {
  test('rows of one query are merged by score, an image stands once; single rows keep their order whatever their scores', () => {
    const parts = imageLists({ queries: Int32Array.of(1, 1, 2), k: 2, references: Int32Array.of(7, 8, 8, 9, 7, -1), scores: Float32Array.of(0.9, 0.2, 0.5, 0.4, 0.1, 0) })
    expect(parts).toEqual({ queries: Int32Array.of(1, 2), k: 3, images: Int32Array.of(7, 8, 9, 7, -1, -1) })
    const reranked = imageLists({ queries: Int32Array.of(1), k: 4, references: Int32Array.of(7, 8, 7, 9), scores: Float32Array.of(0.1, 0.9, 0.1, 0.5) })
    expect(reranked).toEqual({ queries: Int32Array.of(1), k: 3, images: Int32Array.of(7, 8, 9) })
  })

  test('pairs become lists by score', () => {
    const found = listsOfPairs({ query: Int32Array.of(2, 1, 2), reference: Int32Array.of(5, 6, 7), score: Float32Array.of(0.1, 0.5, 0.9) })
    expect(found).toEqual({ queries: Int32Array.of(2, 1), k: 2, images: Int32Array.of(7, 5, 6, -1) })
  })
})
