import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { readSidecar } from '../../../core/models/sidecar.ts'
import { channelMeans } from './tinyModels.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-sidecar-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0

/** A model file in a folder "onnx" with these files beside it or one folder up. */
function place(files: Readonly<Record<string, unknown>>): string {
  const home = join(folder, String(made++))
  mkdirSync(join(home, 'onnx'), { recursive: true })
  const model = join(home, 'onnx', 'model.onnx')
  writeFileSync(model, channelMeans)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), typeof content === 'string' ? content : JSON.stringify(content))
  return model
}
const preprocessor = { do_resize: true, do_center_crop: true, size: { shortest_edge: 18 }, crop_size: 16, resample: 3, image_mean: [0.5, 0.4, 0.3], image_std: [0.5, 0.5, 0.5] }
const timm = { architecture: 'x', pretrained_cfg: { input_size: [3, 16, 16], mean: [0, 0, 0], std: [1, 1, 1], license: 'mit' } }

test('beside the file before one folder up; the preprocessor before the config', async () => {
  const model = place({ 'preprocessor_config.json': preprocessor, 'config.json': timm })
  expect(await readSidecar(model)).toMatchObject({ facts: { mean: [0.5, 0.4, 0.3] }, unread: [] })
  writeFileSync(join(model, '..', 'config.json'), JSON.stringify(timm))
  expect((await readSidecar(model)).facts).toMatchObject({ licence: 'mit', mean: [0, 0, 0] })
  expect(await readSidecar(place({}))).toEqual({ facts: null, unread: [] })
})

test('inspecting fills the card from it, says where from, and asks for the rest only', async () => {
  const library = new ModelLibrary({ folder: join(folder, 'home') })
  const model = place({ 'preprocessor_config.json': preprocessor })
  const { draft, questions, notes } = await library.inspect({ file: model })
  expect(draft).toMatchObject({ resize: { mode: 'crop', method: 'pillow', interpolation: 'bicubic', cropFraction: 16 / 18 }, mean: [0.5, 0.4, 0.3], colour: 'RGB' })
  expect(questions.map(({ field }) => field)).toEqual(['licence', 'source'])
  expect(notes).toEqual([expect.stringMatching(/^Read from .*preprocessor_config\.json\.$/)])
  // The card is whole, and the model runs with it.
  expect(await library.add({ file: model, card: { ...draft, licence: 'MIT', source: 'a test' } })).toMatchObject({ state: 'ready' })
})

test('a config that cannot be used is named with the reason, and everything is asked', async () => {
  const library = new ModelLibrary({ folder: join(folder, 'home-2') })
  const { questions, notes } = await library.inspect({ file: place({ 'preprocessor_config.json': '{"size": ', 'processor_config.json': { image_processor: { do_rescale: 'yes' } }, 'config.json': { model_type: 'bert' } }) })
  expect(questions.map(({ field }) => field)).toContain('mean')
  expect(notes).toEqual([expect.stringMatching(/preprocessor_config\.json was not used: it is not JSON/), expect.stringMatching(/processor_config\.json was not used: it says nothing/)])
})
