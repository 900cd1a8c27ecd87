import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ModelCard } from '../../../core/contract/models.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { cardFor, channelMeans, side, tinyModel } from './tinyModels.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-models-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0
const newHome = (): string => join(folder, `home-${made++}`)

function save(bytes: Uint8Array): string {
  const file = join(folder, `model-${made++}.onnx`)
  writeFileSync(file, bytes)
  return file
}

/** Adds a model of these bytes to an empty library. */
async function add(bytes: Uint8Array, changes: Parameters<typeof cardFor>[1] = {}, home = newHome()): Promise<ModelLibrary> {
  const library = new ModelLibrary({ folder: home })
  await library.add({ file: save(bytes), card: cardFor(bytes, changes) })
  return library
}

test('an empty machine has the trained model, ready and chosen, and beside it the one that needs no training', async () => {
  const models = await new ModelLibrary({ folder: newHome() }).list()
  expect(models).toMatchObject([
    { card: { id: 'winnow-s' }, origin: 'built-in', state: 'ready', isDefault: true },
    { card: { id: 'basic' }, origin: 'built-in', state: 'ready', isDefault: false }
  ])
})

test('where the trained model is broken or gone, basic stands in for it until it is back', async () => {
  const builtIn = join(newHome(), 'models')
  for (const name of ['basic', 'winnow-s']) cpSync(join(import.meta.dirname, '..', '..', '..', 'models', name), join(builtIn, name), { recursive: true })
  const library = new ModelLibrary({ folder: newHome(), builtIn })
  const chosen = async (): Promise<string> => (await library.resolve()).card.id
  const file = join(builtIn, 'winnow-s', 'winnow-s.onnx')
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, 1000))
  expect(await chosen()).toBe('basic')
  rmSync(file)
  expect(await chosen()).toBe('basic')
  rmSync(join(builtIn, 'winnow-s'), { recursive: true })
  expect(await chosen()).toBe('basic')
  cpSync(join(import.meta.dirname, '..', '..', '..', 'models', 'winnow-s'), join(builtIn, 'winnow-s'), { recursive: true })
  expect(await chosen()).toBe('winnow-s')
})

test('a model is inspected, added, chosen, measured and removed', async () => {
  const library = new ModelLibrary({ folder: newHome() })
  const inspection = await library.inspect({ file: save(channelMeans) })
  expect(inspection).toMatchObject({ inputs: [{ name: 'picture', type: 'float32', shape: ['N', 3, side, side] }], draft: { output: { name: 'vector', dim: 3 } } })
  const card: ModelCard = { ...inspection.draft, id: 'means', licence: 'MIT', source: 'a test' }
  expect(await library.add({ file: inspection.file, card })).toMatchObject({ card: { id: 'means' }, origin: 'added', state: 'ready', isDefault: false })
  await library.setDefault({ modelId: 'means' })
  const measured = await library.measure({ modelId: 'means', providers: ['cpu'] })
  expect(measured.provider).toBe('cpu')
  expect((await library.list()).find(({ isDefault }) => isDefault)).toMatchObject({ card: { id: 'means' }, measured: { provider: 'cpu' } })
  await library.remove({ modelId: 'means' })
  expect((await library.list()).map(({ card, isDefault }) => [card.id, isDefault])).toEqual([['winnow-s', true], ['basic', false]])
  await expect(library.remove({ modelId: 'basic' })).rejects.toThrow(/comes with Winnow/)
  await expect(library.resolve('means')).rejects.toThrow(/no model "means".*basic/)
})

const zero = { name: 'zero', type: 'float32' as const, dims: [], data: [0] }
const mean = { op: 'ReduceMean', inputs: ['picture'], outputs: ['mean'], attributes: { axes: [2, 3], keepdims: 0 } }

test.each([
  ['gives NaN', tinyModel({ nodes: [mean, { op: 'Mul', inputs: ['mean', 'zero'], outputs: ['nought'] }, { op: 'Div', inputs: ['nought', 'zero'], outputs: ['vector'] }], constants: [zero] }), {}, /not finite numbers.*"scale"/],
  ['gives the same for every picture', tinyModel({ nodes: [mean, { op: 'Mul', inputs: ['mean', 'zero'], outputs: ['nought'] }, { op: 'Cos', inputs: ['nought'], outputs: ['vector'] }], constants: [zero] }), {}, /same descriptor for two different pictures/],
  ['gives another length', channelMeans, { output: { dim: 5 } }, /does not end in 5 values.*"output.dim"/],
  ['has another output', channelMeans, { output: { name: 'features' } }, /has no output "features"; it has "vector"/],
  ['has another input', channelMeans, { input: { name: 'x', layout: 'NCHW', dtype: 'float32', width: side, height: side } }, /has no input "x"; it has "picture"/],
  ['takes another size', channelMeans, { input: { name: 'picture', layout: 'NCHW', dtype: 'float32', width: 32, height: side } }, /takes N x 3 x 16 x 16, its card says N x 3 x 16 x 32/],
  ['takes another type', channelMeans, { input: { name: 'picture', layout: 'NCHW', dtype: 'uint8', width: side, height: side } }, /takes float32, its card says uint8/],
  ['is cut short', channelMeans.slice(0, -30), {}, /CORRUPT|could not/],
  ['is another file than its card names', channelMeans, { sha256: 'a'.repeat(64) }, /not for this file/],
  ['has a name that leaves the folder', channelMeans, { id: '../evil' as never }, /field "id"|Invalid|lower-case/]
] satisfies [string, Uint8Array, Parameters<typeof cardFor>[1], RegExp][])('a model that %s is refused, with the reason, and nothing is left behind', async (_name, bytes, changes, message) => {
  const home = newHome()
  await expect(async () => add(bytes, changes, home)).rejects.toThrow(message)
  expect(existsSync(home) ? readdirSync(home) : []).toEqual([])
})

test.each([
  ['noise', Buffer.from('this is no model at all, but long enough to try'), /is not an ONNX model|could not be loaded/],
  ['nothing', Buffer.alloc(0), /is empty/],
  ['an operator that does not exist', tinyModel({ nodes: [{ op: 'Frobnicate', inputs: ['picture'], outputs: ['vector'] }] }), /could not be loaded/],
  ['a shape that cannot be', tinyModel({ nodes: [{ op: 'MatMul', inputs: ['picture', 'huge'], outputs: ['vector'] }], constants: [{ name: 'huge', type: 'float32', dims: [2 ** 31, 2 ** 31], data: [1] }] }), /could not be|is not/]
])('inspecting %s says what is wrong and leaves the engine alive', async (_name, bytes, message) => {
  await expect(new ModelLibrary({ folder: newHome() }).inspect({ file: save(bytes) })).rejects.toThrow(message)
})

test('models that fix their batch, pool their maps, or take float16-free NHWC bytes all run', async () => {
  const fixed = tinyModel({ nodes: [mean, { op: 'Identity', inputs: ['mean'], outputs: ['vector'] }], inputs: [{ name: 'picture', type: 'float32', dims: [1, 3, side, side] }], output: [1, 3] })
  const map = tinyModel({ nodes: [{ op: 'Relu', inputs: ['picture'], outputs: ['vector'] }], output: ['N', 3, side, side] })
  const bytes = tinyModel({
    nodes: [{ op: 'Cast', inputs: ['picture'], outputs: ['float'], attributes: { to: 1 } }, { op: 'ReduceMean', inputs: ['float'], outputs: ['vector'], attributes: { axes: [1, 2], keepdims: 0 } }],
    inputs: [{ name: 'picture', type: 'uint8', dims: ['N', side, side, 3] }]
  })
  for (const [model, changes] of [[fixed, {}], [map, { output: { pooling: 'gem' as const } }], [bytes, { input: { name: 'picture', layout: 'NHWC' as const, dtype: 'uint8' as const, width: side, height: side } }]] as const) {
    expect((await (await add(model, changes)).list()).at(-1)).toMatchObject({ card: { id: 'tiny' }, state: 'ready' })
  }
})

test('what goes wrong in the models folder is shown, not thrown', async () => {
  const home = newHome()
  const library = await add(channelMeans, {}, home)
  await library.setDefault({ modelId: 'tiny' })
  appendFileSync(join(home, 'tiny', 'model.onnx'), 'x')
  expect((await library.list()).at(-1)).toMatchObject({ state: 'hash-mismatch', problem: expect.stringMatching(/not the file its card was made for/), isDefault: false })
  await expect(library.resolve('tiny')).rejects.toThrow(/cannot be used/)
  rmSync(join(home, 'tiny', 'model.onnx'))
  expect((await library.list()).at(-1)).toMatchObject({ state: 'missing-file' })
  mkdirSync(join(home, 'zz'))
  writeFileSync(join(home, 'zz', 'card.json'), '{"id": "zz"}')
  expect((await library.list()).at(-1)).toMatchObject({ card: { id: 'zz' }, state: 'invalid', problem: expect.stringMatching(/zz.card\.json: field "name"/) })
  cpSync(join(home, 'tiny'), join(home, 'twin'), { recursive: true })
  expect((await library.list()).find(({ problem }) => problem?.includes('has the id "tiny" too'))).toBeDefined()
  expect((await library.list())[0]).toMatchObject({ card: { id: 'winnow-s' }, isDefault: true })
  await expect(add(channelMeans, {}, home)).rejects.toThrow(/already a model "tiny"/)
})

test('every provider is named with what it does here; only one runs', async () => {
  const reports = await new ModelLibrary({ folder: newHome() }).providers()
  expect(reports.map(({ provider }) => provider)).toEqual(['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml', 'cpu'])
  expect(reports.filter(({ state }) => state === 'running')).toHaveLength(1)
  for (const { detail } of reports) expect(detail).not.toBe('')
})

const shared = join(process.env['WINNOW_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared'), 'models')
const real = [['mobilenet-v2-1280.onnx', 1280], ['mobilenet-v1-1024.onnx', 1024]] as const
const missing = real.some(([name]) => !existsSync(join(shared, name)))

test.skipIf(missing).each(real)(`a model the user brings, %s, is taken over (needs ${shared})`, async (name, dim) => {
  const library = new ModelLibrary({ folder: newHome() })
  const copy = join(folder, name)
  copyFileSync(join(shared, name), copy)
  const { draft, questions } = await library.inspect({ file: copy })
  expect(draft).toMatchObject({ input: { name: 'input', layout: 'NCHW', dtype: 'float32', width: 224, height: 224 }, output: { name: 'embedding', dim } })
  expect(questions.map(({ field }) => field)).toContain('mean')
  const info = await library.add({ file: copy, card: { ...draft, scale: 2, mean: [1, 1, 1], licence: 'Apache-2.0', source: 'google-coral/test_data' } })
  expect(info.state).toBe('ready')
})
