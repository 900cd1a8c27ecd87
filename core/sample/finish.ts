import type { Canvas } from './canvas.ts'
import { clamp01 } from './colour.ts'
import type { Random } from './random.ts'

/** What a camera and a hand do to a picture at the end: bloom, tone, a colour cast in lights and shadows, vignette, grain. Returns 8-bit RGB. */
export function finish(canvas: Canvas, random: Random): Buffer {
  const { width, height, pixels } = canvas
  const bloom = blurred(canvas)
  const bloomStrength = random.range(0.12, 0.34)
  const contrast = random.range(0.1, 0.42)
  const saturation = random.range(0.86, 1.06)
  const vignette = random.range(0.05, 0.34)
  const grain = random.range(0.004, 0.017)
  const warmth = random.normal() * 0.012
  const split = random.range(-0.02, 0.03)
  const noise = Float32Array.from({ length: 8192 }, () => random.normal() * grain)
  const out = Buffer.allocUnsafe(width * height * 3)
  const small = bloom.width
  /** Bloom, vignette and contrast for one channel. */
  const tone = (pixel: number, glow: number, shade: number): number => {
    const bloomed = pixel < 1 ? pixel + (1 - pixel) * glow * bloomStrength : Math.min(1.2, pixel)
    const p = clamp01(bloomed * shade)
    return p + (p * p * (3 - 2 * p) - p) * contrast
  }
  const finishRow = (y: number): void => {
    const v = (y / height) * 2 - 1
    const shift = random.int(0, 8191)
    const by = Math.min(bloom.height - 1, y >> 3) * small
    for (let x = 0; x < width; x++) {
      const u = (x / width) * 2 - 1
      const i = (y * width + x) * 3
      const b = (by + Math.min(small - 1, x >> 3)) * 3
      const away = u * u + v * v
      const shade = 1 - vignette * away * (0.8 + away * 0.12) * 0.5
      const red = tone(pixels[i] as number, bloom.data[b] as number, shade)
      const green = tone(pixels[i + 1] as number, bloom.data[b + 1] as number, shade)
      const blue = tone(pixels[i + 2] as number, bloom.data[b + 2] as number, shade)
      const grey = (red + green + blue) / 3
      const cast = warmth + split * (grey - 0.5)
      const base = grey + (noise[(shift + x * 7) & 8191] as number)
      // To the nearest of 256: what is cut off below the half.
      out[i] = clamp01(base + (red - grey) * saturation + cast) * 255 + 0.5
      out[i + 1] = clamp01(base + (green - grey) * saturation) * 255 + 0.5
      out[i + 2] = clamp01(base + (blue - grey) * saturation - cast) * 255 + 0.5
    }
  }
  for (let y = 0; y < height; y++) finishRow(y)
  return out
}

/** The bright parts at an eighth of the size, softened: what bleeds in a lens. */
function blurred(canvas: Canvas): { width: number; height: number; data: Float32Array } {
  const width = Math.ceil(canvas.width / 8)
  const height = Math.ceil(canvas.height / 8)
  let data = new Float32Array(width * height * 3)
  const takeRow = (y: number): void => {
    const sy = Math.min(canvas.height - 1, y * 8 + 4)
    for (let x = 0; x < width; x++) {
      const sx = Math.min(canvas.width - 1, x * 8 + 4)
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.max(0, (canvas.pixels[(sy * canvas.width + sx) * 3 + c] as number) - 0.62) * 1.9
    }
  }
  for (let y = 0; y < height; y++) takeRow(y)
  for (let pass = 0; pass < 3; pass++) {
    data = box(data, width, height, 3)
    data = box(data, width, height, width * 3)
  }
  return { width, height, data }
}

/** Mean over 5 values along one axis (`stride` between neighbours). */
function box(data: Float32Array, width: number, height: number, stride: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(data.length)
  const length = width * height * 3
  for (let i = 0; i < length; i++) {
    let sum = 0
    let count = 0
    for (let k = -2; k <= 2; k++) {
      const j = i + k * stride
      if (j < 0 || j >= length) continue
      sum += data[j] as number
      count++
    }
    out[i] = sum / count
  }
  return out
}
