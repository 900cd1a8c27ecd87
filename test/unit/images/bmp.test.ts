import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBmp } from '../../../core/images/bmp.ts'
import { DecodeFailure } from '../../../core/images/decodeFailure.ts'

interface Parts {
  width: number; height: number; bits: number; compression?: number; palette?: number[][]; masks?: number[]; pixels: number[]; colours?: number; gap?: number
}

/** A bitmap with a 40-byte header; masks and palette after it, then `gap` bytes of nothing. */
function bmp({ width, height, bits, compression = 0, palette = [], masks = [], pixels, colours = palette.length, gap = 0 }: Parts): Buffer {
  const offset = 54 + masks.length * 4 + palette.length * 4 + gap
  const out = Buffer.alloc(offset + pixels.length)
  out.write('BM', 'latin1')
  out.writeUInt32LE(out.length, 2)
  out.writeUInt32LE(offset, 10)
  out.writeUInt32LE(40, 14)
  out.writeInt32LE(width, 18)
  out.writeInt32LE(height, 22)
  out.writeUInt16LE(1, 26)
  out.writeUInt16LE(bits, 28)
  out.writeUInt32LE(compression, 30)
  out.writeUInt32LE(colours, 46)
  masks.forEach((mask, i) => out.writeUInt32LE(mask, 54 + 4 * i))
  palette.forEach(([r, g, b], i) => out.set([b as number, g as number, r as number, 0], 54 + masks.length * 4 + 4 * i))
  out.set(pixels, offset)
  return out
}

const decode = (parts: Parts) => decodeBmp(bmp(parts), 1_000_000)
const failureOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof DecodeFailure) return error.failure
    throw error
  }
  return 'none'
}
const black = [0, 0, 0]
const red = [255, 0, 0]
const green = [0, 255, 0]
const white = [255, 255, 255]

describe('Windows bitmaps', () => {
  test('24 bit, bottom-up with padding, and top-down', () => {
    const rows = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0]
    expect([...decode({ width: 2, height: 2, bits: 24, pixels: rows }).data]).toEqual([7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6])
    expect([...decode({ width: 2, height: -2, bits: 24, pixels: rows }).data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })
  test('1, 4 and 8 bit of odd width, all rows', () => {
    expect([...decode({ width: 3, height: -2, bits: 1, palette: [black, white], pixels: [0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0] }).data])
      .toEqual([white, black, white, black, white, black].flat())
    expect([...decode({ width: 3, height: -2, bits: 4, palette: [black, red, green], pixels: [0x12, 0x00, 0, 0, 0x21, 0x20, 0, 0] }).data])
      .toEqual([red, green, black, green, red, green].flat())
    expect([...decode({ width: 3, height: 1, bits: 8, palette: [black, red, green], pixels: [2, 1, 9, 0] }).data]).toEqual([green, red, black].flat())
  })
  test('pixels start where the header says', () => {
    expect([...decode({ width: 1, height: 1, bits: 24, gap: 10, pixels: [3, 2, 1, 0] }).data]).toEqual([1, 2, 3])
  })
  test('16 bit 5-5-5 and 5-6-5', () => {
    expect([...decode({ width: 1, height: 1, bits: 16, pixels: [0x00, 0x7c, 0, 0] }).data]).toEqual([255, 0, 0])
    expect([...decode({ width: 1, height: 1, bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: [0xe0, 0x07, 0, 0] }).data]).toEqual([0, 255, 0])
  })
  test('32 bit: without an alpha mask the fourth byte is nothing; with one it is alpha', () => {
    expect([...decode({ width: 1, height: 1, bits: 32, pixels: [3, 2, 1, 0] }).data]).toEqual([1, 2, 3])
    const alpha = decode({ width: 1, height: 1, bits: 32, compression: 6, masks: [0xff0000, 0xff00, 0xff, 0xff000000], pixels: [3, 2, 1, 128] })
    expect(alpha.channels).toBe(4)
    expect([...alpha.data]).toEqual([1, 2, 3, 128])
  })
  test('run lengths of 8 and 4 bit: runs, literals, line end, jump', () => {
    const palette = [black, red, green]
    // Bottom row first: two red, then a literal of three greens with its padding byte, end of line; a jump by 1; one green; end.
    expect([...decode({ width: 5, height: -2, bits: 8, compression: 1, palette, pixels: [2, 1, 0, 3, 2, 2, 2, 0, 0, 0, 0, 2, 1, 0, 1, 2, 0, 1] }).data])
      .toEqual([red, red, green, green, green, black, green, black, black, black].flat())
    expect([...decode({ width: 4, height: 1, bits: 4, compression: 2, palette, pixels: [3, 0x12, 1, 0x20, 0, 1] }).data]).toEqual([red, green, red, green].flat())
  })
  test('a header that promises too much ends as a typed failure before anything is allocated', () => {
    expect(failureOf(() => decode({ width: 0x7fffffff, height: 0x7fffffff, bits: 24, pixels: [] }))).toBe('too-large')
    expect(failureOf(() => decode({ width: 900, height: 900, bits: 24, pixels: [1, 2, 3] }))).toBe('truncated')
    expect(failureOf(() => decode({ width: 0, height: 4, bits: 24, pixels: [] }))).toBe('corrupt')
    expect(failureOf(() => decode({ width: -3, height: 4, bits: 24, pixels: [] }))).toBe('corrupt')
    expect(failureOf(() => decode({ width: 4, height: 4, bits: 24, compression: 4, pixels: [] }))).toBe('unsupported')
    expect(failureOf(() => decode({ width: 9, height: 9, bits: 8, compression: 1, palette: [black], pixels: [9] }))).toBe('truncated')
    expect(failureOf(() => decodeBmp(Buffer.from('BM'), 100))).toBe('truncated')
  })
  test('any bytes after the magic end in pixels or in a typed failure', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), fc.constantFrom(12, 40, 108, 124), fc.nat(20), fc.integer({ min: -20, max: 20 }), fc.constantFrom(1, 4, 8, 16, 24, 32), fc.nat(7), (body, size, width, height, bits, compression) => {
      const bytes = Buffer.alloc(Math.max(54, 14 + body.length))
      bytes.set(body, Math.min(14, bytes.length - body.length))
      bytes.write('BM', 'latin1')
      bytes.writeUInt32LE(size, 14)
      bytes.writeInt32LE(width, 18)
      bytes.writeInt32LE(height, 22)
      bytes.writeUInt16LE(bits, 28)
      bytes.writeUInt32LE(compression, 30)
      const failure = failureOf(() => {
        const { data, channels, width: w, height: h } = decodeBmp(bytes, 100_000)
        expect(data).toHaveLength(w * h * channels)
      })
      expect(['none', 'corrupt', 'truncated', 'too-large', 'unsupported']).toContain(failure)
    }), { numRuns: 500 })
  })
})
