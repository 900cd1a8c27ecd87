import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { modelCard } from '../../core/contract/models.ts'
import { InputTensor } from '../../core/models/inputTensor.ts'
import { pillowGaussianBlur, pillowGrey } from '../../core/models/pillowBlur.ts'
import type { Raster } from '../../core/models/raster.ts'
import { resample, resampleFractions, type ResampleMethod } from '../../core/models/resample.ts'

/*
 * Pixels as Pillow, OpenCV and PyTorch make them: test/golden/pixels/make_references.py drew the pictures and wrote what these libraries give.
 * WINNOW_GOLDEN may name a folder with other ones, in its folder `pixels`; where it has none, ours are read.
 */
const named = join(process.env['WINNOW_GOLDEN'] ?? '', 'pixels')
const folder = process.env['WINNOW_GOLDEN'] !== undefined && existsSync(join(named, 'cases.json')) ? named : join(import.meta.dirname, 'pixels')

interface Case { method: ResampleMethod; source: string; width: number; height: number }
interface TensorCase { source: string; width: number; height: number; mean: [number, number, number]; std: [number, number, number]; then: { factor: number | null; alignCorners: boolean; width: number; height: number } | null }
interface FilterCase { source: string; blur: number; grey: boolean }
const { sources, cases, fractions, tensors, filters } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
  sources: { name: string; width: number; height: number }[]; cases: Case[]; fractions: Case[]; tensors: TensorCase[]; filters: FilterCase[]
}

const bytesOf = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(join(folder, `${name}.bin.gz`))))
const floatsOf = (name: string): Float32Array => new Float32Array(bytesOf(`${name}.f32`).slice().buffer)

const pictures = new Map<string, Raster>()
for (let i = 0, at = 0, all = bytesOf('sources'); i < sources.length; i++) {
  const { name, width, height } = sources[i] as (typeof sources)[number]
  pictures.set(name, { width, height, data: all.subarray(at, (at += width * height * 3)) })
}
const picture = (name: string): Raster => pictures.get(name) as Raster

/** How many values differ by how many levels. */
function differences(a: ArrayLike<number>, b: ArrayLike<number>): { worst: number; share: number } {
  let worst = 0
  let different = 0
  for (let i = 0; i < b.length; i++) {
    const by = Math.abs((a[i] as number) - (b[i] as number))
    worst = Math.max(worst, by)
    if (by > 0) different++
  }
  return { worst, share: different / b.length }
}

for (const method of new Set(cases.map((each) => each.method))) {
  describe(method, () => {
    const all = bytesOf(method)
    let at = 0
    for (const { source, width, height } of cases.filter((each) => each.method === method)) {
      const expected = all.subarray(at, (at += width * height * 3))
      test(`${source} to ${width} x ${height}: within 1 grey level`, () => {
        const { data } = resample(picture(source), width, height, method)
        expect(data.length).toBe(expected.length)
        const { worst, share } = differences(data, expected)
        expect(worst).toBeLessThanOrEqual(1)
        // Where the arithmetic is the library's own, it is the library's own to the bit.
        if (/^pillow|nearest|opencv-linear/.test(method)) expect(worst).toBe(0)
        else expect(share).toBeLessThan(0.08)
      })
    }
  })
}

describe('the fractions of F.interpolate', () => {
  const read = new Map<string, { all: Float32Array; at: number }>()
  for (const { method, source, width, height } of fractions) {
    const file = read.get(method) ?? { all: floatsOf(method), at: 0 }
    read.set(method, file)
    const expected = file.all.subarray(file.at, (file.at += width * height * 3))
    test(`${method}: ${source} to ${width} x ${height}`, () => {
      const options = { mode: method.includes('bicubic') ? 'bicubic' : 'bilinear', alignCorners: method.endsWith('corners') } as const
      expect(differences(resampleFractions(picture(source), width, height, options).data, expected).worst).toBeLessThan(2e-3)
    })
  }
})

describe('tensors', () => {
  const all = floatsOf('tensors')
  let at = 0
  for (const { source, width, height, mean, std, then } of tensors) {
    const last = then ?? { width, height }
    const expected = all.subarray(at, (at += last.width * last.height * 3))
    test(`${source}: Pillow's bilinear at ${width} x ${height}, ToTensor, Normalize${then ? `, F.interpolate to ${then.width} x ${then.height}` : ''}`, () => {
      const card = modelCard.parse({
        id: 'm', name: 'M', file: 'm.onnx', sha256: '0'.repeat(64), input: { name: 'x', width: 8, height: 8 }, mean, std, output: { name: 'y', dim: 4 }, licence: 'MIT', source: 'test'
      })
      const fitted = resample(picture(source), width, height, 'pillow-bilinear')
      const scaled = then ? resampleFractions(fitted, then.width, then.height, { mode: 'bilinear', alignCorners: then.alignCorners, factor: then.factor ?? undefined }) : fitted
      const input = new InputTensor(card, last)
      const batch = input.batch(1)
      input.write(batch, 0, scaled.data)
      expect(differences(batch, expected).worst).toBeLessThan(1e-5)
    })
  }
})

describe("Pillow's Gaussian blur and greyscale, to the bit", () => {
  const all = bytesOf('filters')
  let at = 0
  for (const { source, blur, grey } of filters) {
    const picked = picture(source)
    const expected = all.subarray(at, (at += picked.data.length))
    test(`${source}: blur ${blur}${grey ? ', grey' : ''}`, () => {
      const blurred = blur > 0 ? pillowGaussianBlur(picked, blur) : picked
      expect(differences((grey ? pillowGrey(blurred) : blurred).data, expected).worst).toBe(0)
    })
  }
})
