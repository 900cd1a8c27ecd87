/** What a JPEG says of itself before its first scan, found in one walk over the markers. */
export interface JpegHeader {
  readonly width: number
  readonly height: number
  readonly components: number
  readonly precision: number
  /** EXIF orientation, 1..8; 1 where there is none. */
  readonly orientation: number
  /** The 64 entries of the luma quantisation table, zig-zag order; null where the file refers to none. */
  readonly lumaTable: Uint16Array | null
  readonly progressive: boolean
}

/** Null where there is no frame header to be found: the decoder will then say why. */
export function jpegHeader(bytes: Buffer): JpegHeader | null {
  let orientation = 1
  const tables = new Map<number, Uint16Array>()
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] as number
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    const length = bytes.readUInt16BE(at + 2)
    const body = bytes.subarray(at + 4, at + 2 + length)
    if (length < 2 || marker === 0xd9 || marker === 0xda) return null
    if (marker === 0xdb) readTables(body, tables)
    else if (marker === 0xe1 && body.toString('latin1', 0, 6) === 'Exif\0\0') orientation = exifOrientation(body.subarray(6)) ?? orientation
    else if (isFrame(marker)) {
      if (body.length < 6 + 3) return null
      return {
        precision: body[0] as number,
        height: body.readUInt16BE(1),
        width: body.readUInt16BE(3),
        components: body[5] as number,
        orientation,
        lumaTable: tables.get(body[8] as number) ?? laterTable(bytes, at + 2 + length, body[8] as number),
        progressive: marker === 0xc2
      }
    }
    at += 2 + length
  }
  return null
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function readTables(body: Buffer, tables: Map<number, Uint16Array>): void {
  for (let at = 0; at < body.length;) {
    const info = body[at++] as number
    const wide = info >> 4 === 1
    if (at + (wide ? 128 : 64) > body.length) return
    tables.set(info & 15, Uint16Array.from({ length: 64 }, (_, i) => (wide ? body.readUInt16BE(at + 2 * i) : (body[at + i] as number))))
    at += wide ? 128 : 64
  }
}

/** Tables may also stand between the frame header and the first scan. */
function laterTable(bytes: Buffer, from: number, wanted: number): Uint16Array | null {
  const tables = new Map<number, Uint16Array>()
  let at = from
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number
    const length = bytes.readUInt16BE(at + 2)
    if (marker === 0xda || length < 2) break
    if (marker === 0xdb) readTables(bytes.subarray(at + 4, at + 2 + length), tables)
    at += 2 + length
  }
  return tables.get(wanted) ?? null
}

/** The orientation of the first directory of a TIFF block, 1..8; null where there is none or it is out of range. */
function exifOrientation(tiff: Buffer): number | null {
  if (tiff.length < 8) return null
  const order = tiff.toString('latin1', 0, 2)
  if (order !== 'II' && order !== 'MM') return null
  const u16 = (at: number): number => (at + 2 > tiff.length ? -1 : order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  const entries = u16(directory)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i
    if (u16(entry) !== 0x0112) continue
    const value = u16(entry + 8)
    return value >= 1 && value <= 8 ? value : null
  }
  return null
}
