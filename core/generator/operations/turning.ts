/** Edits that move the picture as a whole: quarter turns, mirroring, rotation, a change of viewpoint. */
import { z } from 'zod'
import type { RgbPixels } from '../../images/rawPixels.ts'
import type { Random } from '../../sample/random.ts'
import { followedBy, type Homography, identity, mapPoint, type Point, type Size, toCorners, translation } from '../homography.ts'
import { between, drawColour, operation, rgb, rounded } from '../operation.ts'
import { warp } from '../warp.ts'

/** Moves pixels one to one: `from(x, y)` is where the pixel of the new picture was, as an index. */
function rearranged(image: RgbPixels, { width, height }: Size, from: (x: number, y: number) => number): RgbPixels {
  const out = Buffer.allocUnsafe(image.data.length)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const source = from(x, y) * 3
      out[at] = image.data[source] as number
      out[at + 1] = image.data[source + 1] as number
      out[at + 2] = image.data[source + 2] as number
    }
  }
  return { width, height, data: out }
}

export const mirror = operation({
  about: 'Left to right.',
  params: z.object({}),
  draw: () => ({}),
  apply: (image) => rearranged(image, image, (x, y) => y * image.width + image.width - 1 - x),
  homography: (_params, { width }) => [-1, 0, width, 0, 1, 0, 0, 0, 1]
})

export const flip = operation({
  about: 'Upside down.',
  params: z.object({}),
  draw: () => ({}),
  apply: (image) => rearranged(image, image, (x, y) => (image.height - 1 - y) * image.width + x),
  homography: (_params, { height }) => [1, 0, 0, 0, -1, height, 0, 0, 1]
})

const turns: readonly ((size: Size) => Homography)[] = [
  () => identity,
  ({ width }) => [0, 1, 0, -1, 0, width, 0, 0, 1],
  ({ width, height }) => [-1, 0, width, 0, -1, height, 0, 0, 1],
  ({ height }) => [0, -1, height, 1, 0, 0, 0, 0, 1]
]

export const turn = operation({
  about: 'One to three quarter turns counter-clockwise.',
  params: z.object({ quarters: z.int().min(1).max(3) }),
  draw: (random) => ({ quarters: random.int(1, 3) }),
  apply: (image, { quarters }) => {
    const { width, height } = image
    if (quarters === 2) return rearranged(image, image, (x, y) => (height - 1 - y) * width + width - 1 - x)
    const turned = { width: height, height: width }
    return rearranged(image, turned, quarters === 1 ? (x, y) => x * width + width - 1 - y : (x, y) => (height - 1 - x) * width + y)
  },
  homography: ({ quarters }, size) => (turns[quarters] as (size: Size) => Homography)(size)
})

/** A colour, or null for the picture mirrored at its edges: a photo from elsewhere has no frame. */
const drawFill = (random: Random): [number, number, number] | null => (random.chance(0.6) ? null : drawColour(random))

/** The map of a rotation about the middle, and the canvas that holds all of it. */
function rotation(degrees: number, { width, height }: Size): { map: Homography; size: Size } {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const about: Homography = [cos, sin, 0, -sin, cos, 0, 0, 0, 1]
  const size = {
    width: Math.max(1, Math.round(Math.abs(width * cos) + Math.abs(height * sin))),
    height: Math.max(1, Math.round(Math.abs(width * sin) + Math.abs(height * cos)))
  }
  return { map: followedBy(followedBy(translation(-width / 2, -height / 2), about), translation(size.width / 2, size.height / 2)), size }
}

export const rotate = operation({
  about: 'By 3 to 15 degrees either way (hard: 5 to 45), the canvas grown to hold it, the corners filled with a colour or with the picture mirrored at its edges.',
  params: z.object({ degrees: z.number().min(-180).max(180), colour: rgb.nullable() }),
  draw: (random, _size, strength) => ({ degrees: between(random, strength, [3, 15], [5, 45]) * (random.chance(0.5) ? 1 : -1), colour: drawFill(random) }),
  apply: (image, { degrees, colour }) => {
    const { map, size } = rotation(degrees, image)
    return warp(image, map, size, colour)
  },
  homography: ({ degrees }, size) => rotation(degrees, size).map
})

const cornersOf = ({ width, height }: Size, shifts: readonly number[]): [Point, Point, Point, Point] => {
  const at = (i: number, x: number, y: number): Point => [x + (shifts[i * 2] as number) * width, y + (shifts[i * 2 + 1] as number) * height]
  return [at(0, 0, 0), at(1, width, 0), at(2, width, height), at(3, 0, height)]
}

export const perspective = operation({
  about: 'Each corner moved inwards or outwards by up to 8 % of the sides (hard: 20 %), as when a photo is taken of a photo; filled likewise.',
  params: z.object({ corners: z.array(z.number().min(-0.24).max(0.24)).length(8), colour: rgb.nullable() }),
  draw: (random, _size, strength) => {
    const most = strength === 'hard' ? 0.2 : 0.08
    return { corners: Array.from({ length: 8 }, () => rounded(random.range(-most, most))), colour: drawFill(random) }
  },
  apply: (image, { corners, colour }) => warp(image, toCorners(image, cornersOf(image, corners)), image, colour),
  homography: ({ corners }, size) => toCorners(size, cornersOf(size, corners))
})

/** Where the corners of a picture come to lie: upper left, upper right, lower right, lower left. */
export const mappedCorners = (map: Homography, { width, height }: Size): [Point, Point, Point, Point] =>
  [mapPoint(map, [0, 0]), mapPoint(map, [width, 0]), mapPoint(map, [width, height]), mapPoint(map, [0, height])]
