import type { Header } from './openImage.ts'

const colours = new Map<number, Pick<Header, 'colour' | 'hasAlpha'>>([
  [0, { colour: 'grey', hasAlpha: false }],
  [2, { colour: 'rgb', hasAlpha: false }],
  [3, { colour: 'palette', hasAlpha: false }],
  [4, { colour: 'grey', hasAlpha: true }],
  [6, { colour: 'rgb', hasAlpha: true }]
])

/** What a PNG says of itself. Null where it is damaged or may carry an orientation: the decoder's own reader is asked then. */
export function pngHeader(bytes: Buffer): Header | null {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  const kind = colours.get(bytes[25] as number)
  const width = bytes.readUInt32BE(16)
  const height = bytes.readUInt32BE(20)
  if (!kind || width === 0 || height === 0) return null
  let { hasAlpha } = kind
  for (let at = 33; at + 12 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT') return { width, height, colour: kind.colour, hasAlpha, depth: bytes[24] as number, orientation: 1 }
    // EXIF, also in the text form that ImageMagick writes.
    if (type === 'eXIf' || type === 'zTXt' || type === 'tEXt' || type === 'iTXt') return null
    if (type === 'tRNS') hasAlpha = true
    at += 12 + bytes.readUInt32BE(at)
  }
  return null
}
