import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { KnownEmbedding } from '../../../core/contract/knownModels.ts'
import { localFeaturesCard } from '../../../core/contract/localFeatures.ts'
import { viewPresets } from '../../../core/descriptors/viewPlans.ts'
import { checkCard } from '../../../core/models/card.ts'
import { findKnownModel, knownModels, parseKnownModel } from '../../../core/models/knownModels.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { tinyModel } from './tinyModels.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'winnow-known-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const library = new ModelLibrary({ folder: join(folder, 'models') })
const sha256 = '0'.repeat(64)
let made = 0

/** An ONNX file whose input and output have these shapes; it computes nothing of use. */
function onnx({ width, height, dim, input = 'x', output = 'y' }: { width: number | string; height: number | string; dim: number; input?: string; output?: string }): string {
  const file = join(folder, `model-${made++}.onnx`)
  writeFileSync(file, tinyModel({
    nodes: [
      { op: 'ReduceMean', inputs: [input], outputs: ['mean'], attributes: { axes: [2, 3], keepdims: 0 } },
      { op: 'MatMul', inputs: ['mean', 'matrix'], outputs: [output] }
    ],
    constants: [{ name: 'matrix', type: 'float32', dims: [3, dim], data: Array.from({ length: 3 * dim }, (_, i) => Math.sin(i)) }],
    inputs: [{ name: input, type: 'float32', dims: ['N', 3, height, width] }],
    outputs: [{ name: output, type: 'float32', dims: ['N', dim] }]
  }))
  return file
}

test('the models of the seeds are known, each file by its id, with a card that only lacks a file', async () => {
  const all = await knownModels()
  const names = readdirSync(join(repository, 'models', 'cards')).map((name) => name.replace(/\.json$/, ''))
  expect(all.map(({ card }) => card.id).sort()).toEqual(names.sort())
  for (const id of ['isc-ft-v107', 'visionforce-resnet50', 'visionforce-resnet152', 'visionforce-resnet50-ibn', 'landmark-r101-arcface', 'pet-swin-b-224', 'pet-effnet-b7', 'sscd-disc-mixup', 'dinov2-small', 'clip-vit-b32-image', 'siglip-base-image', 'xfeat']) {
    expect(names).toContain(id)
  }
  for (const model of all) {
    const whole = { ...model.card, file: 'model.onnx', sha256 }
    if (model.kind === 'embedding') expect(() => checkCard(whole, model.card.id)).not.toThrow()
    else localFeaturesCard.parse({ kind: 'localFeatures', ...whole })
    expect(existsSync(join(repository, model.export.script)), model.export.script).toBe(true)
    expect(model.export.command).toContain(model.export.script)
    // Said plainly, both ways.
    expect(model.export.run.length, model.card.id).toBeGreaterThan(0)
    expect(model.export.notRun.join(' '), model.card.id).toMatch(/weights/i)
    expect(JSON.stringify(model)).not.toContain('TODO')
  }
})

test('the cards hold the constants of the seeds (SEEDS A1, B2, C1, D1)', async () => {
  const card = async (id: string): Promise<KnownEmbedding['card']> => (await findKnownModel(id) as KnownEmbedding).card
  expect(await card('isc-ft-v107')).toMatchObject({ input: { width: 512, height: 512 }, resize: { mode: 'squash', interpolation: 'bilinear', method: 'pillow' }, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], output: { dim: 256 }, normalise: true })
  expect(await card('visionforce-resnet50')).toMatchObject({ input: { width: 256 }, resize: { mode: 'squash', interpolation: 'bicubic', method: 'pillow' }, mean: [0.485, 0.456, 0.406], output: { dim: 8192 } })
  expect(await card('landmark-r101-arcface')).toMatchObject({ resize: { method: 'opencv' }, output: { dim: 512 } })
  expect(await card('pet-swin-b-224')).toMatchObject({ input: { width: 224, height: 224 }, resize: { mode: 'squash', method: 'opencv' }, output: { dim: 2048 } })
  expect(await card('pet-effnet-b7')).toMatchObject({ output: { dim: 5120 } })
  expect((await findKnownModel('landmark-r101-arcface')).views?.plan).toEqual(viewPresets.landmark)
  expect((await findKnownModel('pet-effnet-b7')).views?.plan).toEqual(viewPresets.pet)
})

test('a known card fills the card of a file, with the names that the file has; nothing is left to ask', async () => {
  const file = onnx({ width: 512, height: 512, dim: 256, input: 'pixels', output: 'embedding' })
  const { draft, questions, notes } = await library.inspect({ file, known: 'isc-ft-v107' })
  expect(draft).toMatchObject({ id: 'isc-ft-v107', licence: 'MIT', input: { name: 'pixels', width: 512 }, output: { name: 'embedding', dim: 256 }, mean: [0.5, 0.5, 0.5], resize: { method: 'pillow' } })
  expect(questions).toEqual([])
  expect(notes[0]).toMatch(/Filled from the card of ISC21/)
  expect(await library.add({ file, card: draft })).toMatchObject({ card: { id: 'isc-ft-v107' }, state: 'ready', origin: 'added' })
})

test('a file that leaves its size open takes the card\'s', async () => {
  const { draft } = await library.inspect({ file: onnx({ width: 'W', height: 'H', dim: 512 }), known: 'sscd-disc-mixup' })
  expect(draft.input).toMatchObject({ width: 320, height: 320 })
})

test('a length that an export may have besides the card\'s is the file\'s', async () => {
  const { draft } = await library.inspect({ file: onnx({ width: 'W', height: 'H', dim: 1500 }), known: 'visionforce-resnet50' })
  expect(draft.output.dim).toBe(1500)
})

test('a file with several outputs is asked for the card\'s by name', async () => {
  const file = join(folder, 'two.onnx')
  const two = (names: readonly [string, string]): void => writeFileSync(file, tinyModel({
    nodes: names.map((name) => ({ op: 'ReduceMean', inputs: ['picture'], outputs: [name], attributes: { axes: [2, 3], keepdims: 0 } })),
    inputs: [{ name: 'picture', type: 'float32', dims: ['N', 3, 512, 512] }],
    outputs: names.map((name) => ({ name, type: 'float32', dims: ['N', 3] }))
  }))
  two(['a', 'b'])
  await expect(library.inspect({ file, known: 'isc-ft-v107' })).rejects.toThrow(/has the outputs "a", "b", the card says "descriptor"/)
  two(['a', 'descriptor'])
  await expect(library.inspect({ file, known: 'isc-ft-v107' })).rejects.toThrow(/gives 3 values/)
})

test.each([
  ['another size', { width: 224, height: 224, dim: 256 }, 'isc-ft-v107', /input "x" is N x 3 x 224 x 224, the card says N x 3 x 512 x 512.*models\/export\/isc\.py/],
  ['another length', { width: 512, height: 512, dim: 128 }, 'isc-ft-v107', /gives 128 values a picture, the card says 256/],
  ['local features', { width: 640, height: 480, dim: 64 }, 'xfeat', /finds local features.*winnow models card xfeat --for/],
  ['no known card', { width: 64, height: 64, dim: 64 }, 'resnet', /no known model "resnet".*isc-ft-v107/]
])('a file for %s is refused with what differs', async (_name, shape, known, message) => {
  await expect(library.inspect({ file: onnx(shape), known })).rejects.toThrow(message)
})

test('a card that is not in order is named with its field', async () => {
  const text = readFileSync(join(repository, 'models', 'cards', 'isc-ft-v107.json'), 'utf8')
  expect(() => parseKnownModel(text.slice(0, -20), 'a.json')).toThrow(/a\.json is not JSON/)
  const json = JSON.parse(text) as { weights: { sha256: unknown }[]; card: { output: { dim: unknown } } }
  ;(json.weights[0] as { sha256: unknown }).sha256 = 'abc'
  expect(() => parseKnownModel(JSON.stringify(json), 'a.json')).toThrow(/a\.json: field "weights\.0\.sha256"/)
  expect(() => parseKnownModel(JSON.stringify({ ...json, kind: 'other' }), 'a.json')).toThrow(/a\.json: field "kind"/)
})
