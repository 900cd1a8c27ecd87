/** Edits with another picture: laid over this one, or this one laid over it. */
import { z } from 'zod'
import type { RgbPixels } from '../../images/rawPixels.ts'
import { followedBy, scaling, type Size, translation } from '../homography.ts'
import { between, operation, rounded } from '../operation.ts'
import { resized } from '../raster.ts'

/** `upper` over `lower`, its upper left corner at (left, top); what lies outside is cut off. */
function laidOver(lower: RgbPixels, upper: RgbPixels, left: number, top: number, opacity: number): RgbPixels {
  const out = Buffer.from(lower.data)
  for (let y = Math.max(0, top); y < Math.min(lower.height, top + upper.height); y++) {
    for (let x = Math.max(0, left); x < Math.min(lower.width, left + upper.width); x++) {
      const to = (y * lower.width + x) * 3
      const from = ((y - top) * upper.width + x - left) * 3
      for (let channel = 0; channel < 3; channel++) out[to + channel] = (lower.data[to + channel] as number) * (1 - opacity) + (upper.data[from + channel] as number) * opacity + 0.5
    }
  }
  return { width: lower.width, height: lower.height, data: out }
}

/** The size of a picture whose longer side is this share of a canvas's shorter one. */
const fitted = (picture: Size, canvas: Size, share: number): Size => {
  const scale = (Math.min(canvas.width, canvas.height) * share) / Math.max(picture.width, picture.height)
  return { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) }
}

const params = z.object({ share: z.number().gt(0).max(1), x: z.number().min(0).max(1), y: z.number().min(0).max(1), opacity: z.number().min(0).max(1) })

export const overlayImage = operation({
  about: 'Another picture pasted on this one, its longer side 15 to 30 % of the shorter side (hard: 30 to 60 %), opacity 0.8 to 1 (0.6 to 1).',
  params,
  draw: (random, _size, strength) => ({ share: between(random, strength, [0.15, 0.3], [0.3, 0.6]), x: rounded(random.next()), y: rounded(random.next()), opacity: between(random, strength, [0.8, 1], [0.6, 1]) }),
  apply: async (image, { share, x, y, opacity }, { companion }) => {
    const other = await companion()
    const small = await resized(other, fitted(other, image, share), 'lanczos3')
    return laidOver(image, small, Math.round((image.width - small.width) * x), Math.round((image.height - small.height) * y), opacity)
  },
  withCompanion: true
})

/** Where this picture comes to lie on the other. */
function placeOn(companion: Size, picture: Size, { share, x, y }: { share: number; x: number; y: number }): Size & { left: number; top: number } {
  const size = fitted(picture, companion, share)
  return { ...size, left: Math.round((companion.width - size.width) * x), top: Math.round((companion.height - size.height) * y) }
}

export const overlayOnto = operation({
  about: 'This picture pasted on another one, its longer side 60 to 90 % of the other\'s shorter side (hard: 30 to 70 %), opacity 0.8 to 1 (0.6 to 1): ISC21 draws sizes of 0.2 to 0.8 and opacities from 0.4.',
  params,
  draw: (random, _size, strength) => ({ share: between(random, strength, [0.6, 0.9], [0.3, 0.7]), x: rounded(random.next()), y: rounded(random.next()), opacity: between(random, strength, [0.8, 1], [0.6, 1]) }),
  apply: async (image, where, { companion }) => {
    const other = await companion()
    const { left, top, ...size } = placeOn(other, image, where)
    return laidOver(other, await resized(image, size, 'lanczos3'), left, top, where.opacity)
  },
  homography: (where, size, companion) => {
    if (!companion) throw new RangeError('The size of the other picture is needed.')
    const { left, top, width, height } = placeOn(companion, size, where)
    return followedBy(scaling(width / size.width, height / size.height), translation(left, top))
  },
  withCompanion: true
})
