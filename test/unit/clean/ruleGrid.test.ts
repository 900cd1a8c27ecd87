import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classTooSmall, kept, membersOf, outside, rowsWith, tooFewPairs } from '../../../core/clean/cell.ts'
import { checkAxes, countEvidence, type EvidenceKind, gldv2Axes, gridOf, mutualAxes, type RuleAxes } from '../../../core/clean/ruleGrid.ts'

interface Problem {
  readonly classOf: number[]
  readonly pairs: [number, number, number][]
  readonly axes: RuleAxes
}

const axis = (sign: 1 | -1, max: number): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 5 }).map((values) => values.sort((a, b) => (a - b) * sign))

const problems: fc.Arbitrary<Problem> = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.constantFrom<EvidenceKind>('inliers', 'mutual-rank')).chain(([n, evidence]) =>
  fc.record({
    classOf: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: n, maxLength: n }),
    pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.integer({ min: 0, max: 12 })), { maxLength: 80 }),
    axes: fc.record({
      evidence: fc.constant(evidence),
      values: axis(evidence === 'inliers' ? 1 : -1, 12),
      frequencies: axis(1, 6),
      leastImages: fc.integer({ min: 1, max: 3 })
    })
  }))

/** One cell by the rule's words, from the pairs each time anew. */
function bruteForce({ classOf, pairs, axes }: Problem, v: number, f: number): { fates: number[]; images: number; classes: number } {
  const enough = (value: number): boolean => (axes.evidence === 'inliers' ? value >= v : value >= 1 && value <= v)
  const clean = classOf.map((label, image) =>
    label >= 0 && pairs.filter(([query, reference, value]) => query === image && reference !== image && classOf[reference] === label && enough(value)).length >= f)
  const classes = [...new Set(classOf.filter((label) => label >= 0))].filter((label) => classOf.filter((other, image) => other === label && clean[image]).length >= axes.leastImages)
  const fates = classOf.map((label, image) => (label < 0 ? outside : !clean[image] ? tooFewPairs : classes.includes(label) ? kept : classTooSmall))
  return { fates, images: fates.filter((fate) => fate === kept).length, classes: classes.length }
}

const columnsOf = (pairs: Problem['pairs']): { queries: Int32Array; references: Int32Array } => ({
  queries: Int32Array.from(pairs, ([query]) => query),
  references: Int32Array.from(pairs, ([, reference]) => reference)
})

describe('the sweep', () => {
  test('every cell holds what the rule, applied to that cell alone, would keep; and its members are those', () => {
    fc.assert(fc.property(problems, (problem) => {
      const { axes, pairs } = problem
      const classOf = Int32Array.from(problem.classOf)
      const counts = countEvidence(columnsOf(pairs), pairs.map(([, , value]) => value), classOf, axes)
      const grid = gridOf(counts, classOf, axes)
      for (const [i, v] of axes.values.entries()) {
        for (const [j, f] of axes.frequencies.entries()) {
          const expected = bruteForce(problem, v, f)
          const members = membersOf(counts, classOf, axes, { v, f })
          expect([...members.fates]).toEqual(expected.fates)
          expect([members.keptImages, members.keptClasses]).toEqual([expected.images, expected.classes])
          expect([grid.images[i * axes.frequencies.length + j], grid.classes[i * axes.frequencies.length + j]]).toEqual([expected.images, expected.classes])
          for (const [label, size] of members.sizes.entries()) expect(size).toBe(problem.classOf.filter((one) => one === label).length)
        }
      }
    }))
  })

  test('keeps less the stricter it is, both ways', () => {
    fc.assert(fc.property(problems, ({ classOf: labels, pairs, axes }) => {
      const classOf = Int32Array.from(labels)
      const { images } = gridOf(countEvidence(columnsOf(pairs), pairs.map(([, , value]) => value), classOf, axes), classOf, axes)
      const width = axes.frequencies.length
      for (let at = 0; at < images.length; at++) {
        if (at % width > 0) expect(images[at]).toBeLessThanOrEqual(images[at - 1] as number)
        if (at >= width) expect(images[at]).toBeLessThanOrEqual(images[at - width] as number)
      }
    }))
  })

  test('an image with more pairs than a byte counts is still clean', () => {
    const n = 400
    const pairs = Array.from({ length: n - 1 }, (_, i): [number, number, number] => [0, i + 1, 99])
    const axes: RuleAxes = { evidence: 'inliers', values: [30], frequencies: [255], leastImages: 1 }
    const classOf = new Int32Array(n)
    expect(gridOf(countEvidence(columnsOf(pairs), pairs.map(([, , value]) => value), classOf, axes), classOf, axes).images[0]).toBe(1)
  })

  test('rowsWith lists the rows of some fates in order', () => {
    expect([...rowsWith(Uint8Array.of(kept, tooFewPairs, outside, classTooSmall, kept), tooFewPairs, classTooSmall)]).toEqual([1, 3])
  })

  test('says what is wrong with its axes, its cell and its pairs', () => {
    expect(() => checkAxes(gldv2Axes)).not.toThrow()
    expect(() => checkAxes(mutualAxes)).not.toThrow()
    expect(() => checkAxes({ ...gldv2Axes, values: [30, 20] })).toThrow('20 comes after 30')
    expect(() => checkAxes({ ...mutualAxes, values: [10, 20] })).toThrow('20 comes after 10')
    expect(() => checkAxes({ ...gldv2Axes, frequencies: [0, 1] })).toThrow('0 is not')
    expect(() => checkAxes({ ...gldv2Axes, frequencies: [1, 1] })).toThrow('each once')
    expect(() => checkAxes({ ...gldv2Axes, values: [] })).toThrow('at least one')
    expect(() => checkAxes({ ...gldv2Axes, frequencies: [300] })).toThrow('up to 255')
    expect(() => checkAxes({ ...gldv2Axes, leastImages: 0 })).toThrow('from 1')
    const counts = countEvidence(columnsOf([]), [], new Int32Array(2), gldv2Axes)
    expect(() => membersOf(counts, new Int32Array(2), gldv2Axes, { v: 31, f: 3 })).toThrow('no v = 31')
    expect(() => membersOf(counts, new Int32Array(2), gldv2Axes, { v: 30, f: 11 })).toThrow('no f = 11')
    expect(() => countEvidence(columnsOf([[0, 2, 1]]), [1], new Int32Array(2), gldv2Axes)).toThrow('Pair 0 (0, 2)')
    expect(() => countEvidence(columnsOf([[0, 1, 1]]), [], new Int32Array(2), gldv2Axes)).toThrow('not columns')
  })
})
