/** Edits that throw detail away or put noise in its place; everything stays where it is. */
import { z } from 'zod'
import sharp from 'sharp'
import { Random } from '../../sample/random.ts'
import { between, operation, rgb } from '../operation.ts'
import { byte, fromSharp, resized, toSharp } from '../raster.ts'

const seed = z.int().min(0)
const drawSeed = (random: Random): number => random.int(0, 2 ** 31 - 1)

export const pixelate = operation({
  about: 'To 35 to 60 % of the size and back in squares (hard: 8 to 35 %).',
  params: z.object({ ratio: z.number().gt(0).max(1) }),
  draw: (random, _size, strength) => ({ ratio: between(random, strength, [0.35, 0.6], [0.08, 0.35]) }),
  apply: async (image, { ratio }) => {
    const { width, height } = image
    const small = await resized(image, { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) }, 'linear')
    return await resized(small, { width, height }, 'nearest')
  }
})

export const shufflePixels = operation({
  about: 'A share of 2 to 5 % of the pixels change places (hard: 10 %: ISC21).',
  params: z.object({ share: z.number().min(0).max(1), seed }),
  draw: (random, _size, strength) => ({ share: strength === 'hard' ? 0.1 : between(random, strength, [0.02, 0.05], [0.1, 0.1]), seed: drawSeed(random) }),
  apply: ({ width, height, data }, { share, seed: start }) => {
    const random = new Random(start)
    const out = Buffer.from(data)
    const pixels = width * height
    const moved = Array.from({ length: Math.floor(pixels * share) }, () => random.int(0, pixels - 1))
    // A cycle through them: each gets the colour of the one before.
    for (let i = 1; i < moved.length; i++) {
      const [a, b] = [(moved[i - 1] as number) * 3, (moved[i] as number) * 3]
      for (let channel = 0; channel < 3; channel++) {
        const held = out[a + channel] as number
        out[a + channel] = out[b + channel] as number
        out[b + channel] = held
      }
    }
    return { width, height, data: out }
  }
})

export const noise = operation({
  about: 'Gaussian noise, standard deviation 3 to 8 grey levels (hard: 8 to 25).',
  params: z.object({ deviation: z.number().min(0), seed }),
  draw: (random, _size, strength) => ({ deviation: between(random, strength, [3, 8], [8, 25]), seed: drawSeed(random) }),
  apply: ({ width, height, data }, { deviation, seed: start }) => {
    const random = new Random(start)
    const out = Buffer.allocUnsafe(data.length)
    for (let i = 0; i < out.length; i++) out[i] = byte((data[i] as number) + random.normal() * deviation)
    return { width, height, data: out }
  }
})

export const jpeg = operation({
  about: 'Through JPEG of quality 50 to 85 (hard: 10, 20, 30 or 50: ISC21).',
  params: z.object({ quality: z.int().min(1).max(100) }),
  draw: (random, _size, strength) => ({ quality: strength === 'hard' ? random.pick([10, 20, 30, 50]) : random.int(50, 85) }),
  apply: async (image, { quality }) => await fromSharp(sharp(await toSharp(image).jpeg({ quality }).toBuffer(), { limitInputPixels: false }))
})

export const erase = operation({
  about: 'A rectangle of 2 to 8 % of the area (hard: 2 to 33 %, aspect ratio 0.3 to 3.3: RandomErasing) becomes one colour or noise.',
  params: z.object({ left: z.int().min(0), top: z.int().min(0), width: z.int().min(1), height: z.int().min(1), colour: rgb.nullable(), seed }),
  draw: (random, { width, height }, strength) => {
    const area = width * height * between(random, strength, [0.02, 0.08], [0.02, 0.33])
    const aspect = Math.exp(random.range(Math.log(0.3), Math.log(3.3)))
    const w = Math.max(1, Math.min(width, Math.round(Math.sqrt(area * aspect))))
    const h = Math.max(1, Math.min(height, Math.round(Math.sqrt(area / aspect))))
    const colour: [number, number, number] | null = random.chance(0.5) ? [random.int(0, 255), random.int(0, 255), random.int(0, 255)] : null
    return { left: random.int(0, width - w), top: random.int(0, height - h), width: w, height: h, colour, seed: drawSeed(random) }
  },
  apply: ({ width, height, data }, box) => {
    const random = new Random(box.seed)
    const out = Buffer.from(data)
    for (let y = box.top; y < Math.min(height, box.top + box.height); y++) {
      for (let x = box.left; x < Math.min(width, box.left + box.width); x++) {
        for (let channel = 0; channel < 3; channel++) out[(y * width + x) * 3 + channel] = box.colour ? (box.colour[channel] as number) : random.int(0, 255)
      }
    }
    return { width, height, data: out }
  }
})

