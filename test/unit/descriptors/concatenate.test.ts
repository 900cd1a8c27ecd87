import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatenate, type NamedDescriptors } from '../../../core/descriptors/concatenate.ts'
import { matrixOf } from '../../../core/domain/matrix.ts'

const model = (dim: number): fc.Arbitrary<NamedDescriptors<number>> =>
  fc.record({ ids: fc.uniqueArray(fc.integer({ min: -5, max: 12 }), { minLength: 1, maxLength: 12 }), weight: fc.constantFrom(0, 0.5, 1, 2) }).chain(({ ids, weight }) =>
    fc.array(fc.integer({ min: -8, max: 8 }), { minLength: ids.length * dim, maxLength: ids.length * dim }).map((values) => ({ ids, weight, matrix: matrixOf(Float32Array.from(values), dim) })))

const unit = (values: readonly number[]): number[] => {
  const length = Math.hypot(...values)
  return values.map((value) => (length === 0 ? 0 : value / length))
}

describe('descriptors of several models side by side', () => {
  test('are joined by id, whatever the order of their rows', () => {
    fc.assert(fc.property(fc.tuple(model(3), model(2), model(4)), fc.boolean(), fc.boolean(), (models, normaliseEach, normalise) => {
      const { ids, matrix, missing } = concatenate(models, { normaliseEach, normalise, missing: 'leave-out' })
      const shared = models[0].ids as number[]
      expect(ids).toEqual(shared.filter((id) => models.every((each) => Array.from(each.ids).includes(id))).sort((x, y) => x - y))
      for (const [row, id] of ids.entries()) {
        const joined = models.flatMap(({ ids: own, matrix: { dim, data }, weight }) => {
          const at = Array.from(own).indexOf(id) * dim
          const values = [...data.subarray(at, at + dim)]
          return (normaliseEach ? unit(values) : values).map((value) => value * weight)
        })
        const expected = normalise ? unit(joined) : joined
        for (const [d, value] of expected.entries()) expect(matrix.data[row * matrix.dim + d]).toBeCloseTo(value, 5)
      }
      const every = new Set(models.flatMap((each) => Array.from(each.ids)))
      expect(missing.map((lacking) => lacking.toSorted((x, y) => x - y))).toEqual(models.map((each) => [...every].filter((id) => !Array.from(each.ids).includes(id)).sort((x, y) => x - y)))
    }))
  })

  const one = (ids: string[], dim = 1): NamedDescriptors<string> => ({ ids, weight: 1, matrix: matrixOf(new Float32Array(ids.length * dim).fill(1), dim) })

  test('name an id that a model lacks, and one that it describes twice', () => {
    const options = { normaliseEach: true, normalise: true, missing: 'error' } as const
    expect(() => concatenate([one(['a', 'b', 'c', 'd']), one(['a', 'c'])], options)).toThrow('Model 2 does not describe b and 1 more, which another model does.')
    expect(() => concatenate([one(['a', 'b']), one(['b', 'a', 'b'])], options)).toThrow('Model 2 describes b twice (rows 0 and 2).')
    expect(concatenate([one(['a', 'b', 'c', 'd']), one(['a', 'c'])], { ...options, missing: 'leave-out' }).missing).toEqual([[], ['b', 'd']])
  })
})
