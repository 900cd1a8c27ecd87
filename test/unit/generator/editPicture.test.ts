import { expect, test } from 'vitest'
import type { ChainSpec } from '../../../core/generator/chain.ts'
import { type EditKey, editPicture } from '../../../core/generator/editPicture.ts'
import type { RgbPixels } from '../../../core/images/rawPixels.ts'

function picture(width: number, height: number, phase = 0): RgbPixels {
  const data = Buffer.alloc(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = 128 + 100 * Math.sin(i / 37 + phase) * Math.cos(i / (width * 11))
  return { width, height, data }
}

const key = (index: number): EditKey => ({ seed: 11, sha256: 'ab'.repeat(32), index })
const chain = (change: Partial<ChainSpec> = {}): ChainSpec => ({ kind: 'copy', strength: 'hard', only: null, ...change })
const options = (index: number, change: Partial<ChainSpec> = {}) => ({ key: key(index), chain: chain(change), longestSide: 128, companion: async () => picture(90, 120, 2) })

test('an edit is named by seed, picture and index: the same in any order and company, another for another index', async () => {
  const source = picture(200, 140)
  const alone = await editPicture(source, options(3))
  const among = await Promise.all([5, 3, 0, 1].map(async (index) => await editPicture(source, options(index))))
  expect(among[1]?.edits).toEqual(alone.edits)
  expect(among[1]?.image.data.equals(alone.image.data)).toBe(true)
  expect(new Set(among.map(({ edits }) => JSON.stringify(edits))).size).toBe(4)
  const other = await editPicture(source, { ...options(3), key: { ...key(3), seed: 12 } })
  expect(other.edits).not.toEqual(alone.edits)
})

test('whatever is drawn, a whole picture comes out that shows something of its source', async () => {
  for (const kind of ['copy', 'view', 'identity'] as const) {
    for (let index = 0; index < 25; index++) {
      const { image, edits, visible, region } = await editPicture(picture(index % 2 === 0 ? 150 : 40, index % 3 === 0 ? 33 : 100), options(index, { kind }))
      expect(edits.length).toBeGreaterThan(0)
      expect(image.data.length).toBe(image.width * image.height * 3)
      expect(Math.max(image.width, image.height)).toBeLessThanOrEqual(256)
      expect(visible).toBeGreaterThanOrEqual(0.04)
      expect(region.length).toBeGreaterThanOrEqual(3)
    }
  }
})

test('a plain picture, a strip and a picture without company are edited too', async () => {
  const grey: RgbPixels = { width: 64, height: 64, data: Buffer.alloc(64 * 64 * 3, 128) }
  expect((await editPicture(grey, options(1))).edits.length).toBeGreaterThan(0)
  expect((await editPicture(picture(2000, 32), options(2))).image.width).toBeGreaterThan(0)
  for (let index = 0; index < 10; index++) {
    const { edits, usedCompanion } = await editPicture(picture(100, 80), { ...options(index, { only: ['overlay-onto', 'overlay-image', 'mirror'] }), companion: null })
    expect(edits.map(({ name }) => name)).toEqual(['mirror'])
    expect(usedCompanion).toBe(false)
  }
})
