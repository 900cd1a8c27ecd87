/// <reference lib="esnext.float16" />
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelCard, type ModelCard } from '../../../core/contract/models.ts'
import { InputTensor } from '../../../core/models/inputTensor.ts'
import { resizePlan } from '../../../core/models/resizePlan.ts'

const card = (changes: { layout?: 'NCHW' | 'NHWC'; dtype?: 'float32' | 'float16' | 'uint8'; width?: number; height?: number } & Partial<Pick<ModelCard, 'colour' | 'scale' | 'mean' | 'std'>> & { resize?: Partial<ModelCard['resize']> } = {}): ModelCard => {
  const { layout = 'NCHW', dtype = 'float32', width = 224, height = 224, ...rest } = changes
  return modelCard.parse({
    id: 'm', name: 'M', file: 'm.onnx', sha256: '0'.repeat(64), input: { name: 'x', layout, dtype, width, height }, output: { name: 'y', dim: 4 }, licence: 'MIT', source: 'test', ...rest
  })
}

/** An 8 x 8 picture whose pixel i is (i, 2 i, 255 - i). */
const pixels = Uint8Array.from({ length: 64 * 3 }, (_, i) => { const p = Math.floor(i / 3); return [p, 2 * p, 255 - p][i % 3] as number })
const small = { width: 8, height: 8 }

test('NCHW in RGB: planes one after the other, (pixel / 255 * scale - mean) / std', () => {
  const tensor = new InputTensor(card({ ...small, scale: 2, mean: [1, 0.5, 0], std: [1, 2, 0.5] }))
  const batch = tensor.batch(2)
  tensor.write(batch, 1, pixels)
  expect(tensor.dims(2)).toEqual([2, 3, 8, 8])
  expect([...batch.subarray(0, 192)].every((value) => value === 0)).toBe(true)
  expect(batch[192 + 10]).toBeCloseTo((10 / 255) * 2 - 1, 6)
  expect(batch[192 + 64 + 10]).toBeCloseTo(((20 / 255) * 2 - 0.5) / 2, 6)
  expect(batch[192 + 128 + 10]).toBeCloseTo(((245 / 255) * 2) / 0.5, 6)
})

test('NHWC in BGR: blue first, and mean and std follow the order of the card', () => {
  const tensor = new InputTensor(card({ ...small, layout: 'NHWC', colour: 'BGR', mean: [0.1, 0, 0], std: [1, 1, 4] }))
  const batch = tensor.batch(1)
  tensor.write(batch, 0, pixels)
  expect(tensor.dims(1)).toEqual([1, 8, 8, 3])
  expect(batch[30]).toBeCloseTo(245 / 255 - 0.1, 6)
  expect(batch[31]).toBeCloseTo(20 / 255, 6)
  expect(batch[32]).toBeCloseTo(10 / 255 / 4, 6)
})

test('uint8 takes the pixels as they are; float16 holds the bits of the nearest half', () => {
  const bytes = new InputTensor(card({ ...small, dtype: 'uint8' }))
  const whole = bytes.batch(1)
  bytes.write(whole, 0, pixels)
  expect([whole[5], whole[69], whole[133]]).toEqual([5, 10, 250])
  const half = new InputTensor(card({ ...small, dtype: 'float16', scale: 255 }))
  const bits = half.batch(1)
  half.write(bits, 0, pixels)
  // 5 = 1.25 * 2^2: exponent 17, fraction 0x100.
  expect(bits[5]).toBe(0x4500)
})

test('fractions of levels become numbers as whole levels do, in every layout, order and type', () => {
  for (const layout of ['NCHW', 'NHWC'] as const) for (const colour of ['RGB', 'BGR'] as const) for (const dtype of ['float32', 'float16', 'uint8'] as const) {
    const numbers = dtype === 'uint8' ? {} : { scale: 2, mean: [1, 0.5, 0] as [number, number, number], std: [1, 2, 0.5] as [number, number, number] }
    const tensor = new InputTensor(card({ ...small, layout, colour, dtype, ...numbers }))
    const [whole, fractions] = [tensor.batch(2), tensor.batch(2)]
    tensor.write(whole, 1, pixels)
    tensor.write(fractions, 1, Float32Array.from(pixels))
    const values = (batch: typeof whole): number[] => [...(batch instanceof Uint16Array ? new Float16Array(batch.buffer) : batch)]
    for (const [i, value] of values(whole).entries()) expect(Math.abs((values(fractions)[i] as number) - value)).toBeLessThan(dtype === 'float16' ? 4e-3 : 1e-6)
  }
  const tensor = new InputTensor(card({ ...small, scale: 255 }), { width: 2, height: 1 })
  const batch = tensor.batch(1)
  tensor.write(batch, 0, Float32Array.of(0.25, 1, 2, -3.5, 4, 260.5))
  expect([tensor.dims(1), [...batch]]).toEqual([[1, 3, 1, 2], [0.25, -3.5, 1, 4, 2, 260.5]])
})

test('a picture of another size is refused instead of being read askew', () => {
  const tensor = new InputTensor(card(small))
  expect(() => tensor.write(tensor.batch(1), 0, new Uint8Array(12))).toThrow(RangeError)
})

test('crop as in timm: 640 x 480 at 224 / 0.875 becomes 341 x 256, and the middle 224', () => {
  const plan = resizePlan(card({ resize: { mode: 'crop', cropFraction: 0.875 } }), 640, 480)
  expect(plan).toEqual({ source: null, width: 341, height: 256, crop: { left: 59, top: 16, width: 224, height: 224 }, pad: null })
})

test('letterbox: 640 x 480 becomes 224 x 168 with 28 rows above and below', () => {
  const plan = resizePlan(card({ resize: { mode: 'letterbox' } }), 640, 480)
  expect(plan).toEqual({ source: null, width: 224, height: 168, crop: null, pad: { left: 0, right: 0, top: 28, bottom: 28 } })
})

test('whatever the picture, a plan ends at the size of the input and never blows a strip up to a wall', () => {
  const side = fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: 8 }))
  const input = fc.integer({ min: 8, max: 640 })
  fc.assert(fc.property(side, side, input, input, fc.constantFrom('squash' as const, 'crop' as const, 'letterbox' as const), fc.double({ min: 0.5, max: 1, noNaN: true }), (width, height, toWidth, toHeight, mode, cropFraction) => {
    const plan = resizePlan(card({ width: toWidth, height: toHeight, resize: { mode, cropFraction } }), width, height)
    const { source, crop, pad } = plan
    expect((crop?.width ?? plan.width) + (pad ? pad.left + pad.right : 0)).toBe(toWidth)
    expect((crop?.height ?? plan.height) + (pad ? pad.top + pad.bottom : 0)).toBe(toHeight)
    const longest = 8 * Math.max(toWidth, toHeight) + (2 * Math.max(toWidth, toHeight)) / cropFraction
    expect(Math.max(plan.width, plan.height)).toBeLessThanOrEqual(longest)
    for (const [region, w, h] of [[source, width, height], [crop, plan.width, plan.height]] as const) {
      if (!region) continue
      expect(Math.min(region.left, region.top)).toBeGreaterThanOrEqual(0)
      expect(region.left + region.width).toBeLessThanOrEqual(w)
      expect(region.top + region.height).toBeLessThanOrEqual(h)
    }
  }))
})
