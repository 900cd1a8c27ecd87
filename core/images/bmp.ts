import { DecodeFailure, tooLarge } from './decodeFailure.ts'
import type { RawPixels } from './rawPixels.ts'

/**
 * Windows bitmaps of 1, 2, 4, 8, 16, 24 and 32 bits, with palettes, bit fields, RLE4 and RLE8, bottom-up and top-down.
 * Our own and not bmp-ts: that one stops after the first row of a 4-bit picture of odd width, ignores where the header says that the
 * pixels start, writes RLE into the wrong channels and allocates what the header asks for before it looks at the file's size.
 * Layout: https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types
 */
interface BmpHeader {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly compression: number
  readonly offset: number
  /** Where the palette starts, how many colours it has and how many bytes each takes. */
  readonly palette: { readonly at: number; readonly colours: number; readonly stride: 3 | 4 }
  /** Red, green, blue, alpha; a mask of 0 means: not there. */
  readonly masks: readonly [number, number, number, number]
}

const rgbUncompressed = 0
const rle8 = 1
const rle4 = 2
const bitFields = 3
const alphaBitFields = 6

function readHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < 26) throw new DecodeFailure('truncated', 'The bitmap ends inside its header.')
  const size = bytes.readUInt32LE(14)
  const core = size === 12
  if (bytes.length < 14 + size) throw new DecodeFailure('truncated', 'The bitmap ends inside its header.')
  const width = core ? bytes.readUInt16LE(18) : bytes.readInt32LE(18)
  const signedHeight = core ? bytes.readUInt16LE(20) : bytes.readInt32LE(22)
  const bits = bytes.readUInt16LE(core ? 24 : 28)
  const compression = core ? rgbUncompressed : bytes.readUInt32LE(30)
  const coloursUsed = core ? 0 : bytes.readUInt32LE(46)
  if (width < 1 || signedHeight === 0 || ![1, 2, 4, 8, 16, 24, 32].includes(bits)) {
    throw new DecodeFailure('corrupt', `The bitmap header makes no sense: ${width} x ${signedHeight} at ${bits} bits.`)
  }
  if (compression === 4 || compression === 5) throw new DecodeFailure('unsupported', 'A bitmap that wraps a JPEG or PNG. Save it as an ordinary picture.')
  if (compression > alphaBitFields) throw new DecodeFailure('corrupt', `The bitmap names compression ${compression}, which does not exist.`)

  const withMasks = compression === bitFields || compression === alphaBitFields
  const maskCount = size >= 56 || (size === 40 && compression === alphaBitFields) ? 4 : 3
  const maskBytesAfterHeader = size === 40 && withMasks ? maskCount * 4 : 0
  if (bytes.length < 14 + size + maskBytesAfterHeader) throw new DecodeFailure('truncated', 'The bitmap ends inside its header.')
  const mask = (i: number): number => (i < maskCount ? bytes.readUInt32LE(54 + 4 * i) : 0)
  const masks: BmpHeader['masks'] = withMasks
    ? [mask(0), mask(1), mask(2), mask(3)]
    : bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0x00ff0000, 0x0000ff00, 0x000000ff, 0]

  const colours = bits > 8 ? 0 : coloursUsed === 0 || coloursUsed > 1 << bits ? 1 << bits : coloursUsed
  const palette = { at: 14 + size + maskBytesAfterHeader, colours, stride: core ? 3 as const : 4 as const }
  const declared = bytes.readUInt32LE(10)
  const afterPalette = palette.at + colours * palette.stride
  // Some writers leave the offset at 0.
  const offset = declared >= 14 + size && declared < bytes.length ? declared : afterPalette
  return { width, height: Math.abs(signedHeight), topDown: signedHeight < 0, bits, compression, offset, palette, masks }
}

/** The size that a bitmap's header gives, in pixels. Throws DecodeFailure where there is none. */
export function bmpSize(bytes: Buffer): { width: number; height: number } {
  const { width, height } = readHeader(bytes)
  return { width, height }
}

/** Decodes a bitmap to RGB, or RGBA where it has an alpha mask. Throws DecodeFailure; nothing is allocated before the size was checked. */
export function decodeBmp(bytes: Buffer, maxPixels: number): RawPixels {
  const header = readHeader(bytes)
  const { width, height, bits, compression, offset } = header
  if (width * height > maxPixels) throw tooLarge(width, height, maxPixels)
  if (compression === rle8 || compression === rle4) return decodeRunLengths(bytes, header)
  const stride = Math.floor((width * bits + 31) / 32) * 4
  // The last row's padding is often left out.
  if (bytes.length < offset + stride * (height - 1) + Math.ceil((width * bits) / 8)) {
    throw new DecodeFailure('truncated', `The header promises ${width} x ${height} pixels; the data ends before that.`)
  }
  return bits <= 8 ? decodeIndexed(bytes, header, stride) : decodeDirect(bytes, header, stride)
}

/** 256 colours x RGB; what the file does not define is black. */
function readPalette(bytes: Buffer, { palette }: BmpHeader): Uint8Array {
  const table = new Uint8Array(256 * 3)
  for (let i = 0; i < palette.colours; i++) {
    const at = palette.at + i * palette.stride
    if (at + 3 > bytes.length) throw new DecodeFailure('truncated', 'The bitmap ends inside its palette.')
    table[i * 3] = bytes[at + 2] as number
    table[i * 3 + 1] = bytes[at + 1] as number
    table[i * 3 + 2] = bytes[at] as number
  }
  return table
}

function decodeIndexed(bytes: Buffer, header: BmpHeader, stride: number): RawPixels {
  const { width, height, topDown, bits, offset } = header
  const table = readPalette(bytes, header)
  const data = Buffer.allocUnsafe(width * height * 3)
  const perByte = 8 / bits
  const mask = (1 << bits) - 1
  for (let y = 0; y < height; y++) {
    const row = offset + (topDown ? y : height - 1 - y) * stride
    for (let x = 0, o = y * width * 3; x < width; x++, o += 3) {
      const byte = bytes[row + Math.floor(x / perByte)] as number
      const index = ((byte >> (8 - bits - (x % perByte) * bits)) & mask) * 3
      data[o] = table[index] as number
      data[o + 1] = table[index + 1] as number
      data[o + 2] = table[index + 2] as number
    }
  }
  return { width, height, channels: 3, data, depth: bits }
}

/** A table from the masked, shifted sample to 0..255 would be 4 GB for 32 bits, so the two numbers that make it are kept. */
function sampler(mask: number): { mask: number; shift: number; scale: number } {
  if (mask === 0) return { mask: 0, shift: 0, scale: 0 }
  const shift = 31 - Math.clz32(mask & -mask)
  return { mask, shift, scale: 255 / (mask >>> shift) }
}

function decodeDirect(bytes: Buffer, header: BmpHeader, stride: number): RawPixels {
  const { width, height, topDown, bits, offset, masks } = header
  const channels = masks[3] === 0 ? 3 : 4
  const data = Buffer.allocUnsafe(width * height * channels)
  const samplers = masks.slice(0, channels).map(sampler)
  const plain = bits === 24 || (bits === 32 && channels === 3 && masks[0] === 0xff0000 && masks[1] === 0xff00 && masks[2] === 0xff)
  const step = bits / 8
  for (let y = 0; y < height; y++) {
    let at = offset + (topDown ? y : height - 1 - y) * stride
    let o = y * width * channels
    for (let x = 0; x < width; x++, at += step) {
      if (plain) {
        data[o++] = bytes[at + 2] as number
        data[o++] = bytes[at + 1] as number
        data[o++] = bytes[at] as number
        continue
      }
      const pixel = bits === 16 ? bytes.readUInt16LE(at) : bytes.readUInt32LE(at)
      for (const { mask, shift, scale } of samplers) data[o++] = Math.round(((pixel & mask) >>> shift) * scale)
    }
  }
  return { width, height, channels, data, depth: bits === 16 ? 5 : 8 }
}

/** RLE4 and RLE8: runs, literal stretches, line ends and jumps. What no run reaches is colour 0. */
function decodeRunLengths(bytes: Buffer, header: BmpHeader): RawPixels {
  const { width, height, topDown, compression, offset } = header
  const nibbles = compression === rle4
  if (header.bits !== (nibbles ? 4 : 8)) throw new DecodeFailure('corrupt', 'The bitmap names a run-length code that does not fit its depth.')
  const table = readPalette(bytes, header)
  const indexes = new Uint8Array(width * height)
  let x = 0
  let line = 0
  let at = offset
  const put = (index: number): void => {
    if (x < width && line < height) indexes[(topDown ? line : height - 1 - line) * width + x] = index
    x++
  }
  for (let ended = false; !ended && line < height;) {
    if (at + 2 > bytes.length) throw new DecodeFailure('truncated', 'The bitmap\'s runs end early.')
    const count = bytes[at++] as number
    const value = bytes[at++] as number
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibbles ? (i % 2 === 0 ? value >> 4 : value & 15) : value)
    } else if (value === 0) {
      x = 0
      line++
    } else if (value === 1) {
      ended = true
    } else if (value === 2) {
      if (at + 2 > bytes.length) throw new DecodeFailure('truncated', 'The bitmap\'s runs end early.')
      x += bytes[at++] as number
      line += bytes[at++] as number
    } else {
      const length = nibbles ? Math.ceil(value / 2) : value
      if (at + length > bytes.length) throw new DecodeFailure('truncated', 'The bitmap\'s runs end early.')
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (nibbles ? i >> 1 : i)] as number
        put(nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte)
      }
      at += length + (length % 2)
    }
  }
  const data = Buffer.allocUnsafe(width * height * 3)
  for (let i = 0, o = 0; i < indexes.length; i++, o += 3) {
    const index = (indexes[i] as number) * 3
    data[o] = table[index] as number
    data[o + 1] = table[index + 1] as number
    data[o + 2] = table[index + 2] as number
  }
  return { width, height, channels: 3, data, depth: header.bits }
}
