import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { ModelCard, ModelCheck } from '../../../core/contract/models.ts'
import { npyBytes } from '../../../core/formats/npy.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { compareVectors } from '../../../core/models/parityCheck.ts'
import { readReferenceVector } from '../../../core/models/referenceVector.ts'

const exportsFolder = join(import.meta.dirname, 'exports')
const folder = mkdtempSync(join(tmpdir(), 'winnow-parity-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const library = new ModelLibrary({ folder: join(folder, 'models') })
const { picture } = JSON.parse(readFileSync(join(exportsFolder, 'cases.json'), 'utf8')) as { picture: { file: string; model: string; size: number; vector: number[] } }
const image = join(exportsFolder, picture.file)
const file = join(exportsFolder, picture.model)
const vector = join(exportsFolder, 'picture.npy')

/** The card of the little model that ends as ISC21's does: Pillow's bilinear, mean and std 0.5. */
async function cardOf(changes: (card: ModelCard) => Partial<ModelCard> = () => ({})): Promise<ModelCard> {
  const { draft } = await library.inspect({ file })
  const card: ModelCard = { ...draft, resize: { ...draft.resize, mode: 'squash', interpolation: 'bilinear', method: 'pillow' }, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], licence: 'MIT', source: 'a test' }
  return { ...card, ...changes(card) }
}
const check = async (card: ModelCard, given = vector, tolerance = 0.001): Promise<ModelCheck> => await library.check({ model: { file, card }, image, vector: given, tolerance })

test('the whole way of a picture gives what Pillow and PyTorch gave', async () => {
  const found = await check(await cardOf())
  expect(found).toMatchObject({ passed: true, dim: picture.vector.length, tolerance: 0.001 })
  expect(found.cosine).toBeGreaterThan(0.999999)
  expect(found.maxDifference).toBeLessThan(1e-3)
})

test.each([
  ['the other values', (card: ModelCard) => ({ mean: [0, 0, 0] as ModelCard['mean'], std: [1, 1, 1] as ModelCard['std'], id: card.id })],
  ['the colours the other way round', () => ({ colour: 'BGR' as const })],
  ['another way to fit', (card: ModelCard) => ({ resize: { ...card.resize, mode: 'crop' as const } })]
])('a card with %s is found out', async (_name, changes) => {
  const found = await check(await cardOf(changes))
  expect(found.passed).toBe(false)
  expect(found.cosine).toBeLessThan(0.999)
})

test('a model that is there already is checked by its id; the vector may be JSON', async () => {
  const card = await cardOf(() => ({ id: 'checked' }))
  await library.add({ file, card })
  const json = join(folder, 'vector.json')
  writeFileSync(json, JSON.stringify({ vector: picture.vector }))
  expect(await library.check({ model: { modelId: 'checked' }, image, vector: json, tolerance: 0.001 })).toMatchObject({ passed: true })
  await expect(library.check({ model: { modelId: 'nothing' }, image, vector, tolerance: 0.001 })).rejects.toThrow(/no model "nothing"/)
})

test('what cannot be compared is said by name', async () => {
  const card = await cardOf()
  const saved = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  await expect(check(card, join(folder, 'none.npy'))).rejects.toThrow(/none\.npy is not there/)
  await expect(check(card, saved('long.npy', npyBytes(new Float32Array(9), [9])))).rejects.toThrow(/holds 9 values, .* gives 6.*of one picture/)
  await expect(check(card, saved('short.json', '[1, 2]'))).rejects.toThrow(/holds 2 values/)
  await expect(library.check({ model: { file, card }, image: join(folder, 'none.jpg'), vector, tolerance: 0.1 })).rejects.toThrow(/none\.jpg is not there/)
  await expect(library.check({ model: { file, card }, image: saved('text.jpg', 'no picture'), vector, tolerance: 0.1 })).rejects.toThrow(/text\.jpg could not be embedded/)
  await expect(library.check({ model: { file, card }, image: folder, vector, tolerance: 0.1 })).rejects.toThrow(/is not a file/)
  await expect(check({ ...card, input: { ...card.input, width: 64 } })).rejects.toThrow(/takes N x 3 x 32 x 32, its card says N x 3 x 32 x 64/)
})

test('vectors are read from .npy of every number type and from JSON in its usual forms', async () => {
  const read = async (name: string, bytes: Uint8Array | string): Promise<number[]> => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return [...await readReferenceVector(path)]
  }
  expect(await read('a.npy', npyBytes(Float64Array.of(1, -2, 0.5), [1, 3]))).toEqual([1, -2, 0.5])
  expect(await read('b.npy', npyBytes(Int32Array.of(1, -2), [2, 1]))).toEqual([1, -2])
  expect(await read('c.npy', npyBytes(BigInt64Array.of(3n, 4n), [2]))).toEqual([3, 4])
  expect(await read('a.json', '[1, -2.5]')).toEqual([1, -2.5])
  expect(await read('b.json', '[[1, 2]]')).toEqual([1, 2])
  expect(await read('c.json', '{"embedding": [1, 2]}')).toEqual([1, 2])
})

test.each([
  ['two rows', npyBytes(new Float32Array(6), [2, 3]), /shape \(2, 3\).*that one row/],
  ['text in an array', npyBytes(['a', 'b'], [2], '<U1'), /holds text/],
  ['a number that is none', npyBytes(Float32Array.of(1, Number.NaN), [2]), /value 2 of the vector is not a finite number/],
  ['a broken header', Buffer.from([0x93, 0x4e, 0x55]), /bad-5|not|npy/i],
  ['an empty file', Buffer.alloc(0), /neither an \.npy file nor JSON/],
  ['no list', Buffer.from('{"values": 3}'), /holds no list of numbers/],
  ['a word among numbers', Buffer.from('[1, "2"]'), /value 2 of the vector is not a number/],
  ['one number', Buffer.from('[1]'), /holds 1 value;/]
])('a vector file with %s is refused with the reason', async (name, bytes, message) => {
  const path = join(folder, `bad-${name.replaceAll(' ', '-')}`)
  writeFileSync(path, bytes)
  await expect(readReferenceVector(path)).rejects.toThrow(message)
})

test('the cosine does not depend on lengths; the difference does, unless both are made units first', () => {
  const vectors = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 20 }).filter((values) => values.some((value) => Math.abs(value) > 0.01))
  fc.assert(fc.property(vectors, fc.double({ min: 0.1, max: 50, noNaN: true }), (values, factor) => {
    const longer = values.map((value) => value * factor)
    expect(compareVectors(values, longer, true).cosine).toBeCloseTo(1, 9)
    expect(compareVectors(values, longer, true).maxDifference).toBeLessThan(1e-9)
    expect(compareVectors(values, longer, false).maxDifference).toBeCloseTo(Math.max(...values.map((value) => Math.abs(value * (factor - 1)))), 6)
    expect(compareVectors(values, values.map((value) => -value), true).cosine).toBeCloseTo(-1, 9)
  }))
  expect(compareVectors([0, 0], [1, 0], true)).toEqual({ cosine: 0, maxDifference: 1 })
})
