import { describe, expect, test } from 'vitest'
import { parseFeatureCard } from '../../../core/verify/featureSpec.ts'
import { readOutputs } from '../../../core/verify/modelFeatures.ts'
import { type ShrunkPicture, shrunkSize, wholePoint } from '../../../core/verify/picture.ts'

const raw = {
  kind: 'localFeatures', id: 'toy', name: 'Toy', file: 'toy.onnx', sha256: 'a'.repeat(64), input: { name: 'image' },
  outputs: { keypoints: { name: 'k' }, scores: { name: 's' }, descriptors: { name: 'd', dim: 2 } }, licence: 'MIT', source: 'here'
}
const card = (changes: object = {}): ReturnType<typeof parseFeatureCard> => parseFeatureCard(JSON.stringify({ ...raw, ...changes }), 'card.json')
const outputs = (changes: object): object => ({ outputs: { ...raw.outputs, ...changes } })
const picture = (changes: Partial<ShrunkPicture> = {}): ShrunkPicture => ({ width: 100, height: 50, channels: 3, data: new Uint8Array(0), whole: { width: 200, height: 100 }, shrink: 2, mirrored: false, ...changes })
const two = { keypoints: Float32Array.of(0, 0, 99, 49), scores: Float32Array.of(0.5, 0.25), descriptors: Float32Array.of(3, 4, 0, 2) }

describe('a card for local features', () => {
  test('says which field is wrong and in which file', () => {
    expect(() => parseFeatureCard('{', 'card.json')).toThrow(/^card\.json is not JSON/)
    expect(() => card({ sha256: 'x' })).toThrow('card.json: field "sha256": 64 hexadecimal digits')
    expect(() => card({ file: '../x.onnx' })).toThrow('field "file"')
    expect(() => card({ kind: 'embedding' })).toThrow('field "kind"')
    expect(() => card({ std: [1, 0, 1] })).toThrow('field "std" must not hold a zero')
  })
})

describe('outputs of a model', () => {
  test('pixels of the input become pixels of the whole image; descriptors unit vectors', () => {
    const found = readOutputs(card(), picture(), two)
    expect([...found.points]).toEqual([0.5, 0.5, 198.5, 98.5])
    expect([...found.descriptors.data].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.6, 0.8, 0, 1])
    expect([found.width, found.height, found.shrink]).toEqual([200, 100, 2])
  })

  test('points of a mirrored picture lie where they are in the image as it is', () => {
    expect([...readOutputs(card(), picture({ mirrored: true }), two).points]).toEqual([198.5, 0.5, 0.5, 98.5])
  })

  test('coordinates from 0 to 1, or -1 to 1, span the picture', () => {
    const unit = readOutputs(card(outputs({ keypoints: { name: 'k', space: 'unit' } })), picture(), { ...two, keypoints: Float32Array.of(0, 0, 1, 1) })
    const signed = readOutputs(card(outputs({ keypoints: { name: 'k', space: 'signed' } })), picture(), { ...two, keypoints: Float32Array.of(-1, -1, 1, 1) })
    expect([...unit.points]).toEqual([-0.5, -0.5, 199.5, 99.5])
    expect([...signed.points]).toEqual([...unit.points])
  })

  test('columns are turned into rows, padding is left out', () => {
    const found = readOutputs(card({ normalise: false, minScore: 0.3, ...outputs({ descriptors: { name: 'd', dim: 2, layout: 'columns' } }) }), picture(), two)
    expect([...found.descriptors.data]).toEqual([3, 0])
    expect(found.scores.length).toBe(1)
  })

  test('outputs that do not fit each other are refused', () => {
    expect(() => readOutputs(card(), picture(), { ...two, keypoints: Float32Array.of(1, 2) })).toThrow('2 scores and 2 coordinates')
    expect(() => readOutputs(card(), picture(), { ...two, descriptors: Float32Array.of(1, 2) })).toThrow('2 descriptor values for 2 points')
    expect(() => readOutputs(card(), picture(), { ...two, keypoints: Float32Array.of(0, Number.NaN, 1, 1) })).toThrow('a coordinate is not a finite number')
  })
})

test('pictures shrink to their longest side and are never enlarged', () => {
  expect(shrunkSize(4000, 3000, 640)).toEqual({ width: 640, height: 480 })
  expect(shrunkSize(300, 200, 640)).toEqual({ width: 300, height: 200 })
  expect(shrunkSize(4000, 10, 640)).toEqual({ width: 640, height: 2 })
  expect(shrunkSize(1000, 700, 640, 32)).toEqual({ width: 640, height: 448 })
  expect(shrunkSize(20, 5, 640, 32)).toEqual({ width: 32, height: 32 })
  expect(wholePoint(picture(), 49.5, 24.5)).toEqual([99.5, 49.5])
})
