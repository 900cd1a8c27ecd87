import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { averageRows } from '../../../core/descriptors/average.ts'
import { drawRows } from '../../../core/descriptors/drawRows.ts'
import { imageOfKey, partKey, partOfKey } from '../../../core/descriptors/partKey.ts'
import { matrixOf } from '../../../core/domain/matrix.ts'

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), { minLength: 1, maxLength: 9 })

test('views are averaged by key, over all inputs', () => {
  fc.assert(fc.property(fc.array(rows, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean(), (inputs, normaliseEach, normalise) => {
    const found = averageRows(inputs.map((list) => ({ keys: Float64Array.from(list, ([key]) => key), matrix: matrixOf(Float32Array.from(list.flatMap(([, x, y]) => [x, y])), 2) })), { normaliseEach, normalise })
    const unit = ([x, y]: readonly [number, number]): [number, number] => {
      const length = Math.hypot(x, y)
      return length === 0 ? [x, y] : [x / length, y / length]
    }
    const keys = [...new Set(inputs.flat().map(([key]) => key))].sort((x, y) => x - y)
    expect(Array.from(found.keys)).toEqual(keys)
    for (const [row, key] of keys.entries()) {
      const views = inputs.flat().filter(([each]) => each === key).map(([, x, y]) => (normaliseEach ? unit([x, y]) : ([x, y] as const)))
      const mean = [0, 1].map((d) => views.reduce((sum, view) => sum + (view[d] as number), 0) / views.length) as [number, number]
      expect(found.counts[row]).toBe(views.length)
      // The sum of opposite unit vectors is only nearly zero, and has no direction then.
      if (Math.hypot(...mean) < 1e-6) continue
      for (const [d, value] of (normalise ? unit(mean) : mean).entries()) expect(found.matrix.data[row * 2 + d]).toBeCloseTo(value, 5)
    }
  }))
})

test('a part’s key says its image and part again, in their order', () => {
  const image = fc.integer({ min: 0, max: 2 ** 31 - 1 })
  const part = fc.integer({ min: 0, max: 2 ** 21 - 1 })
  fc.assert(fc.property(image, part, image, part, (a, aPart, b, bPart) => {
    expect([imageOfKey(partKey(a, aPart)), partOfKey(partKey(a, aPart))]).toEqual([a, aPart])
    expect(Math.sign(partKey(a, aPart) - partKey(b, bPart))).toBe(Math.sign(a - b || aPart - bPart))
  }))
})

test('rows are drawn once each, the same ones for the same seed', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 250 }), fc.nat(), (count, most, seed) => {
    const drawn = drawRows(count, most, seed)
    expect(drawn).toHaveLength(Math.min(count, most))
    expect(Array.from(drawn)).toEqual([...new Set(drawn)].sort((x, y) => x - y))
    expect(drawn.every((row) => row < count)).toBe(true)
    expect(drawRows(count, most, seed)).toEqual(drawn)
  }))
})
