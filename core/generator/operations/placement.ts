/** Edits that change the frame: crop, border, size. */
import { z } from 'zod'
import { scaling, type Size, translation } from '../homography.ts'
import { between, drawColour, operation, rgb } from '../operation.ts'
import { fromSharp, resized, toSharp } from '../raster.ts'

/** No edit leaves a side below this, unless it was. */
const smallest = 16
const side = (wanted: number, whole: number): number => Math.max(1, Math.min(whole, Math.max(smallest, Math.round(wanted))))

export const crop = operation({
  about: 'A piece of 70 to 98 % of the area (hard: 25 to 70 %), its aspect ratio changed by up to 4/3: RandomResizedCrop without the resize.',
  params: z.object({ left: z.int().min(0), top: z.int().min(0), width: z.int().min(1), height: z.int().min(1) }),
  draw: (random, { width, height }, strength) => {
    const area = between(random, strength, [0.7, 0.98], [0.25, 0.7])
    const aspect = Math.exp(random.range(Math.log(3 / 4), Math.log(4 / 3)))
    const w = side(width * Math.min(1, Math.sqrt(area * aspect)), width)
    const h = side(height * Math.min(1, Math.sqrt(area / aspect)), height)
    return { left: random.int(0, width - w), top: random.int(0, height - h), width: w, height: h }
  },
  apply: async (image, { left, top, width, height }) => await fromSharp(toSharp(image).extract({ left, top, width, height })),
  homography: ({ left, top }) => translation(-left, -top)
})

const scaled = ({ width, height }: Size, { x, y }: { x: number; y: number }): Size => ({ width: Math.max(1, Math.round(width * x)), height: Math.max(1, Math.round(height * y)) })

export const stretch = operation({
  about: 'One side made 10 to 25 % longer or shorter (hard: 20 to 45 %).',
  params: z.object({ width: z.int().min(1), height: z.int().min(1) }),
  draw: (random, size, strength) => {
    const amount = between(random, strength, [0.1, 0.25], [0.2, 0.45])
    const factor = random.chance(0.5) ? 1 + amount : 1 / (1 + amount)
    return scaled(size, random.chance(0.5) ? { x: factor, y: 1 } : { x: 1, y: factor })
  },
  apply: async (image, size) => await resized(image, size, 'lanczos3'),
  homography: (to, { width, height }) => scaling(to.width / width, to.height / height)
})

export const resize = operation({
  about: 'To 50 to 90 % of the size (hard: 20 to 50 %).',
  params: z.object({ width: z.int().min(1), height: z.int().min(1) }),
  draw: (random, { width, height }, strength) => {
    const factor = Math.max(between(random, strength, [0.5, 0.9], [0.2, 0.5]), Math.min(1, smallest / Math.min(width, height)))
    return scaled({ width, height }, { x: factor, y: factor })
  },
  apply: async (image, size) => await resized(image, size, 'lanczos3'),
  homography: (to, { width, height }) => scaling(to.width / width, to.height / height)
})

export const border = operation({
  about: 'A frame of one colour, 2 to 6 % of the shorter side on all sides (hard: 5 to 25 %, each side its own).',
  params: z.object({ left: z.int().min(0), top: z.int().min(0), right: z.int().min(0), bottom: z.int().min(0), colour: rgb }),
  draw: (random, { width, height }, strength) => {
    const shorter = Math.min(width, height)
    const draw = (): number => Math.max(1, Math.round(shorter * between(random, strength, [0.02, 0.06], [0.05, 0.25])))
    const all = draw()
    return strength === 'hard' ? { left: draw(), top: draw(), right: draw(), bottom: draw(), colour: drawColour(random) } : { left: all, top: all, right: all, bottom: all, colour: drawColour(random) }
  },
  apply: async (image, { left, top, right, bottom, colour: [r, g, b] }) => await fromSharp(toSharp(image).extend({ left, top, right, bottom, background: { r, g, b } })),
  homography: ({ left, top }) => translation(left, top)
})

/** Small sizes (width x height) that lose what a small original never had, and their weights (pet biometrics, SEEDS D3). */
const degradedSizes: readonly (readonly [Size, number])[] = [[{ width: 60, height: 60 }, 0.6], [{ width: 84, height: 60 }, 0.2], [{ width: 60, height: 47 }, 0.2]]

export const degrade = operation({
  about: 'Resized to 60 x 60 (weight 0.6), 84 x 60 or 60 x 47 (0.2 each; width x height) and back: pet biometrics, stage 2. Moderate: to a square of 50, 60, 70 or 80, its stage 1.',
  params: z.object({ width: z.int().min(1), height: z.int().min(1) }),
  draw: (random, _size, strength) => {
    if (strength === 'moderate') {
      const n = random.pick([50, 60, 70, 80])
      return { width: n, height: n }
    }
    return random.weighted(degradedSizes)
  },
  apply: async (image, small) => await resized(await resized(image, small), { width: image.width, height: image.height })
})

