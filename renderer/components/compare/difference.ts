export interface Difference {
  /** RGBA, opaque, the absolute difference of each channel times `gain`. */
  pixels: Uint8ClampedArray<ArrayBuffer>
  /** How much stronger than it is the difference is drawn: edits of a few grey levels would be invisible otherwise. */
  gain: number
  /** Mean absolute difference over R, G and B, 0..255. */
  mean: number
  /** Share of pixels in which some channel differs by more than `NOTICEABLE` levels, 0..1. */
  changed: number
}

/** Below this a difference of a channel is what another JPEG setting makes. */
const NOTICEABLE = 12

/**
 * Absolute difference of two RGBA pictures of the same size. Without a `gain` it is drawn so strong that its strongest hundredth is bright.
 * @throws RangeError when the sizes differ
 */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray, givenGain?: number): Difference {
  if (a.length !== b.length) throw new RangeError(`the pictures have ${a.length} and ${b.length} bytes; scale them to the same size first`)
  const pixels = new Uint8ClampedArray(a.length)
  const strengths = new Uint32Array(256)
  let sum = 0
  let changed = 0
  for (let i = 0; i < a.length; i += 4) {
    const red = Math.abs(a[i]! - b[i]!)
    const green = Math.abs(a[i + 1]! - b[i + 1]!)
    const blue = Math.abs(a[i + 2]! - b[i + 2]!)
    sum += red + green + blue
    if (red > NOTICEABLE || green > NOTICEABLE || blue > NOTICEABLE) changed++
    strengths[Math.max(red, green, blue)]!++
    pixels[i] = red
    pixels[i + 1] = green
    pixels[i + 2] = blue
    pixels[i + 3] = 255
  }
  const count = a.length / 4
  const gain = givenGain ?? gainFor(strengths, count)
  for (let i = 0; i < pixels.length; i++) if (i % 4 !== 3) pixels[i]! *= gain
  return { pixels, gain, mean: count === 0 ? 0 : sum / (count * 3), changed: count === 0 ? 0 : changed / count }
}

const BRIGHT = 200
const MOST_GAIN = 32

/** The gain that makes the strongest hundredth of the pixels bright; a whole number from 1 to `MOST_GAIN`. */
function gainFor(strengths: Uint32Array, count: number): number {
  let above = 0
  for (let level = 255; level > 0; level--) {
    above += strengths[level]!
    if (above > count / 100) return Math.max(1, Math.min(MOST_GAIN, Math.floor(BRIGHT / level)))
  }
  return MOST_GAIN
}

/** "identical" or "4.2 of 255 on average, 31 % of the pixels differ visibly". */
export function differenceWords({ mean, changed }: Pick<Difference, 'mean' | 'changed'>): string {
  if (mean === 0) return 'Identical at this size'
  const share = changed > 0 && changed < 0.005 ? '< 1' : String(Math.round(changed * 100))
  return `Mean difference ${mean < 0.05 ? '< 0.1' : mean.toFixed(1)} of 255 · ${share} % of the pixels differ visibly`
}
