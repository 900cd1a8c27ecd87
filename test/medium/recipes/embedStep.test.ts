import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import { recipe as schema, type Recipe, type RunStep } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import type { Vectors } from '../../../core/recipes/kinds.ts'
import { anySize, cardFor } from '../models/tinyModels.ts'
import { readVectors } from '../../../core/recipes/vectorReader.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-embed-step-'))
const images = join(folder, 'images')
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 2 })
let open: OpenProject

const embedding = (parts: boolean, params: Record<string, unknown> = {}): Recipe => schema.parse({
  format: 'winnow-recipe-1', name: 'embed', title: 'Embed', options: {}, shows: ['vectors'],
  steps: [
    { id: 'all', use: 'select' },
    ...(parts ? [{ id: 'parts', use: 'crops', from: { images: 'all' }, with: { templates: ['whole', 'quarters'] } }] : []),
    { id: 'vectors', use: 'embed', from: { images: parts ? 'parts' : 'all' }, with: { model: 'tiny', ...params } }
  ]
})
const run = async (body: Recipe): Promise<Job> => await open.jobs.done((await open.jobs.start({ kind: 'recipe', body, options: {}, set: {} })).id)
const vectorsStep = async (job: Job): Promise<RunStep> => (await open.recipes.run({ runId: (job.data as { runId: number }).runId })).steps.at(-1) as RunStep
async function vectorsOf(job: Job): Promise<Vectors & { summary: string }> {
  const { result } = await vectorsStep(job)
  const { key } = (await open.project.read.recipes.resultById(result?.resultId ?? 0)) ?? { key: '' }
  const artefact = await Artefact.open(join(open.project.resultsFolder, key))
  return { ...(await readVectors(artefact)), summary: artefact.summary }
}

/** Left half one colour, right half another. */
async function draw(name: string, left: string, right: string): Promise<void> {
  const half = await sharp({ create: { width: 20, height: 30, channels: 3, background: right } }).png().toBuffer()
  const path = join(images, name)
  await sharp({ create: { width: 40, height: 30, channels: 3, background: left } }).composite([{ input: half, left: 20, top: 0 }]).png().toFile(`${path}.new`)
  renameSync(`${path}.new`, path)
}
const scan = async (): Promise<void> => void await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)

beforeAll(async () => {
  mkdirSync(images)
  await draw('a.png', '#ff0000', '#00ff00')
  await draw('b.png', '#0000ff', '#ff0000')
  const file = join(folder, 'tiny.onnx')
  writeFileSync(file, anySize)
  await engine.models.add({ file, card: cardFor(anySize, { resize: { mode: 'squash', interpolation: 'bilinear', cropFraction: 1, shrinkOnLoad: true, method: 'pillow' } }) })
  open = await engine.createProject(join(folder, 'p'), 'p')
  await open.roots.add({ path: images, role: 'train', protected: false, labelsFromFolders: false, include: [], exclude: [], svg: false })
  await scan()
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const rounded = ({ matrix: { data } }: Vectors): number[][] => Array.from({ length: data.length / 3 }, (_, i) => [...data.subarray(i * 3, i * 3 + 3)].map((x) => Math.round(x * 100) / 100))
const half = 0.71

test('images, then parts of them: vectors stand in the order of the parts, and what the project has is not made again', async () => {
  const whole = await run(embedding(false))
  expect(whole.error).toBeNull()
  const first = await vectorsOf(whole)
  expect([[...first.images], [...first.parts], first.summary]).toEqual([[1, 2], [0, 0], '2 images embedded with Tiny (3 values)'])
  expect(rounded(first)).toEqual([[half, half, 0], [half, 0, half]])

  const parts = await run(embedding(true))
  const found = await vectorsOf(parts)
  expect([[...found.images], [...found.parts]]).toEqual([[1, 1, 1, 1, 1, 2, 2, 2, 2, 2], [0, 20, 21, 22, 23, 0, 20, 21, 22, 23]])
  expect(rounded(found)).toEqual([[half, half, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [half, 0, half], [0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0]])
  expect((await vectorsStep(parts)).result?.facts).toMatchObject({ kept: 2, embedded: 8, failed: 0, models: ['tiny'], views: 1, dim: 3 })
  expect((await vectorsStep(await run(embedding(true)))).state).toBe('kept')
})

test('another size or other views are another descriptor; the size can stand with the model', async () => {
  const plain = (await vectorsStep(await run(embedding(false)))).result?.facts
  const sized = (await vectorsStep(await run(embedding(false, { model: 'tiny@32' })))).result?.facts
  const same = (await vectorsStep(await run(embedding(false, { size: 32 })))).result?.facts
  const own = (await vectorsStep(await run(embedding(false, { size: 16 })))).result?.facts
  expect(sized?.['descriptorId']).not.toBe(plain?.['descriptorId'])
  expect([same?.['descriptorId'], own?.['descriptorId']]).toEqual([sized?.['descriptorId'], plain?.['descriptorId']])
  const pet = await vectorsOf(await run(embedding(false, { views: 'pet' })))
  expect([pet.matrix.dim, pet.summary]).toEqual([6, '2 images embedded with Tiny, 2 views each (6 values)'])
  const landmark = await run(embedding(false, { plan: { base: { kind: 'template', template: 'SS' }, scales: [{ factor: 0.75 }, {}], scaling: { multiple: 32, alignCorners: true }, combine: 'mean' } }))
  expect(rounded(await vectorsOf(landmark))).toEqual([[half, half, 0], [half, 0, half]])
})

test('params that contradict each other, and a model that is not there, are refused with words', async () => {
  const problem = async (params: Record<string, unknown>): Promise<string | null> => (await run(embedding(false, params))).error
  expect(await problem({ model: 'tiny@banana' })).toMatch(/"tiny@banana" names no model: write its id, or id@size/)
  expect(await problem({ model: 'tiny@32', size: 64 })).toMatch(/The model "tiny@32" and the size 64 contradict each other/)
  expect(await problem({ size: 64, views: 'landmark' })).toMatch(/The views choose the size of pictures themselves/)
  expect(await problem({ model: 'nobody' })).toMatch(/nobody/)
})

test('a picture that changed is embedded again, the others are kept', async () => {
  await run(embedding(false))
  await draw('b.png', '#00ff00', '#00ff00')
  await scan()
  const job = await run(embedding(false))
  expect((await vectorsStep(job)).result?.facts).toMatchObject({ kept: 1, embedded: 1 })
  expect(rounded(await vectorsOf(job))).toEqual([[half, half, 0], [0, 1, 0]])
})

test('what could not be read this time is asked for again by the next run, and what was made without it is not taken for the whole', async () => {
  const body: Recipe = schema.parse({ ...embedding(false, { model: 'tiny', size: 48 }), steps: [...embedding(false, { size: 48 }).steps, { id: 'lists', use: 'match', from: { queries: 'vectors', references: 'vectors' }, with: { k: 1 } }], shows: ['lists'] })
  const stepsOf = async (job: Job): Promise<[string, string | undefined][]> => (await open.recipes.run({ runId: (job.data as { runId: number }).runId })).steps.map(({ state, result }) => [state, result?.summary])
  renameSync(join(images, 'b.png'), join(folder, 'away.png'))
  const [, vectors, lists] = await stepsOf(await run(body))
  expect([vectors?.[1], lists?.[1]]).toEqual([expect.stringMatching(/^1 images embedded/), expect.stringMatching(/for each of 1 query/)])
  // Still away: asked for again, and nothing else changes.
  expect((await stepsOf(await run(body))).map(([state]) => state)).toEqual(['kept', 'done', 'kept'])
  renameSync(join(folder, 'away.png'), join(images, 'b.png'))
  const whole = await stepsOf(await run(body))
  expect(whole.map(([state]) => state)).toEqual(['kept', 'done', 'done'])
  expect(whole[2]?.[1]).toMatch(/for each of 2 queries/)
  expect((await stepsOf(await run(body))).map(([state]) => state)).toEqual(['kept', 'kept', 'kept'])
})
