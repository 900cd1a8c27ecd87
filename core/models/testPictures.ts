import sharp from 'sharp'
import { openImage, type OpenedImage } from '../images/openImage.ts'

const side = 320

/** Value 0..255 of a channel at (x, y) in a soft pattern of stripes and a disc. */
type Pattern = (x: number, y: number, channel: number) => number

const patterns: readonly Pattern[] = [
  (x, y, channel) => 128 + 90 * Math.sin(x / (9 + 4 * channel) + y / 40) + ((x - 200) ** 2 + (y - 120) ** 2 < 4000 ? 60 - 60 * channel : 0),
  (x, y, channel) => (Math.floor(x / 40) + Math.floor(y / 40)) % 2 === 0 ? 40 + 60 * channel : 220 - (y * (channel + 1)) / 6
]

/** Two different pictures that went through a JPEG encoder and back, so that a trial takes the same way as a photograph. */
export async function testPictures(): Promise<OpenedImage[]> {
  return await Promise.all(patterns.map(async (pattern) => {
    const pixels = new Uint8Array(side * side * 3)
    for (let i = 0; i < pixels.length; i++) {
      const pixel = Math.floor(i / 3)
      pixels[i] = Math.max(0, Math.min(255, Math.round(pattern(pixel % side, Math.floor(pixel / side), i % 3))))
    }
    const jpeg = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).jpeg({ quality: 95 }).toBuffer()
    return await openImage(jpeg)
  }))
}
