import type { Raster } from './raster.ts'

/** Passes of a box blur that together come near to a Gaussian, in Pillow. */
const passes = 3

/** `image.filter(ImageFilter.GaussianBlur(radius))` of Pillow (src/libImaging/BoxBlur.c): three box blurs along each axis, the border repeated. */
export function pillowGaussianBlur(source: Raster, radius: number): Raster {
  const box = boxRadius(radius)
  if (box === 0) return source
  let [from, into] = [Uint8Array.from(source.data), new Uint8Array(source.data.length)]
  for (const blur of [blurRows, blurColumns]) {
    for (let pass = 0; pass < passes; pass++) {
      blur(from, into, source, weightsOf(box))
      ;[from, into] = [into, from]
    }
  }
  return { width: source.width, height: source.height, data: from }
}

/** The radius of the box, a fraction, whose passes have the Gaussian's variance. Every step in float32, as in C: the last place of the radius moves the weights. */
function boxRadius(radius: number): number {
  const f = Math.fround
  const variance = f(f(f(radius) * f(radius)) / passes)
  const length = f(Math.sqrt(12 * variance + 1))
  const whole = Math.floor((length - 1) / 2)
  const above = f((2 * whole + 1) * f(whole * (whole + 1) - f(3 * variance)))
  const share = f(above / f(6 * f(variance - (whole + 1) * (whole + 1))))
  return f(whole + share)
}

/** 24-bit fixed point: pixels up to `reach` away weigh `inner`, the two beyond weigh `outer`. */
interface BoxWeights {
  readonly reach: number
  readonly inner: number
  readonly outer: number
}

function weightsOf(radius: number): BoxWeights {
  const reach = Math.trunc(radius)
  const inner = Math.trunc(Math.fround(2 ** 24 / Math.fround(Math.fround(radius * 2) + 1)))
  return { reach, inner, outer: Math.trunc((2 ** 24 - (reach * 2 + 1) * inner) / 2) }
}

/** All that a byte may be, rounded: storing it cuts the fraction off. */
const one = 2 ** 24
const half = 0.5

function blurRows(from: Uint8Array, into: Uint8Array, { width, height }: Pick<Raster, 'width' | 'height'>, { reach, inner, outer }: BoxWeights): void {
  const [a, b] = [inner / one, outer / one]
  const last = width - 1
  for (let y = 0; y < height; y++) {
    for (let c = y * width * 3; c < y * width * 3 + 3; c++) {
      let sum = (from[c] as number) * (reach + 1)
      for (let x = 0; x < reach; x++) sum += from[c + 3 * Math.min(x, last)] as number
      for (let x = 0; x < width; x++) {
        const before = from[c + 3 * Math.max(0, x - reach - 1)] as number
        sum += (from[c + 3 * Math.min(last, x + reach)] as number) - before
        into[c + 3 * x] = sum * a + (before + (from[c + 3 * Math.min(last, x + reach + 1)] as number)) * b + half
      }
    }
  }
}

/** All columns at once, row by row: memory is read in its order. */
function blurColumns(from: Uint8Array, into: Uint8Array, { width, height }: Pick<Raster, 'width' | 'height'>, { reach, inner, outer }: BoxWeights): void {
  const [a, b] = [inner / one, outer / one]
  const line = width * 3
  const last = height - 1
  const sums = new Int32Array(line)
  for (let i = 0; i < line; i++) sums[i] = (from[i] as number) * (reach + 1)
  for (let y = 0; y < reach; y++) for (let i = 0, at = Math.min(y, last) * line; i < line; i++, at++) sums[i] = (sums[i] as number) + (from[at] as number)
  for (let y = 0; y < height; y++) {
    const before = Math.max(0, y - reach - 1) * line
    const added = Math.min(last, y + reach) * line
    const after = Math.min(last, y + reach + 1) * line
    for (let i = 0; i < line; i++) {
      const gone = from[before + i] as number
      const sum = (sums[i] as number) + (from[added + i] as number) - gone
      sums[i] = sum
      into[y * line + i] = sum * a + (gone + (from[after + i] as number)) * b + half
    }
  }
}

/** `image.convert('L')` of Pillow, in all three channels: ITU-R 601 luma in 16-bit fixed point. */
export function pillowGrey({ width, height, data }: Raster): Raster {
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) out.fill(((data[i] as number) * 19595 + (data[i + 1] as number) * 38470 + (data[i + 2] as number) * 7471 + 0x8000) >> 16, i, i + 3)
  return { width, height, data: out }
}
