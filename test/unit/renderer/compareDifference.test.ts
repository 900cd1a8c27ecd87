import { describe, expect, test } from 'vitest'
import { difference, differenceWords } from '../../../renderer/components/compare/difference.ts'
import { bestOrientation, orientSquare, orientations } from '../../../renderer/features/duplicates/compare/orientation.ts'

const rgba = (...grey: number[]) => Uint8ClampedArray.from(grey.flatMap((g) => [g, g, g, 255]))

/** A picture without symmetry: a gradient with a bright corner. */
function scene(size: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(size * size * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) out.set([x * 4, y * 7, x < size / 4 && y < size / 3 ? 255 : 0, 255], (y * size + x) * 4)
  }
  return out
}

describe('absolute difference', () => {
  test('of equal pictures is nothing', () => {
    const result = difference(rgba(1, 2, 3), rgba(1, 2, 3))
    expect(result.mean).toBe(0)
    expect(differenceWords(result)).toBe('Identical at this size')
  })

  test('is measured before it is drawn stronger, and is the same both ways', () => {
    const result = difference(rgba(100, 0), rgba(110, 90), 4)
    expect(result.mean).toBe(50)
    expect(result.changed).toBe(0.5)
    expect([...result.pixels]).toEqual([40, 40, 40, 255, 255, 255, 255, 255])
    expect(difference(rgba(110, 90), rgba(100, 0)).mean).toBe(50)
    expect(differenceWords(result)).toBe('Mean difference 50.0 of 255 · 50 % of the pixels differ visibly')
  })

  test('is drawn stronger the fainter it is', () => {
    const faint = difference(rgba(...Array.from({ length: 200 }, () => 100)), rgba(...Array.from({ length: 200 }, () => 104)))
    const strong = difference(rgba(...Array.from({ length: 200 }, () => 0)), rgba(...Array.from({ length: 200 }, () => 220)))
    expect(faint.gain).toBe(32)
    expect(faint.pixels[0]).toBe(128)
    expect(strong.gain).toBe(1)
  })

  test('refuses pictures of different size', () => {
    expect(() => difference(rgba(1), rgba(1, 2))).toThrow(RangeError)
  })
})

describe('the way a copy was turned', () => {
  test('is found for all eight', () => {
    const size = 16
    const original = scene(size)
    for (const orientation of orientations) {
      const copy = orientSquare(original, size, orientation)
      const back = bestOrientation(original, copy, size)
      expect([...orientSquare(copy, size, back)]).toEqual([...original])
    }
  })

  test('is "as it is" for a picture that looks alike both ways', () => {
    const flat = rgba(...Array.from({ length: 64 }, (_, i) => 100 + (i % 2)))
    expect(bestOrientation(flat, flat, 8)).toBe(0)
  })
})
