import { pnmHeader } from './pnm.ts'

/** Formats that Winnow turns into pixels. */
export type ReadableFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'bmp' | 'pnm' | 'svg'
/** Formats that it recognises and cannot read: the user is told so, instead of "not an image". */
export type UnreadableFormat = 'heic' | 'jxl' | 'jp2' | 'psd' | 'exr' | 'hdr' | 'ico' | 'qoi'
export type ImageFormat = ReadableFormat | UnreadableFormat

/** How many bytes from the start of a file `sniff` wants to see. */
export const sniffLength = 4096

const unreadable: ReadonlySet<ImageFormat> = new Set<UnreadableFormat>(['heic', 'jxl', 'jp2', 'psd', 'exr', 'hdr', 'ico', 'qoi'])
export const isReadable = (format: ImageFormat): format is ReadableFormat => !unreadable.has(format)

/** The format by content; the file's name is never asked. `head` holds the first `sniffLength` bytes, or the whole file. Null: no image known here. */
export function sniff(head: Uint8Array): ImageFormat | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, sniffLength))
  const at = (offset: number, ...values: number[]): boolean => values.every((value, i) => bytes[offset + i] === value)
  const text = (offset: number, value: string): boolean => bytes.length >= offset + value.length && bytes.toString('latin1', offset, offset + value.length) === value

  if (at(0, 0xff, 0xd8, 0xff)) return 'jpeg'
  if (at(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (text(0, 'GIF87a') || text(0, 'GIF89a')) return 'gif'
  if (text(0, 'RIFF') && text(8, 'WEBP')) return 'webp'
  if (at(0, 0x49, 0x49, 0x2a, 0) || at(0, 0x4d, 0x4d, 0, 0x2a) || at(0, 0x49, 0x49, 0x2b, 0) || at(0, 0x4d, 0x4d, 0, 0x2b)) return 'tiff'
  if (text(4, 'ftyp')) return isobmff(bytes)
  if (text(0, 'BM') && bytes.length >= 18 && bmpHeaderSizes.has(bytes.readUInt32LE(14))) return 'bmp'
  if (pnmHeader(bytes) !== null) return 'pnm'
  if (at(0, 0xff, 0x0a) || at(0, 0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20)) return 'jxl'
  if (at(0, 0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20) || at(0, 0xff, 0x4f, 0xff, 0x51)) return 'jp2'
  if (text(0, '8BPS')) return 'psd'
  if (at(0, 0x76, 0x2f, 0x31, 0x01)) return 'exr'
  if (text(0, '#?RADIANCE') || text(0, '#?RGBE')) return 'hdr'
  if (text(0, 'qoif')) return 'qoi'
  if (at(0, 0, 0, 1, 0) && (bytes[4] ?? 0) > 0 && at(5, 0) && at(9, 0)) return 'ico'
  if (svgRoot.test(bytes.toString('utf8'))) return 'svg'
  return null
}

const bmpHeaderSizes = new Set([12, 40, 52, 56, 64, 108, 124])

/** The root element must be svg: a web page with a drawing in it is not a picture. */
const svgRoot = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\])?[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/i

/** ISO base media files say what they hold in the brands of their first box. */
function isobmff(bytes: Buffer): ImageFormat | null {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256)
  const brands: string[] = [bytes.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4))
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif'
  if (brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return 'heic'
  return null
}

const imageExtensions = new Set([
  'jpg', 'jpeg', 'jpe', 'jfif', 'png', 'apng', 'webp', 'gif', 'tif', 'tiff', 'avif', 'bmp', 'dib', 'pnm', 'pbm', 'pgm', 'ppm', 'pam', 'svg',
  'heic', 'heif', 'hif', 'jxl', 'jp2', 'j2k', 'exr'
])

/** The last part of a name, lower case; '' where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}

/** Whether a name claims to be a picture. Only used to decide whether a file that is none is worth a word. */
export const claimsToBeImage = (name: string): boolean => imageExtensions.has(extensionOf(name))
