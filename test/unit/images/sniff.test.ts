import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endsEarly } from '../../../core/images/endsEarly.ts'
import { jpegHeader } from '../../../core/images/jpegHeader.ts'
import { pngHeader } from '../../../core/images/pngHeader.ts'
import { claimsToBeImage, sniff } from '../../../core/images/sniff.ts'

const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))

describe('sniffing by content', () => {
  test.each([
    ['jpeg', bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['png', bytes([0x89], 'PNG\r\n', [0x1a], '\n')],
    ['gif', bytes('GIF89a')],
    ['webp', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 ')],
    ['tiff', bytes('II', [42, 0])],
    ['tiff', bytes('MM', [0, 42])],
    ['avif', bytes([0, 0, 0, 24], 'ftypmif1', [0, 0, 0, 0], 'mif1avif')],
    ['heic', bytes([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0], 'mif1heic')],
    ['bmp', bytes('BM', Array.from({ length: 12 }, () => 0), [40, 0, 0, 0])],
    ['pnm', bytes('P5\n# x\n2 2\n255\n1234')],
    ['jxl', bytes([0xff, 0x0a])],
    ['svg', bytes('<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg xmlns="http://www.w3.org/2000/svg">')],
    ['svg', bytes('  <svg width="1">')]
  ])('%s', (format, content) => expect(sniff(content)).toBe(format))

  test.each([
    ['nothing', ''], ['text', 'this is not an image\n'], ['a web page with a drawing', '<html><svg></svg></html>'], ['a word that begins with BM', 'BMW builds cars of many sizes.'],
    ['a video', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom'], ['a sentence that begins with P6', 'P6 3 points for the team'], ['an svg name', '<svgfoo>']
  ])('%s is no image', (_name, content) => expect(sniff(bytes(content))).toBeNull())

  test('names are only asked whether they claim to be a picture', () => {
    expect(['a.JPG', 'b.tiff', 'c.heic', 'd.pgm'].every(claimsToBeImage)).toBe(true)
    expect(['a.txt', 'jpg', '.png', 'data.csv', ''].some(claimsToBeImage)).toBe(false)
  })

  test('headers and structure checks survive any bytes', () => {
    const starts = [[0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52], [0x49, 0x49, 42, 0], [0x47, 0x49, 0x46], [0x52, 0x49, 0x46, 0x46]]
    fc.assert(fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      const content = bytes(start, [...rest])
      sniff(content)
      jpegHeader(content)
      pngHeader(content)
      for (const format of ['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff', 'bmp', 'svg'] as const) expect(typeof endsEarly(content, format)).toBe('boolean')
    }), { numRuns: 400 })
  })
})
