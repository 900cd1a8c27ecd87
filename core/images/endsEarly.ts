import { bmpSize } from './bmp.ts'
import type { ImageFormat } from './sniff.ts'

/**
 * Whether a file of this format was cut off, judged by its structure alone: asked only after its decoder gave up, to tell a download that
 * did not finish from damaged bytes.
 */
export function endsEarly(bytes: Buffer, format: ImageFormat): boolean {
  switch (format) {
    case 'jpeg': return bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0 || jpegStopsInHeader(bytes)
    case 'png': return pngStops(bytes)
    case 'gif': return !endsWithTrailer(bytes)
    case 'webp': return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length
    case 'avif': return boxesStop(bytes)
    case 'tiff': return tiffStops(bytes)
    case 'bmp': return bmpStops(bytes)
    case 'svg': return !/<\/svg\s*>\s*(?:<!--[\s\S]*?-->\s*)*$/i.test(bytes.subarray(-4096).toString('utf8'))
    default: return false
  }
}

function jpegStopsInHeader(bytes: Buffer): boolean {
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return false
    if (bytes[at + 1] === 0xda) return false
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return true
}

function pngStops(bytes: Buffer): boolean {
  let at = 8
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return false
    at += 12 + length
  }
  return true
}

/** A trailer, perhaps with padding after it. */
function endsWithTrailer(bytes: Buffer): boolean {
  let end = bytes.length - 1
  while (end > 0 && bytes[end] === 0) end--
  return bytes[end] === 0x3b
}

function boxesStop(bytes: Buffer): boolean {
  let at = 0
  while (at + 8 <= bytes.length) {
    const short = bytes.readUInt32BE(at)
    if (short === 0) return false
    const length = short === 1 ? (at + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(at + 8)) : Infinity) : short
    if (length < 8) return false
    at += length
  }
  return at !== bytes.length
}

/** The directory, or the strips or tiles that it names, lie beyond the end. */
function tiffStops(bytes: Buffer): boolean {
  if (bytes.length < 8) return true
  const little = bytes[0] === 0x49
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  if (u16(2) !== 42) return false
  const directory = u32(4)
  if (directory + 2 > bytes.length) return true
  const entries = u16(directory)
  if (directory + 2 + entries * 12 > bytes.length) return true
  const values = (wanted: readonly number[]): number[] => {
    for (let entry = directory + 2; entry < directory + 2 + entries * 12; entry += 12) {
      if (!wanted.includes(u16(entry))) continue
      const wide = u16(entry + 2) === 4
      const count = u32(entry + 4)
      const size = wide ? 4 : 2
      const from = count * size <= 4 ? entry + 8 : u32(entry + 8)
      if (from + count * size > bytes.length) return [Infinity]
      return Array.from({ length: count }, (_, i) => (wide ? u32(from + 4 * i) : u16(from + 2 * i)))
    }
    return []
  }
  const offsets = values([273, 324])
  const lengths = values([279, 325])
  return offsets.some((offset, i) => offset + (lengths[i] ?? 0) > bytes.length)
}

function bmpStops(bytes: Buffer): boolean {
  try {
    bmpSize(bytes)
  } catch {
    return bytes.length < 54
  }
  return bytes.readUInt32LE(2) > bytes.length
}
