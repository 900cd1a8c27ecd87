import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawSplit, NearestNeighbour, trainingImages, usableClasses } from '../../bench/models/nearestNeighbour.ts'
import { blocksOf } from './blocks.ts'

const score = fc.integer({ min: -3, max: 3 }).map((n) => n / 4)

describe('1-NN', () => {
  test('right where every nearest training picture is of the class; as near to another class is wrong', () => {
    const sizes = fc.record({ test: fc.integer({ min: 1, max: 6 }), training: fc.integer({ min: 1, max: 8 }), rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }) })
    fc.assert(fc.property(sizes.chain((size) => fc.record({
      size: fc.constant(size),
      scores: fc.array(fc.array(score, { minLength: size.training, maxLength: size.training }), { minLength: size.test, maxLength: size.test }),
      testClass: fc.array(fc.nat(2), { minLength: size.test, maxLength: size.test }),
      trainingClass: fc.array(fc.nat(2), { minLength: size.training, maxLength: size.training })
    })), ({ size, scores, testClass, trainingClass }) => {
      const nearest = new NearestNeighbour(Int32Array.from(testClass), Int32Array.from(trainingClass))
      for (const block of blocksOf(scores, size.rows, size.columns)) nearest.add(block)
      const right = scores.filter((row, i) => row.every((value, j) => value < Math.max(...row) || trainingClass[j] === testClass[i])).length
      expect(nearest.accuracy()).toBe(right / scores.length)
    }))
  })

  test('classes with no more pictures than are trained with, and pictures without a class, take no part', () => {
    const many = Array.from({ length: trainingImages + 1 }, () => 'many')
    const few = Array.from({ length: trainingImages }, () => 'few')
    expect(usableClasses([...few, null, ...many])).toEqual([many.map((_, i) => few.length + 1 + i)])
  })

  test('a split trains with the same number of each class and tests with others; the same seed draws the same', () => {
    const classes = [Array.from({ length: 18 }, (_, i) => i), Array.from({ length: 40 }, (_, i) => 100 + i)]
    const split = drawSplit(classes, 3)
    expect(split).toEqual(drawSplit(classes, 3))
    expect(split).not.toEqual(drawSplit(classes, 4))
    const [first, second] = [[...split.training, ...split.test].filter((i) => i < 100), [...split.training, ...split.test].filter((i) => i >= 100)]
    expect([new Set(first).size, new Set(second).size]).toEqual([18, 20])
    expect([...split.training].filter((i) => i < 100)).toHaveLength(trainingImages)
  })
})
