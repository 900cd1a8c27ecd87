import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { perceptualHashes } from '../../../core/images/perceptualHash.ts'

interface Plane { width: number; height: number; values: Uint8Array }

/** A plane as EXIF orientation `k + 1` shows it, pixel by pixel: where each shown pixel is taken from. */
function shown({ width: w, height: h, values }: Plane, k: number): Plane {
  const sideways = k >= 4
  const width = sideways ? h : w
  const height = sideways ? w : h
  const from = (x: number, y: number): [number, number] => {
    switch (k) {
      case 0: return [x, y]
      case 1: return [w - 1 - x, y]
      case 2: return [w - 1 - x, h - 1 - y]
      case 3: return [x, h - 1 - y]
      case 4: return [y, x]
      case 5: return [y, h - 1 - x]
      case 6: return [w - 1 - y, h - 1 - x]
      default: return [w - 1 - y, x]
    }
  }
  const out = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = from(x, y)
      out[y * width + x] = values[sy * w + sx] as number
    }
  }
  return { width, height, values: out }
}

const plane = fc.tuple(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 1, max: 140 })).chain(([width, height]) =>
  fc.uint8Array({ minLength: width * height, maxLength: width * height }).map((values) => ({ width, height, values })))

const hashOf = (hashes: Uint8Array, k: number): string => Buffer.from(hashes.subarray(k * 8, k * 8 + 8)).toString('hex')

describe('perceptual hash', () => {
  test('hash k of a picture is hash 0 of the picture turned that way', () => {
    fc.assert(fc.property(plane, (picture) => {
      const hashes = perceptualHashes(picture)
      for (let k = 0; k < 8; k++) expect(hashOf(hashes, k)).toBe(hashOf(perceptualHashes(shown(picture, k)), 0))
    }), { numRuns: 100, endOnFailure: true })
  })

  test('symmetric pictures, where half of the waves vanish, still agree', () => {
    fc.assert(fc.property(plane, (picture) => {
      const mirrored = shown(picture, 1)
      const symmetric = { ...picture, values: picture.values.map((value, i) => (value + (mirrored.values[i] as number)) >> 1) }
      const hashes = perceptualHashes(symmetric)
      expect(hashOf(hashes, 1)).toBe(hashOf(hashes, 0))
      for (let k = 0; k < 8; k++) expect(hashOf(hashes, k)).toBe(hashOf(perceptualHashes(shown(symmetric, k)), 0))
    }), { numRuns: 60, endOnFailure: true })
  })

  test('one tone has a hash of zeros, whatever the tone', () => {
    for (const tone of [0, 7, 255]) {
      const flat = perceptualHashes({ width: 33, height: 21, values: new Uint8Array(33 * 21).fill(tone) })
      expect([...flat].every((byte) => byte === 0)).toBe(true)
    }
  })

  test('has 64 bytes: eight hashes of 64 bits', () => {
    expect(perceptualHashes({ width: 1, height: 1, values: Uint8Array.of(9) })).toHaveLength(64)
  })
})
