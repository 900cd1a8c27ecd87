import type { Size } from '../../components/compare/zoom.ts'
import { mapPoint, type PlaneMap } from './planeMap.ts'

interface Picture extends Size {
  /** RGBA */
  readonly pixels: Uint8ClampedArray
}

/**
 * `above` as it lies over `below`: RGBA of below's size, bilinear. `toAbove` takes pixels of below to pixels of above. Where above does not reach,
 * below's own pixels stand, so that a difference shows nothing there; `covered` is the share where it does.
 */
export function warpOver(below: Picture, above: Picture, toAbove: PlaneMap): { pixels: Uint8ClampedArray<ArrayBuffer>; covered: number } {
  const pixels = new Uint8ClampedArray(below.pixels.length)
  pixels.set(below.pixels)
  let covered = 0
  for (let y = 0; y < below.height; y++) {
    for (let x = 0; x < below.width; x++) {
      // Pixels are squares: their middles are mapped.
      const { x: u, y: v } = mapPoint(toAbove, x + 0.5, y + 0.5)
      if (!(u >= 0.5 && v >= 0.5 && u <= above.width - 0.5 && v <= above.height - 0.5)) continue
      covered++
      const [left, top] = [Math.floor(u - 0.5), Math.floor(v - 0.5)]
      const [right, bottom] = [Math.min(above.width - 1, left + 1), Math.min(above.height - 1, top + 1)]
      const [fx, fy] = [u - 0.5 - left, v - 0.5 - top]
      const [a, b, c, d] = [(top * above.width + left) * 4, (top * above.width + right) * 4, (bottom * above.width + left) * 4, (bottom * above.width + right) * 4]
      const at = (y * below.width + x) * 4
      for (let channel = 0; channel < 3; channel++) {
        const upper = above.pixels[a + channel]! * (1 - fx) + above.pixels[b + channel]! * fx
        const lower = above.pixels[c + channel]! * (1 - fx) + above.pixels[d + channel]! * fx
        pixels[at + channel] = upper * (1 - fy) + lower * fy
      }
      pixels[at + 3] = 255
    }
  }
  return { pixels, covered: covered / Math.max(1, below.width * below.height) }
}
