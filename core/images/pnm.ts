import { DecodeFailure, tooLarge } from './decodeFailure.ts'
import type { RawPixels } from './rawPixels.ts'

/** What the text at the start of a PBM, PGM, PPM or PAM file says. */
export interface PnmHeader {
  readonly kind: 1 | 2 | 3 | 4 | 5 | 6 | 7
  readonly width: number
  readonly height: number
  /** The largest sample value, 1..65535; 1 for bitmaps. */
  readonly maximum: number
  /** Samples a pixel: 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: 1 | 2 | 3 | 4
  /** Where the samples start. */
  readonly offset: number
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39
const newline = 0x0a
const hash = 0x23

/** Walks over white space and comments, then reads a decimal number of at most nine digits. */
class Tokens {
  readonly #bytes: Uint8Array
  at: number
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  #skip(): void {
    for (;;) {
      const byte = this.#bytes[this.at]
      if (isSpace(byte)) this.at++
      else if (byte === hash) while (this.at < this.#bytes.length && this.#bytes[this.at] !== newline) this.at++
      else return
    }
  }

  /** -1 where no number stands. */
  number(): number {
    this.#skip()
    const start = this.at
    let value = 0
    while (isDigit(this.#bytes[this.at]) && this.at - start < 9) value = value * 10 + (this.#bytes[this.at++] as number) - 0x30
    return this.at === start || isDigit(this.#bytes[this.at]) ? -1 : value
  }

  /** One digit of a P1 bitmap: they need no space between them. */
  bit(): number {
    this.#skip()
    const byte = this.#bytes[this.at++]
    return byte === 0x30 ? 0 : byte === 0x31 ? 1 : -1
  }
}

/** Reads the header; null where these bytes are no Netpbm file. Never throws and allocates nothing that the header asks for. */
export function pnmHeader(bytes: Uint8Array): PnmHeader | null {
  const kind = (bytes[1] ?? 0) - 0x30
  if (bytes[0] !== 0x50 || kind < 1 || kind > 7) return null
  if (!isSpace(bytes[2]) && bytes[2] !== hash) return null
  if (kind === 7) return pamHeader(bytes)
  const tokens = new Tokens(bytes, 2)
  const width = tokens.number()
  const height = tokens.number()
  const maximum = kind === 1 || kind === 4 ? 1 : tokens.number()
  if (width < 1 || height < 1 || maximum < 1 || maximum > 65535) return null
  // One white-space character ends the header; what follows may be sample bytes that look like anything.
  if (!isSpace(bytes[tokens.at])) return null
  return { kind: kind as PnmHeader['kind'], width, height, maximum, channels: kind === 3 || kind === 6 ? 3 : 1, offset: tokens.at + 1 }
}

function pamHeader(bytes: Uint8Array): PnmHeader | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1')
  const end = /^ENDHDR[ \t]*\n/m.exec(text)
  if (!end) return null
  const field = (name: string): number => Number(new RegExp(String.raw`^${name}[ \t]+(\d{1,9})[ \t]*$`, 'm').exec(text.slice(0, end.index))?.[1] ?? -1)
  const width = field('WIDTH')
  const height = field('HEIGHT')
  const maximum = field('MAXVAL')
  const channels = field('DEPTH')
  if (width < 1 || height < 1 || maximum < 1 || maximum > 65535 || channels < 1 || channels > 4) return null
  return { kind: 7, width, height, maximum, channels: channels as 1 | 2 | 3 | 4, offset: end.index + end[0].length }
}

/**
 * Decodes PBM, PGM, PPM (plain and raw, 8 and 16 bit, scaled to 0..255) and PAM; of a file with several pictures the first.
 * Throws DecodeFailure: too-large before anything is allocated, truncated where samples are missing, corrupt where they are no numbers.
 * The formats: https://netpbm.sourceforge.net/doc/#formats
 */
export function decodePnm(bytes: Uint8Array, maxPixels: number): RawPixels {
  const header = pnmHeader(bytes)
  if (!header) throw new DecodeFailure('corrupt', 'The Netpbm header cannot be read.')
  const { kind, width, height, maximum, channels } = header
  if (width * height > maxPixels) throw tooLarge(width, height, maxPixels)
  const samples = width * height * channels
  const bytesHere = bytes.length - header.offset
  const leastBytes = kind === 1 ? samples : kind <= 3 ? samples * 2 - 1 : kind === 4 ? Math.ceil(width / 8) * height : samples * (maximum > 255 ? 2 : 1)
  // Checked before the allocation, so that a header of a few bytes cannot ask for gigabytes.
  if (bytesHere < leastBytes) throw new DecodeFailure('truncated', `The header promises ${width} x ${height} pixels; the data ends before that.`)
  const data = Buffer.allocUnsafe(samples)
  if (kind === 1) readBits(bytes, header, data)
  else if (kind <= 3) readNumbers(bytes, header, data)
  else if (kind === 4) readPackedBits(bytes, header, data)
  else readSamples(bytes, header, data)
  return { width, height, channels, data, depth: kind === 1 || kind === 4 ? 1 : maximum > 255 ? 16 : 8 }
}

const missing = (): DecodeFailure => new DecodeFailure('truncated', 'The samples end early.')

function readBits(bytes: Uint8Array, { offset }: PnmHeader, out: Buffer): void {
  const tokens = new Tokens(bytes, offset)
  for (let i = 0; i < out.length; i++) {
    const bit = tokens.bit()
    if (bit < 0) throw tokens.at > bytes.length ? missing() : new DecodeFailure('corrupt', `Pixel ${i} of the bitmap is neither 0 nor 1.`)
    out[i] = bit === 1 ? 0 : 255
  }
}

function readNumbers(bytes: Uint8Array, { offset, maximum }: PnmHeader, out: Buffer): void {
  const tokens = new Tokens(bytes, offset)
  const scale = 255 / maximum
  for (let i = 0; i < out.length; i++) {
    const value = tokens.number()
    if (value < 0) throw tokens.at >= bytes.length ? missing() : new DecodeFailure('corrupt', `Sample ${i} is not a number.`)
    out[i] = Math.round(Math.min(value, maximum) * scale)
  }
}

/** Rows are padded to whole bytes; 1 is black. */
function readPackedBits(bytes: Uint8Array, { offset, width, height }: PnmHeader, out: Buffer): void {
  const stride = Math.ceil(width / 8)
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      out[o] = (((bytes[offset + y * stride + (x >> 3)] as number) >> (7 - (x & 7))) & 1) === 1 ? 0 : 255
    }
  }
}

function readSamples(bytes: Uint8Array, { offset, maximum }: PnmHeader, out: Buffer): void {
  if (maximum === 255) {
    out.set(bytes.subarray(offset, offset + out.length))
    return
  }
  const scale = 255 / maximum
  const wide = maximum > 255
  for (let i = 0; i < out.length; i++) {
    const value = wide ? ((bytes[offset + 2 * i] as number) << 8) | (bytes[offset + 2 * i + 1] as number) : (bytes[offset + i] as number)
    out[i] = Math.round(Math.min(value, maximum) * scale)
  }
}
