import type { RgbPixels } from './rawPixels.ts'

/** How a picture looks, measured on its 256 px version. */
export interface Quality {
  /** Variance of the 4-neighbour Laplacian of luma (0..255): under about 50 is blurred, several hundred is crisp. Pech-Pacheco et al., 2000. */
  readonly sharpness: number
  /** Mean luma, 0 black .. 1 white. */
  readonly exposure: number
  /** Standard deviation of luma, 0 .. 0.5 of the full range. */
  readonly contrast: number
  /** Shannon entropy of the luma histogram, 0 (one tone) .. 8 bits. */
  readonly entropy: number
}

/** The luma of a picture (`height` rows of `width` values, 0..255), with how often each value occurs. */
export interface LumaPlane {
  readonly width: number
  readonly height: number
  readonly values: Uint8Array
  readonly histogram: Uint32Array
}

/** Rec. 601 luma of interleaved RGB. In whole numbers and in one pass: this runs over every picture of a library. */
export function lumaOf({ data, width, height }: RgbPixels): LumaPlane {
  const values = new Uint8Array(width * height)
  const histogram = new Uint32Array(256)
  for (let i = 0, at = 0; i < values.length; i++, at += 3) {
    const value = (19595 * (data[at] as number) + 38470 * (data[at + 1] as number) + 7471 * (data[at + 2] as number) + 32768) >> 16
    values[i] = value
    histogram[value] = (histogram[value] as number) + 1
  }
  return { width, height, values, histogram }
}

export function qualityOf(luma: LumaPlane): Quality {
  const pixels = luma.values.length
  let sum = 0
  let squares = 0
  let entropy = 0
  for (let value = 0; value < 256; value++) {
    const count = luma.histogram[value] as number
    if (count === 0) continue
    sum += value * count
    squares += value * value * count
    entropy -= (count / pixels) * Math.log2(count / pixels)
  }
  const mean = sum / pixels
  return {
    sharpness: laplacianVariance(luma),
    exposure: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / pixels - mean * mean)) / 255,
    entropy
  }
}

function laplacianVariance({ values: luma, width, height }: LumaPlane): number {
  if (width < 3 || height < 3) return 0
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y++) {
    // Row sums stay below 2^31, so that they are added as whole numbers.
    let rowSum = 0
    let rowSquares = 0
    const first = y * width + 1
    let left = luma[first - 1] as number
    let here = luma[first] as number
    for (let i = first, end = first + width - 2; i < end; i++) {
      const right = luma[i + 1] as number
      const value = 4 * here - left - right - (luma[i - width] as number) - (luma[i + width] as number)
      rowSum = (rowSum + value) | 0
      rowSquares = (rowSquares + value * value) | 0
      left = here
      here = right
    }
    sum += rowSum
    squares += rowSquares
  }
  const count = (width - 2) * (height - 2)
  const mean = sum / count
  return Math.max(0, squares / count - mean * mean)
}
