import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWinnowError } from '../../../core/domain/errors.ts'
import { npyBytes } from '../../../core/formats/npy.ts'
import { parseDelfNpz } from '../../../core/verify/delfNpz.ts'
import { parseDelfProtobuf } from '../../../core/verify/delfProtobuf.ts'
import { decodeFeatures, encodeFeatures } from '../../../core/verify/featureFile.ts'
import { type LocalFeatures, strongest } from '../../../core/verify/localFeatures.ts'

const example = (n: number, kind: 'binary' | 'float'): LocalFeatures => ({
  width: 640, height: 480, shrink: 1.5,
  points: Float32Array.from({ length: 2 * n }, (_, i) => i / 3),
  scores: Float32Array.from({ length: n }, (_, i) => (i * 7) % 5),
  descriptors: kind === 'binary' ? { kind, bytes: 32, data: Uint8Array.from({ length: 32 * n }, (_, i) => i % 256) } : { kind, dim: 3, data: Float32Array.from({ length: 3 * n }, (_, i) => -i / 7) }
})

describe('kept features', () => {
  test.each(['binary', 'float'] as const)('%s descriptors come back as they were, from anywhere in a larger buffer', (kind) => {
    for (const n of [0, 1, 17]) {
      const bytes = encodeFeatures(example(n, kind))
      const larger = Buffer.concat([Buffer.alloc(13, 0xff), bytes]).subarray(13)
      expect(decodeFeatures(larger, 'x')).toEqual(example(n, kind))
    }
  })

  test('any byte that changed and any end that is missing is noticed', () => {
    const bytes = encodeFeatures(example(5, 'binary'))
    fc.assert(fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice()
      damaged[at] = (damaged[at] as number) ^ change
      expect(() => decodeFeatures(damaged, 'a.features')).toThrow(/a\.features is not a whole file of features/)
    }))
    fc.assert(fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
      expect(() => decodeFeatures(bytes.subarray(0, length), 'a.features')).toThrow(/a\.features is not a whole file of features/)
    }))
  })
})

test('the strongest features stay, in the order in which they came', () => {
  const few = strongest(example(10, 'binary'), 4)
  expect([...few.scores]).toEqual([4, 3, 4, 3])
  expect([...few.points.subarray(0, 2)]).toEqual([...example(10, 'binary').points.subarray(4, 6)])
  expect(few.descriptors.data.length).toBe(4 * 32)
})

describe('DELF files as .npz', () => {
  const npz = (arrays: Record<string, [Float32Array | Float64Array, number[]]>): Uint8Array =>
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, [data, shape]]) => [`${name}.npy`, npyBytes(data, shape)])))
  const locations: [Float32Array, number[]] = [Float32Array.of(10, 20, 30, 40), [2, 2]]
  const descriptors: [Float32Array, number[]] = [Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]]

  test('locations are turned from DELF’s (y, x) to x, y', () => {
    const { points, descriptors: found, scores, width, height } = parseDelfNpz(npz({ locations, descriptors, attention: [Float32Array.of(0.5, 0.25), [2, 1]] }), 'a.npz')
    expect([...points]).toEqual([20, 10, 40, 30])
    expect(found).toEqual({ kind: 'float', dim: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) })
    expect([...scores]).toEqual([0.5, 0.25])
    expect([width, height]).toEqual([41, 31])
  })

  test('other usual names and double precision are taken; without scores the first count as the strongest', () => {
    const found = parseDelfNpz(npz({ loc: [Float64Array.of(10, 20, 30, 40), [2, 2]], desc: [Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]] }), 'a.npz')
    expect([...strongest(found, 1).points]).toEqual([20, 10])
  })

  test('what does not fit is named', () => {
    expect(() => parseDelfNpz(npz({ locations }), 'a.npz')).toThrow('a.npz has no array "descriptors"; it has locations.npy')
    expect(() => parseDelfNpz(npz({ locations: [Float32Array.of(1, 2, 3), [1, 3]], descriptors }), 'a.npz')).toThrow('"locations" has the shape (1, 3)')
    expect(() => parseDelfNpz(npz({ locations, descriptors: [Float32Array.of(1, 2, 3), [1, 3]] }), 'a.npz')).toThrow('"descriptors" has the shape (1, 3); (2, D) is needed')
    expect(() => parseDelfNpz(npz({ locations, descriptors, attention: [Float32Array.of(1), [1]] }), 'a.npz')).toThrow('"attention" has 1 values; 2 are needed')
    expect(() => parseDelfNpz(npz({ locations: [Float32Array.of(1, Number.NaN, 3, 4), [2, 2]], descriptors }), 'a.npz')).toThrow('a coordinate is not a finite number')
    expect(() => parseDelfNpz(Buffer.from('no zip'), 'a.npz')).toThrow('a.npz is no whole .npz file')
    const whole = npz({ locations, descriptors })
    fc.assert(fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
      expect(() => parseDelfNpz(whole.subarray(0, length), 'a.npz')).toThrow(/a\.npz/)
    }))
  })
})

describe('DELF files as TensorFlow writes them', () => {
  const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'references', 'delf.json'), 'utf8')) as { base64: string; features: { x: number; y: number; strength: number; descriptor: number[] }[] }
  const bytes = Buffer.from(reference.base64, 'base64')

  test('hold what Google’s own library put in', () => {
    const { points, scores, descriptors } = parseDelfProtobuf(bytes, 'a.delf')
    expect([...points]).toEqual(reference.features.flatMap(({ x, y }) => [x, y]))
    expect([...scores]).toEqual(reference.features.map(({ strength }) => strength))
    expect([...descriptors.data]).toEqual(reference.features.flatMap(({ descriptor }) => descriptor))
  })

  test('an empty file has no features', () => {
    expect(parseDelfProtobuf(new Uint8Array(0), 'a.delf').scores.length).toBe(0)
  })

  test('cut short or changed, they give features or an error that names the file, nothing else', () => {
    fc.assert(fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, change) => {
      for (const damaged of [bytes.subarray(0, at), Buffer.from(bytes.map((value, i) => (i === at ? value ^ change : value)))]) {
        try {
          parseDelfProtobuf(damaged, 'a.delf')
        } catch (error) {
          expect(isWinnowError(error)).toBe(true)
          expect((error as Error).message).toContain('a.delf')
        }
      }
    }))
    expect(() => parseDelfProtobuf(bytes.subarray(0, 100), 'a.delf')).toThrow('a.delf is no whole .delf file (it ends early)')
    expect(() => parseDelfProtobuf(Buffer.from([0x0a, 0x00]), 'a.delf')).toThrow('a.delf: feature 0 has 0 descriptor values')
  })
})
