/** How much stronger than it is the difference is drawn: edits of a few grey levels would be invisible otherwise. */
export const DIFFERENCE_GAIN = 4

export interface Difference {
  /** RGBA, opaque, the absolute difference of each channel times the gain. */
  pixels: Uint8ClampedArray<ArrayBuffer>
  /** Mean absolute difference over R, G and B, 0..255. */
  mean: number
  /** Share of pixels in which some channel differs by more than `NOTICEABLE` levels, 0..1. */
  changed: number
}

/** Below this a difference of a channel is what another JPEG setting makes. */
const NOTICEABLE = 12

/**
 * Absolute difference of two RGBA pictures of the same size.
 * @throws RangeError when the sizes differ
 */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray, gain = DIFFERENCE_GAIN): Difference {
  if (a.length !== b.length) throw new RangeError(`the pictures have ${a.length} and ${b.length} bytes; scale them to the same size first`)
  const pixels = new Uint8ClampedArray(a.length)
  let sum = 0
  let changed = 0
  for (let i = 0; i < a.length; i += 4) {
    const red = Math.abs(a[i]! - b[i]!)
    const green = Math.abs(a[i + 1]! - b[i + 1]!)
    const blue = Math.abs(a[i + 2]! - b[i + 2]!)
    sum += red + green + blue
    if (red > NOTICEABLE || green > NOTICEABLE || blue > NOTICEABLE) changed++
    pixels[i] = red * gain
    pixels[i + 1] = green * gain
    pixels[i + 2] = blue * gain
    pixels[i + 3] = 255
  }
  const count = a.length / 4
  return { pixels, mean: count === 0 ? 0 : sum / (count * 3), changed: count === 0 ? 0 : changed / count }
}

/** "identical" or "4.2 of 255 on average, 31 % of the pixels differ visibly". */
export function differenceWords({ mean, changed }: Pick<Difference, 'mean' | 'changed'>): string {
  if (mean === 0) return 'Identical at this size'
  const share = changed > 0 && changed < 0.005 ? '< 1' : String(Math.round(changed * 100))
  return `Mean difference ${mean < 0.05 ? '< 0.1' : mean.toFixed(1)} of 255 · ${share} % of the pixels differ visibly`
}
