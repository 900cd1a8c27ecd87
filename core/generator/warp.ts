import type { RgbPixels } from '../images/rawPixels.ts'
import { type Homography, inverse, type Size } from './homography.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

/** The picture as `map` moves it, on a canvas of `size`; bilinear, `background` where nothing of it falls, or (null) the picture mirrored at its edges. */
export function warp({ width, height, data }: RgbPixels, map: Homography, size: Size, background: Rgb | null): RgbPixels {
  const back = inverse(map)
  const out = Buffer.allocUnsafe(size.width * size.height * 3)
  for (let y = 0, at = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, at += 3) {
      const u = x + 0.5
      const v = y + 0.5
      const w = back[6] * u + back[7] * v + back[8]
      let sx = (back[0] * u + back[1] * v + back[2]) / w
      let sy = (back[3] * u + back[4] * v + back[5]) / w
      if (!background) {
        sx = mirrored(sx, width)
        sy = mirrored(sy, height)
      } else if (!(w > 0 && sx >= 0 && sy >= 0 && sx <= width && sy <= height)) {
        out[at] = background[0]
        out[at + 1] = background[1]
        out[at + 2] = background[2]
        continue
      }
      const px = Math.min(width - 1, Math.max(0, sx - 0.5))
      const py = Math.min(height - 1, Math.max(0, sy - 0.5))
      const left = Math.floor(px)
      const top = Math.floor(py)
      const fx = px - left
      const fy = py - top
      const a = (top * width + left) * 3
      const right = left + 1 < width ? 3 : 0
      const below = top + 1 < height ? width * 3 : 0
      for (let channel = 0; channel < 3; channel++) {
        const i = a + channel
        const upper = (data[i] as number) * (1 - fx) + (data[i + right] as number) * fx
        const lower = (data[i + below] as number) * (1 - fx) + (data[i + below + right] as number) * fx
        out[at + channel] = upper * (1 - fy) + lower * fy + 0.5
      }
    }
  }
  return { ...size, data: out }
}

/** A coordinate outside of 0..length, as if the picture were mirrored at its edges again and again. */
function mirrored(value: number, length: number): number {
  const within = Math.abs(value) % (length * 2)
  return within <= length ? within : length * 2 - within
}
