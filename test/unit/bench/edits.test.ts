import { describe, expect, test } from 'vitest'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'
import { Random } from '../../../core/sample/random.ts'
import { edits } from '../../bench/models/edits.ts'

function picture(width: number, height: number, step: number): RgbPixels {
  return { width, height, data: Buffer.from(Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * step + Math.floor(i / (width * 3)) * 5) % 256)) }
}
const made = async ({ make }: (typeof edits)[number]): Promise<RgbPixels> =>
  await make({ image: picture(90, 60, 7), random: Random.of('a test'), companion: async () => picture(40, 50, 3) })

describe('the twelve edits', () => {
  test('eight were trained, four were not', () => {
    expect(edits.filter(({ trained }) => trained)).toHaveLength(8)
    expect(edits.filter(({ trained }) => !trained).map(({ name }) => name)).toEqual(['screenshot frame', 'perspective', 'posterised', 'text over it'])
  })

  test.each(edits.map((edit) => [edit.name, edit] as const))('%s: changes the picture, the same way each time', async (_name, edit) => {
    const one = await made(edit)
    expect(one.data).toHaveLength(one.width * one.height * 3)
    expect(one.data.equals(picture(90, 60, 7).data)).toBe(false)
    expect(await made(edit)).toEqual(one)
  })

  test('sizes: 36 % of the area, 48 pixels wide, a quarter turn', async () => {
    const sizes = await Promise.all(['crop to 36 %', '48 px, JPEG 15', 'quarter turn'].map(async (name) => await made(edits.find((edit) => edit.name === name) as (typeof edits)[number])))
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([[54, 36], [48, 32], [60, 90]])
  })
})
