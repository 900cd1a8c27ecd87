import type { OpenedImage } from './openImage.ts'
import type { RgbPixels } from './rawPixels.ts'

/** The luma quantisation table of the JPEG standard (Annex K), zig-zag order: libjpeg's quality 50. */
const standardLuma = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
  56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99
]

/**
 * Estimated damage by lossy compression, 0 none .. 1 as bad as it gets, in the unit 1 - (libjpeg quality / 100): 0.05 is a JPEG of quality 95,
 * 0.5 one of quality 50. For a JPEG it is read from its quantisation table; for lossy WebP and AVIF it is guessed from the bytes a pixel
 * takes. In every format the blocks of an earlier JPEG that still show in the pixels raise it, so that a JPEG saved again as PNG, or
 * again at a higher quality, is not taken for a fresh picture.
 */
export function compressionOf(image: OpenedImage, pixels: RgbPixels, bytes: Buffer): number {
  const declared = image.jpeg?.lumaTable
    ? damageOfTable(image.jpeg.lumaTable)
    : isLossy(image, bytes) ? damageOfRate((bytes.length * 8) / (image.width * image.height)) : 0
  return Math.max(declared, damageOfBlocks(blockiness(pixels)))
}

function damageOfTable(table: Uint16Array): number {
  const scale = table.reduce((sum, step, i) => sum + step / (standardLuma[i] as number), 0) / 64
  // libjpeg: scale = (200 - 2 q) / 100 from quality 50 up, 50 / q below.
  const quality = scale <= 1 ? 100 - 50 * scale : 50 / scale
  return Math.min(1, Math.max(0, 1 - quality / 100))
}

/** WebP says whether it is lossless in the name of its first chunk; AVIF is taken for lossy. */
const isLossy = (image: OpenedImage, bytes: Buffer): boolean =>
  image.format === 'avif' || (image.format === 'webp' && bytes.subarray(12, 4096).includes('VP8 '))

const damageOfRate = (bitsPerPixel: number): number => 1 / (1 + 4 * bitsPerPixel)

const sampledLines = 24
const sampledReach = 768

/**
 * How much stronger luma steps are on the 8-pixel grid than elsewhere, as a ratio - 1; near 0 for pictures that never were JPEGs. Looks at up to
 * 24 rows and 24 columns at full resolution, at the grid phase that stands out most (a crop moves the grid), and takes the lesser of the
 * two directions: a picture of a fence has a grid in one of them.
 */
function blockiness({ data, width, height }: RgbPixels): number {
  return Math.min(alongLines(data, width, height, width, 1), alongLines(data, height, width, 1, width))
}

/** Math.abs for whole numbers. */
const size = (value: number): number => (value ^ (value >> 31)) - (value >> 31)

/** Steps between neighbours along lines: `length` samples `step` pixels apart, `count` lines `pitch` pixels apart. */
function alongLines(data: Buffer, length: number, count: number, pitch: number, step: number): number {
  if (length < 32 || count < 8) return 0
  const sums = new Int32Array(8)
  const lines = Math.min(sampledLines, count)
  // A whole number of blocks from the middle, so that every phase is seen equally often.
  const reach = Math.min(sampledReach, (length - 4) & ~7)
  const first = Math.floor((length - reach - 3) / 2)
  const stride = step * 3
  for (let n = 0; n < lines; n++) {
    let at = (Math.floor(((n + 0.5) * count) / lines) * pitch + first * step) * 3 + 1
    let a = data[at] as number
    let b = data[at + stride] as number
    let c = data[at + 2 * stride] as number
    at += 3 * stride
    for (let i = 0; i < reach; i++, at += stride) {
      const d = data[at] as number
      // Twice the step between b and c beyond the slope on either side of it: edges of the picture itself cancel out.
      const jump = 2 * size(b - c) - size(a - b) - size(c - d)
      // Between 0 and 64, without a branch that would be guessed wrongly every other time.
      const positive = jump & ~(jump >> 31)
      const over = positive - 64
      sums[i & 7] = (sums[i & 7] as number) + 64 + (over & (over >> 31))
      a = b
      b = c
      c = d
    }
  }
  const best = Math.max(...sums)
  const rest = (sums.reduce((sum, value) => sum + value, 0) - best) / 7
  const noise = 0.1 * ((lines * reach) / 8)
  return Math.max(0, (best + noise) / (rest + noise) - 1)
}

/**
 * Blockiness as damage. Fitted on 12 photographs shrunk and then saved at known qualities: their blockiness was 0.4 at quality 75, 0.9 at 50, 1.4
 * at 30 and 2.5 at 15 (medians), and below 0.45 before, so that nothing is said under that.
 */
const damageOfBlocks = (ratio: number): number => (ratio < 0.45 ? 0 : 1 - Math.exp(-0.8 * ratio))
