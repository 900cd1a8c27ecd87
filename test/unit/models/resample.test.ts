import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { modelCard, type ModelCard } from '../../../core/contract/models.ts'
import { cardFingerprint, checkCard } from '../../../core/models/card.ts'
import type { Raster } from '../../../core/models/raster.ts'
import { resample, resampleFractions, resampleMethodOf, resampleMethods, type ResampleMethod } from '../../../core/models/resample.ts'

const side = fc.integer({ min: 1, max: 24 })
/** Middle levels only: cubic kernels overshoot, and what is cut off at black and white is cut off in the order of the passes. */
const raster = fc.tuple(side, side).chain(([width, height]) => fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3, min: 64, max: 191 }).map((data): Raster => ({ width, height, data })))
const flat = (width: number, height: number, [r, g, b]: readonly number[]): Raster => ({ width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => [r, g, b][i % 3] as number) })
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(b, (value, i) => Math.abs(value - (a[i] as number))).reduce((most, by) => Math.max(most, by), a.length === b.length ? 0 : Infinity)

const turned = ({ width, height, data }: Raster): Raster => {
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) out[(x * height + y) * 3 + c] = data[(y * width + x) * 3 + c] as number
  return { width: height, height: width, data: out }
}
const mirrored = ({ width, height, data }: Raster): Raster => ({ width, height, data: Uint8Array.from({ length: data.length }, (_, i) => {
  const x = Math.floor(i / 3) % width
  return data[i + 3 * (width - 1 - 2 * x)] as number
}) })

/** Pillow's result straight from its definition: one weighted mean over both directions, in doubles. */
function pillowBilinearByDefinition({ width, height, data }: Raster, toWidth: number, toHeight: number): number[] {
  const weights = (from: number, to: number, i: number): [number, number][] => {
    const scale = from / to
    const wide = Math.max(1, scale)
    const all = Array.from({ length: from }, (_, x): [number, number] => [x, Math.max(0, 1 - Math.abs((x + 0.5 - (i + 0.5) * scale) / wide))])
    const sum = all.reduce((total, [, weight]) => total + weight, 0)
    return all.map(([x, weight]) => [x, weight / sum])
  }
  const out: number[] = []
  for (let y = 0; y < toHeight; y++) for (let x = 0; x < toWidth; x++) for (let c = 0; c < 3; c++) {
    let value = 0
    for (const [sy, a] of weights(height, toHeight, y)) for (const [sx, b] of weights(width, toWidth, x)) value += a * b * (data[(sy * width + sx) * 3 + c] as number)
    out.push(value)
  }
  return out
}

describe.each(resampleMethods)('%s', (method) => {
  test('a picture of one colour keeps it at every size', () => {
    fc.assert(fc.property(side, side, side, side, fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (width, height, toWidth, toHeight, colour) => {
      expect(worst(resample(flat(width, height, colour), toWidth, toHeight, method).data, flat(toWidth, toHeight, colour).data)).toBe(0)
    }))
  })

  test('its own size changes nothing', () => {
    fc.assert(fc.property(raster, (picture) => { expect(resample(picture, picture.width, picture.height, method).data).toEqual(picture.data) }))
  })

  test('rows and columns are treated alike: turning the picture turns the result', () => {
    fc.assert(fc.property(raster, side, side, (picture, width, height) => {
      expect(worst(turned(resample(picture, width, height, method)).data, resample(turned(picture), height, width, method).data)).toBeLessThanOrEqual(2)
    }))
  })

  test('separable: first the width and then the height is the same as both at once', () => {
    // Halving both sides exactly is another method in OpenCV; and an 8-bit picture in between is rounded once more.
    const slack = method.startsWith('pillow') || method.endsWith('nearest') ? 0 : 2
    fc.assert(fc.property(raster, side, side, (picture, width, height) => {
      fc.pre(!method.startsWith('opencv') || method === 'opencv-nearest' || !((picture.width < width) !== (picture.height < height) || picture.width === 2 * width || picture.height === 2 * height))
      expect(worst(resample(resample(picture, width, picture.height, method), width, height, method).data, resample(picture, width, height, method).data)).toBeLessThanOrEqual(slack)
    }))
  })

  if (!method.endsWith('nearest') && method !== 'opencv-area' && method !== 'pillow-box') test('no direction is preferred: mirroring the picture mirrors the result', () => {
    // With aligned corners, a single column is the first one.
    const most = method.endsWith('corners') ? fc.integer({ min: 2, max: 24 }) : side
    fc.assert(fc.property(raster, most, most, (picture, width, height) => {
      expect(worst(mirrored(resample(picture, width, height, method)).data, resample(mirrored(picture), width, height, method).data)).toBeLessThanOrEqual(2)
    }))
  })
})

test('pillow-bilinear is the widened triangle of its definition', () => {
  fc.assert(fc.property(raster, side, side, (picture, width, height) => {
    expect(worst(resample(picture, width, height, 'pillow-bilinear').data, pillowBilinearByDefinition(picture, width, height))).toBeLessThan(1.001)
  }), { numRuns: 40 })
})

test('whole ratios: area and box are the mean of the covered pixels', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 4 }), fc.infiniteStream(fc.nat(255)), (width, height, by, values) => {
    const picture: Raster = { width: width * by, height: height * by, data: Uint8Array.from({ length: width * height * by * by * 3 }, () => values.next().value as number) }
    const means = Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
      let sum = 0
      for (let dy = 0; dy < by; dy++) for (let dx = 0; dx < by; dx++) sum += picture.data[((y * by + dy) * picture.width + x * by + dx) * 3 + c] as number
      return sum / by / by
    })
    for (const method of ['opencv-area', 'pillow-box'] as const) expect(worst(resample(picture, width, height, method).data, means)).toBeLessThanOrEqual(1)
  }))
})

test('aligned corners: the corners of the output are those of the input', () => {
  fc.assert(fc.property(raster, fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 30 }), (picture, width, height) => {
    const { data } = resampleFractions(picture, width, height, { mode: 'bilinear', alignCorners: true })
    const at = (list: ArrayLike<number>, index: number): number => list[index] as number
    expect(at(data, 0)).toBeCloseTo(at(picture.data, 0), 3)
    expect(at(data, data.length - 1)).toBeCloseTo(at(picture.data, picture.data.length - 1), 3)
  }))
})

test('a size or a picture that cannot be is refused', () => {
  expect(() => resample(flat(2, 2, [0, 0, 0]), 0, 4, 'pillow-bilinear')).toThrow(RangeError)
  expect(() => resample(flat(2, 2, [0, 0, 0]), 1.5, 4, 'torch-bilinear')).toThrow(RangeError)
  expect(() => resample({ width: 3, height: 2, data: new Uint8Array(12) }, 4, 4, 'opencv-linear')).toThrow(RangeError)
})

const card = (resize: Partial<ModelCard['resize']>): unknown => ({ id: 'm', name: 'M', file: 'm.onnx', sha256: '0'.repeat(64), input: { name: 'x', width: 8, height: 8 }, resize, output: { name: 'y', dim: 4 }, licence: 'MIT', source: 'test' })
const methodOf = (resize: Partial<ModelCard['resize']>): ResampleMethod | null | undefined => resampleMethodOf(checkCard(card(resize), 'a card').resize)

test('a card names a library and an interpolation; what that library has not is refused with words', () => {
  expect(methodOf({})).toBe(null)
  expect(methodOf({ method: 'fast', interpolation: 'lanczos3' })).toBe(null)
  expect(methodOf({ method: 'pillow' })).toBe('pillow-bilinear')
  expect(methodOf({ method: 'pillow', interpolation: 'lanczos3' })).toBe('pillow-lanczos')
  expect(methodOf({ method: 'opencv', interpolation: 'area' })).toBe('opencv-area')
  expect(methodOf({ method: 'torch', alignCorners: true })).toBe('torch-bilinear-corners')
  expect(() => methodOf({ method: 'torch', interpolation: 'area' })).toThrow(/"resize.interpolation": torch has no area/)
  expect(() => methodOf({ method: 'opencv', interpolation: 'lanczos3' })).toThrow(/opencv has no lanczos3/)
  expect(() => methodOf({ alignCorners: true })).toThrow(/"resize.alignCorners" is for "resize.method" torch only/)
})

test('vectors made before there were methods stay those of their card; every method has its own', () => {
  const print = (resize: Partial<ModelCard['resize']>): string => cardFingerprint(modelCard.parse(card(resize)), 'float32')
  expect(print({ method: 'fast' })).toBe(print({}))
  // Of issue 2's code.
  expect(print({})).toBe('68c608e13d3c585cceda642956cfe88da1516015db5987c059658faea7ed870b')
  const all = [print({}), print({ method: 'pillow' }), print({ method: 'opencv' }), print({ method: 'torch' }), print({ method: 'torch', alignCorners: true })]
  expect(new Set(all).size).toBe(5)
  expect(print({ method: 'torch', alignCorners: false })).toBe(print({ method: 'torch' }))
  // They decode every pixel, whatever the card says of shrinking.
  expect(print({ method: 'pillow', shrinkOnLoad: false })).toBe(print({ method: 'pillow', shrinkOnLoad: true }))
})
