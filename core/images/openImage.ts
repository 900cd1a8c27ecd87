import sharp, { type FailOnOptions, type Sharp } from 'sharp'
import { decodeBmp } from './bmp.ts'
import { DecodeFailure, tooLarge } from './decodeFailure.ts'
import { endsEarly } from './endsEarly.ts'
import { jpegHeader, type JpegHeader } from './jpegHeader.ts'
import { pngHeader } from './pngHeader.ts'
import { decodePnm } from './pnm.ts'
import type { RawPixels, RgbPixels } from './rawPixels.ts'
import { isReadable, sniff, type ReadableFormat } from './sniff.ts'

/** Pictures of more pixels are refused before they are decoded: 250 megapixels are 750 MB as RGB. */
const defaultMaxPixels = 250_000_000

export interface OpenOptions {
  readonly maxPixels?: number
  /** SVG is off unless the user switched it on for the folder. */
  readonly svg?: boolean
}

export type Colour = 'rgb' | 'grey' | 'cmyk' | 'palette' | 'lab'

/** What a file says of its pixels before they are decoded; width and height as stored, before the EXIF orientation. */
export interface Header {
  readonly width: number
  readonly height: number
  /** As stored in the file, before it is turned into sRGB. */
  readonly colour: Colour
  /** Bits a sample in the file. */
  readonly depth: number
  readonly hasAlpha: boolean
  /** EXIF orientation in the file, 1..8. */
  readonly orientation: number
}

/** A picture whose header was read and whose pixels are ready to be decoded. Its width and height are upright: the orientation is applied to everything here. */
export interface OpenedImage extends Header {
  readonly format: ReadableFormat
  readonly jpeg: JpegHeader | null
  /** A sharp pipeline whose output is upright 8-bit sRGB of 3 channels, alpha on white: ready for .resize() and .raw(). Wrap what it throws with `failureOf`. */
  pipeline(): Sharp
  /** All pixels. Throws DecodeFailure. */
  rgb(): Promise<RgbPixels>
  /** The typed reason behind an error of the pipeline. */
  failureOf(error: unknown): DecodeFailure
}

/** Sniffs and reads the header. Throws DecodeFailure: empty, not-an-image, unsupported, too-large, truncated or corrupt. */
export async function openImage(bytes: Buffer, { maxPixels = defaultMaxPixels, svg = false }: OpenOptions = {}): Promise<OpenedImage> {
  if (bytes.length === 0) throw new DecodeFailure('empty', 'The file has no content.')
  const format = sniff(bytes)
  if (!format) throw new DecodeFailure('not-an-image', 'The content is no picture format that Winnow knows.')
  if (!isReadable(format)) throw new DecodeFailure('unsupported', `${format.toUpperCase()} pictures cannot be read here. Convert the file to PNG, JPEG or TIFF.`)
  if (format === 'svg' && !svg) throw new DecodeFailure('unsupported', 'SVG is switched off for this folder. Switch it on in the folder\'s settings to read it.')
  if (format === 'bmp') return openRaw(format, decodeBmp(bytes, maxPixels))
  if (format === 'pnm') return openRaw(format, decodePnm(bytes, maxPixels))
  return await openWithSharp(bytes, format, maxPixels)
}

function openRaw(format: ReadableFormat, raw: RawPixels): OpenedImage {
  const { width, height, channels, data, depth } = raw
  const failureOf = (error: unknown): DecodeFailure => (error instanceof DecodeFailure ? error : new DecodeFailure('corrupt', messageOf(error), { cause: error }))
  const pipeline = (): Sharp => toRgb(sharp(data, { raw: { width, height, channels }, limitInputPixels: false }))
  return {
    format, width, height, depth, orientation: 1, jpeg: null,
    colour: channels < 3 ? 'grey' : 'rgb',
    hasAlpha: channels === 2 || channels === 4,
    pipeline,
    failureOf,
    rgb: async () => (channels === 3 ? { width, height, data } : await decode(pipeline(), failureOf))
  }
}

async function openWithSharp(bytes: Buffer, format: ReadableFormat, maxPixels: number): Promise<OpenedImage> {
  const failureOf = (error: unknown): DecodeFailure => typedFailure(error, bytes, format)
  const jpeg = format === 'jpeg' ? jpegHeader(bytes) : null
  const header = headerOfJpeg(jpeg) ?? (format === 'png' ? pngHeader(bytes) : null) ?? await readHeader(bytes, failureOf)
  if (header.width * header.height > maxPixels) throw tooLarge(header.width, header.height, maxPixels)
  const sideways = header.orientation >= 5
  const pipeline = (failOn: FailOnOptions = 'error'): Sharp => toRgb(sharp(bytes, { failOn, limitInputPixels: false, pages: format === 'svg' ? undefined : 1 }))
  return {
    ...header,
    format,
    jpeg,
    width: sideways ? header.height : header.width,
    height: sideways ? header.width : header.height,
    pipeline: () => pipeline(),
    failureOf,
    async rgb() {
      if (format !== 'jpeg') return await decode(pipeline(), failureOf)
      // libjpeg calls both a harmless stray byte and a broken picture a warning: only the words tell them apart.
      try {
        return await decode(pipeline('warning'), (error) => error as Error)
      } catch (error) {
        if (isDamage(error)) throw failureOf(error)
        return await decode(pipeline(), failureOf)
      }
    }
  }
}

const isDamage = (error: unknown): boolean => /premature end|bad huffman|corrupt jpeg data: (?:found marker|bad arithmetic)/i.test(messageOf(error))

/** JPEG headers are read here and not by a second trip through the decoder: for small photographs that trip costs a third of the decode. */
function headerOfJpeg(jpeg: JpegHeader | null): Header | null {
  if (!jpeg || jpeg.width === 0 || jpeg.height === 0) return null
  const { width, height, orientation, precision, components } = jpeg
  return { width, height, orientation, depth: precision, hasAlpha: false, colour: components === 1 ? 'grey' : components === 4 ? 'cmyk' : 'rgb' }
}

async function readHeader(bytes: Buffer, failureOf: (error: unknown) => DecodeFailure): Promise<Header> {
  try {
    const { width, height, space, depth, hasAlpha, orientation, isPalette, bitsPerSample } = await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata()
    return {
      width, height, hasAlpha,
      orientation: orientation ?? 1,
      depth: bitsPerSample ?? bitsOf(depth),
      colour: isPalette ? 'palette' : colourOf(space)
    }
  } catch (error) {
    throw failureOf(error)
  }
}

const colourOf = (space: string): Colour =>
  space === 'b-w' || space === 'grey16' ? 'grey' : space === 'cmyk' ? 'cmyk' : space === 'lab' || space === 'labs' ? 'lab' : 'rgb'

const bitsOf = (depth: string): number =>
  ({ uchar: 8, char: 8, ushort: 16, short: 16, uint: 32, int: 32, float: 32, complex: 64, double: 64, dpcomplex: 128 })[depth] ?? 8

const toRgb = (image: Sharp): Sharp => image.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha()

async function decode(pipeline: Sharp, failureOf: (error: unknown) => Error): Promise<RgbPixels> {
  try {
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) throw new Error(`the decoder gave ${info.channels} channels`)
    return { width: info.width, height: info.height, data }
  } catch (error) {
    throw failureOf(error)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n')[0] ?? ''

function typedFailure(error: unknown, bytes: Buffer, format: ReadableFormat): DecodeFailure {
  if (error instanceof DecodeFailure) return error
  const message = messageOf(error)
  const cut = /premature end of jpeg|unexpected end of gif/i.test(message) || endsEarly(bytes, format)
  return cut
    ? new DecodeFailure('truncated', `The file ends early (${message}). Copy it again from where it came from.`, { cause: error })
    : new DecodeFailure('corrupt', `The ${format} decoder gave up: ${message}`, { cause: error })
}
