import { describe, expect, test } from 'vitest'
import { type EditName, editNames, type EditStrength } from '../../../core/contract/generator.ts'
import { mapPoint, type Size } from '../../../core/generator/homography.ts'
import { homographyOf } from '../../../core/generator/operation.ts'
import { operations } from '../../../core/generator/operationList.ts'
import { mappedCorners } from '../../../core/generator/operations/turning.ts'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'
import { Random } from '../../../core/sample/random.ts'

/** Smooth waves of colour: every place looks different, and nothing changes within a pixel. */
function waves({ width, height }: Size, phase = 0): RgbPixels {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height]
      const at = (y * width + x) * 3
      data[at] = 128 + 100 * Math.sin(4 * u + 2 * v + phase)
      data[at + 1] = 128 + 100 * Math.cos(3 * v - 2 * u * v + phase)
      data[at + 2] = 128 + 100 * Math.sin(5 * u * v + u + 1 + phase)
    }
  }
  return { width, height, data }
}

const companion = waves({ width: 210, height: 190 }, 2)
const context = { companion: async () => companion }
const sizes: Size[] = [{ width: 160, height: 120 }, { width: 97, height: 141 }, { width: 32, height: 32 }]
const strengths: EditStrength[] = ['moderate', 'hard']
const runs = sizes.flatMap((size) => strengths.flatMap((strength) => [1, 2, 3].map((seed) => ({ size, strength, seed }))))

const colourAt = ({ width, height, data }: RgbPixels, x: number, y: number): [number, number, number] | null => {
  const [px, py] = [Math.floor(x), Math.floor(y)]
  if (px < 2 || py < 2 || px >= width - 2 || py >= height - 2) return null
  const at = (py * width + px) * 3
  return [data[at] as number, data[at + 1] as number, data[at + 2] as number]
}

/** Share of places (away from the borders) whose colour is found again, within a tolerance, where the homography says. */
function foundAgain(from: RgbPixels, to: RgbPixels, map: readonly number[], tolerance: number): { checked: number; found: number } {
  let [checked, found] = [0, 0]
  for (let y = 4.5; y < from.height - 4; y += 3) {
    for (let x = 4.5; x < from.width - 4; x += 3) {
      const [u, v] = mapPoint(map as never, [x, y])
      const [here, there] = [colourAt(from, x, y), colourAt(to, u, v)]
      if (!here || !there) continue
      checked++
      if (here.every((value, channel) => Math.abs(value - (there[channel] as number)) <= tolerance)) found++
    }
  }
  return { checked, found }
}

describe.each(editNames)('%s', (name) => {
  const operation = operations[name]

  test('draws parameters within its schema and gives whole pictures, the same each time, from what a manifest keeps', async () => {
    for (const { size, strength, seed } of runs) {
      const image = waves(size)
      const before = Buffer.from(image.data)
      const params = operation.draw(Random.of(name, seed), size, strength)
      expect(operation.draw(Random.of(name, seed), size, strength)).toEqual(params)
      const kept = operation.params.parse(JSON.parse(JSON.stringify(params)))
      expect(kept).toEqual(params)
      const made = await operation.apply(image, params, context)
      expect(made.width).toBeGreaterThanOrEqual(1)
      expect(made.height).toBeGreaterThanOrEqual(1)
      expect(made.data.length).toBe(made.width * made.height * 3)
      expect(image.data.equals(before)).toBe(true)
      const again = await operation.apply(image, kept, context)
      expect([again.width, again.height, again.data.equals(made.data)]).toEqual([made.width, made.height, true])
    }
  })
})

/** Edits that move pixels and leave their colours: the colours must be where the homography says. */
const geometric: EditName[] = ['crop', 'turn', 'rotate', 'mirror', 'flip', 'perspective', 'stretch', 'resize', 'border', 'screenshot']

test.each(geometric)('%s: every place is found again where the homography says', async (name) => {
  const operation = operations[name]
  for (const { size, strength, seed } of runs.slice(0, 12)) {
    const image = waves(size)
    const params = operation.draw(Random.of(name, seed), size, strength)
    const made = await operation.apply(image, params, context)
    const { checked, found } = foundAgain(image, made, homographyOf(operation, params, image, null), 14)
    expect(checked).toBeGreaterThan(20)
    expect(found / checked, JSON.stringify({ size, params })).toBeGreaterThan(0.98)
  }
})

test('overlay-onto: the picture is found again on the other one', async () => {
  const operation = operations['overlay-onto']
  const image = waves({ width: 160, height: 120 })
  const params = { share: 0.6, x: 0.3, y: 0.7, opacity: 1 }
  const made = await operation.apply(image, params, context)
  expect([made.width, made.height]).toEqual([companion.width, companion.height])
  const { checked, found } = foundAgain(image, made, homographyOf(operation, params, image, companion), 14)
  expect(found / checked).toBeGreaterThan(0.98)
  expect(() => homographyOf(operation, params, image, null)).toThrow(RangeError)
})

/** Edits that leave everything in its place: what stands out before stands out after. */
const inPlace = editNames.filter((name) => !geometric.includes(name) && name !== 'overlay-onto')

test.each(inPlace)('%s: everything stays in its place', async (name) => {
  const operation = operations[name]
  const image = waves({ width: 160, height: 120 })
  const params = operation.draw(Random.of(name, 5), image, 'moderate')
  expect(homographyOf(operation, params, image, companion)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
  const made = await operation.apply(image, params, context)
  expect([made.width, made.height]).toEqual([160, 120])
  // Rank correlation would be stricter; a plain one of brightness tells a shifted picture from one in place.
  const luma = ({ data }: RgbPixels): number[] => Array.from({ length: data.length / 3 }, (_, i) => (data[i * 3] as number) + (data[i * 3 + 1] as number) + (data[i * 3 + 2] as number))
  expect(correlation(luma(image), luma(made))).toBeGreaterThan(0.7)
})

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - ma, (b[i] as number) - mb]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb)
}

test('corners go where they are said to go', () => {
  expect(mappedCorners(homographyOf(operations['turn'], { quarters: 1 }, { width: 30, height: 20 }, null), { width: 30, height: 20 })).toEqual([[0, 30], [0, 0], [20, 0], [20, 30]])
  expect(mappedCorners(homographyOf(operations['mirror'], {}, { width: 30, height: 20 }, null), { width: 30, height: 20 })).toEqual([[30, 0], [0, 0], [0, 20], [30, 20]])
})
