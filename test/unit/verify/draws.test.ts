import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Draws } from '../../../core/verify/draws.ts'

const { draws } = JSON.parse(readFileSync(join(import.meta.dirname, 'references', 'ransac.json'), 'utf8')) as { draws: { seed: number; samples: { n: number; sample: number[] }[] }[] }

test.each(draws)('seed $seed draws the samples that NumPy draws', ({ seed, samples }) => {
  const generator = new Draws(seed)
  for (const { n, sample } of samples) {
    const drawn = new Int32Array(sample.length)
    generator.choose(n, drawn)
    expect([...drawn]).toEqual(sample)
  }
})

test('samples hold different places within range, for any seed and size', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 4, max: 5_000_000 }), fc.integer({ min: 1, max: 4 }), (seed, n, k) => {
    const sample = new Int32Array(k)
    const generator = new Draws(seed)
    for (let i = 0; i < 5; i++) {
      generator.choose(n, sample)
      expect(new Set(sample).size).toBe(k)
      expect(sample.every((place) => place >= 0 && place < n)).toBe(true)
    }
  }))
})

test('a seed that is none is refused', () => {
  for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => new Draws(seed)).toThrow(RangeError)
})
