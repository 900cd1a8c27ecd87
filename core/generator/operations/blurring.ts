/** Edits that soften or sharpen; everything stays where it is. */
import { z } from 'zod'
import type { RgbPixels } from '../../images/rawPixels.ts'
import { between, operation, rounded } from '../operation.ts'
import { byte, fromSharp, toSharp } from '../raster.ts'

export const blur = operation({
  about: 'Gaussian, sigma 0.6 to 1.5 pixels (hard: 1.5 to 4).',
  params: z.object({ sigma: z.number().min(0.3).max(1000) }),
  draw: (random, _size, strength) => ({ sigma: between(random, strength, [0.6, 1.5], [1.5, 4]) }),
  apply: async (image, { sigma }) => await fromSharp(toSharp(image).blur({ sigma, precision: 'float' }))
})

/** The mean along a line through each pixel; pixels beyond the border are those at it. */
function alongLine({ width, height, data }: RgbPixels, length: number, degrees: number): RgbPixels {
  const angle = (degrees * Math.PI) / 180
  const offsets = Array.from({ length }, (_, i) => i - (length - 1) / 2).map((t) => [Math.round(t * Math.cos(angle)), Math.round(t * Math.sin(angle))] as const)
  const out = Buffer.allocUnsafe(data.length)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let [red, green, blue] = [0, 0, 0]
      for (const [dx, dy] of offsets) {
        const i = (Math.min(height - 1, Math.max(0, y + dy)) * width + Math.min(width - 1, Math.max(0, x + dx))) * 3
        red += data[i] as number
        green += data[i + 1] as number
        blue += data[i + 2] as number
      }
      out[at] = red / length + 0.5
      out[at + 1] = green / length + 0.5
      out[at + 2] = blue / length + 0.5
    }
  }
  return { width, height, data: out }
}

export const motionBlur = operation({
  about: 'Along a line of 3 to 9 pixels in any direction (hard: 9 to 25; pet biometrics draws up to 40).',
  params: z.object({ length: z.int().min(2).max(200), degrees: z.number() }),
  draw: (random, _size, strength) => ({ length: strength === 'hard' ? random.int(9, 25) : random.int(3, 9), degrees: rounded(random.range(0, 180)) }),
  apply: (image, { length, degrees }) => alongLine(image, length, degrees)
})

export const edgeEnhance = operation({
  about: 'The 3 x 3 kernel of PIL\'s EDGE_ENHANCE (middle 10, around it -1, over 2), mixed with the picture by 0.3 to 0.6 (hard: EDGE_ENHANCE_MORE, by 0.6 to 1).',
  params: z.object({ middle: z.number(), amount: z.number().min(0).max(1) }),
  draw: (random, _size, strength) => ({ middle: strength === 'hard' ? 9 : 10, amount: between(random, strength, [0.3, 0.6], [0.6, 1]) }),
  apply: (image, { middle, amount }) => {
    const { width, height, data } = image
    const out = Buffer.from(data)
    // As in PIL, the outermost pixels stay as they are.
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const i = (y * width + x) * 3 + channel
          let around = 0
          for (const row of [-width * 3, 0, width * 3]) for (const column of [-3, 0, 3]) if (row !== 0 || column !== 0) around += data[i + row + column] as number
          const value = data[i] as number
          out[i] = byte(value + (((middle * value - around) / (middle - 8)) - value) * amount)
        }
      }
    }
    return { width, height, data: out }
  }
})
