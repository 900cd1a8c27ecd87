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

/** Rec. 601 luma of interleaved RGB, 0..255. */
export function lumaOf(rgb: Uint8Array, pixels: number): Float32Array {
  const luma = new Float32Array(pixels)
  for (let i = 0, at = 0; i < pixels; i++, at += 3) {
    luma[i] = 0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number)
  }
  return luma
}

export function qualityOf(luma: Float32Array, width: number, height: number): Quality {
  const pixels = width * height
  const histogram = new Uint32Array(256)
  let sum = 0
  let squares = 0
  for (let i = 0; i < pixels; i++) {
    const value = luma[i] as number
    sum += value
    squares += value * value
    const bin = Math.round(value)
    histogram[bin] = (histogram[bin] as number) + 1
  }
  const mean = sum / pixels
  let entropy = 0
  for (const count of histogram) if (count > 0) entropy -= (count / pixels) * Math.log2(count / pixels)
  return {
    sharpness: laplacianVariance(luma, width, height),
    exposure: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / pixels - mean * mean)) / 255,
    entropy
  }
}

function laplacianVariance(luma: Float32Array, width: number, height: number): number {
  if (width < 3 || height < 3) return 0
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      const value = 4 * (luma[i] as number) - (luma[i - 1] as number) - (luma[i + 1] as number) - (luma[i - width] as number) - (luma[i + width] as number)
      sum += value
      squares += value * value
    }
  }
  const count = (width - 2) * (height - 2)
  const mean = sum / count
  return Math.max(0, squares / count - mean * mean)
}
