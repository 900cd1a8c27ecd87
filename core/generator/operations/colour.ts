/** Edits of colour and light; everything stays where it is. */
import { z } from 'zod'
import type { RgbPixels } from '../../images/rawPixels.ts'
import type { Random } from '../../sample/random.ts'
import { operation, rounded } from '../operation.ts'
import { byte, throughTable } from '../raster.ts'

const table = (of: (value: number) => number): Uint8Array => Uint8Array.from({ length: 256 }, (_, value) => byte(of(value)))
const everyChannel = (image: RgbPixels, of: (value: number) => number): RgbPixels => {
  const one = table(of)
  return throughTable(image, [one, one, one])
}
/** ITU-R 601, as PIL's "L". */
const luma = (red: number, green: number, blue: number): number => red * 0.299 + green * 0.587 + blue * 0.114

function mapped(image: RgbPixels, of: (red: number, green: number, blue: number, out: Float64Array) => void): RgbPixels {
  const data = Buffer.allocUnsafe(image.data.length)
  const out = new Float64Array(3)
  for (let i = 0; i < data.length; i += 3) {
    of(image.data[i] as number, image.data[i + 1] as number, image.data[i + 2] as number, out)
    data[i] = byte(out[0] as number)
    data[i + 1] = byte(out[1] as number)
    data[i + 2] = byte(out[2] as number)
  }
  return { width: image.width, height: image.height, data }
}

export const greyscale = operation({
  about: 'Grey by ITU-R 601.',
  params: z.object({}),
  draw: () => ({}),
  apply: (image) => mapped(image, (red, green, blue, out) => void out.fill(luma(red, green, blue)))
})

/** A factor about 1, up or down alike. */
const factor = (random: Random, most: number): number => rounded(random.range(1 - most, 1 + most))

export const colourJitter = operation({
  about: 'Brightness, contrast and saturation times 0.7 to 1.3, hue turned by up to 0.05 of a circle (hard: 0.2 to 1.8 and 0.2: ISC21 v98).',
  params: z.object({ brightness: z.number().min(0), contrast: z.number().min(0), saturation: z.number().min(0), hue: z.number().min(-0.5).max(0.5) }),
  draw: (random, _size, strength) => {
    const most = strength === 'hard' ? 0.8 : 0.3
    const hue = strength === 'hard' ? 0.2 : 0.05
    return { brightness: factor(random, most), contrast: factor(random, most), saturation: factor(random, most), hue: rounded(random.range(-hue, hue)) }
  },
  apply: (image, { brightness, contrast, saturation, hue }) => {
    const brighter = everyChannel(image, (value) => value * brightness)
    const middle = meanLuma(brighter)
    const contrasted = everyChannel(brighter, (value) => middle + (value - middle) * contrast)
    const saturated = mapped(contrasted, (red, green, blue, out) => {
      const grey = luma(red, green, blue)
      out[0] = grey + (red - grey) * saturation
      out[1] = grey + (green - grey) * saturation
      out[2] = grey + (blue - grey) * saturation
    })
    return hue === 0 ? saturated : mapped(saturated, hueTurn(hue))
  }
})

function meanLuma({ data }: RgbPixels): number {
  let sum = 0
  for (let i = 0; i < data.length; i += 3) sum += luma(data[i] as number, data[i + 1] as number, data[i + 2] as number)
  return data.length === 0 ? 0 : sum / (data.length / 3)
}

/** Turns the hue in HSV, value and saturation kept. */
function hueTurn(turn: number): (red: number, green: number, blue: number, out: Float64Array) => void {
  return (red, green, blue, out) => {
    const most = Math.max(red, green, blue)
    const range = most - Math.min(red, green, blue)
    if (range === 0) return void out.fill(most)
    const sector = most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range
    const hue = (((sector / 6 + turn) % 1) + 1) % 1
    for (const [i, offset] of [5, 3, 1].entries()) {
      const k = (offset + hue * 6) % 6
      out[i] = most - range * Math.max(0, Math.min(k, 4 - k, 1))
    }
  }
}

export const brightnessContrast = operation({
  about: 'value x a + 255 b; a within 0.1 of 1, b within 0.1 of 0 (hard: 0.2 each, as albumentations in pet biometrics).',
  params: z.object({ contrast: z.number().min(0), brightness: z.number() }),
  draw: (random, _size, strength) => {
    const most = strength === 'hard' ? 0.2 : 0.1
    return { contrast: factor(random, most), brightness: rounded(random.range(-most, most)) }
  },
  apply: (image, { contrast, brightness }) => everyChannel(image, (value) => value * contrast + brightness * 255)
})

export const light = operation({
  about: 'Another light: gamma 0.75 to 1.35 (hard: 0.5 to 2), red against blue by up to 8 % (20 %), and a slope across the picture of up to 20 % (50 %).',
  params: z.object({ gamma: z.number().gt(0), warmth: z.number().min(-0.5).max(0.5), slope: z.number().min(0).max(1), angle: z.number() }),
  draw: (random, _size, strength) => {
    const [gamma, warmth, slope] = strength === 'hard' ? [2, 0.2, 0.5] : [1.35, 0.08, 0.2]
    return { gamma: rounded(Math.exp(random.range(-Math.log(gamma), Math.log(gamma)))), warmth: rounded(random.range(-warmth, warmth)), slope: rounded(random.range(0, slope)), angle: rounded(random.range(0, Math.PI * 2)) }
  },
  apply: (image, { gamma, warmth, slope, angle }) => {
    const curve = (gain: number) => table((value) => 255 * (value / 255) ** gamma * gain)
    const toned = throughTable(image, [curve(1 + warmth), curve(1), curve(1 - warmth)])
    const { width, height, data } = toned
    const [dx, dy] = [(Math.cos(angle) * 2) / width, (Math.sin(angle) * 2) / height]
    const out = Buffer.allocUnsafe(data.length)
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i += 3) {
        const gain = 1 + (slope / 2) * ((x + 0.5 - width / 2) * dx + (y + 0.5 - height / 2) * dy)
        for (let channel = 0; channel < 3; channel++) out[i + channel] = byte((data[i + channel] as number) * gain)
      }
    }
    return { width, height, data: out }
  }
})

