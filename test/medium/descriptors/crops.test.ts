import { createHash } from 'node:crypto'
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest, type JobRequestInput } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { recipe } from '../../../core/contract/recipes.ts'
import type { RegionBatch, RegionSearch } from '../../../core/descriptors/regionBatch.ts'
import { RegionFinder, searchFingerprint } from '../../../core/descriptors/regionFinder.ts'
import { visionForceProposals } from '../../../core/descriptors/selectiveSearch.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { onnxModel } from '../../../core/models/onnxGraph.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import { resultFolder } from '../../../core/recipes/executor.ts'
import { readParts } from '../../../core/recipes/kinds.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

/** Grey with a red rectangle and some discs: something for the search and for the detector. */
async function drawPicture(file: string, { width, height, red }: { width: number; height: number; red: [number, number, number, number] }): Promise<void> {
  const [x, y, w, h] = red
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#555"/><circle cx="${width * 0.75}" cy="${height * 0.3}" r="${height * 0.2}" fill="#bbb"/><rect x="${x}" y="${y}" width="${w}" height="${h}" fill="#ff0000"/></svg>`
  await sharp(Buffer.from(svg)).png().toFile(file)
}

/** Says where it is red: a 64 x 64 input in 4 x 4 cells, each with a box of its own size; objectness = mean red minus mean green. YOLOv5's layout, two classes. */
function redDetector(): Uint8Array {
  const cells = Array.from({ length: 16 }, (_, i) => [(i % 4) * 16 + 8, Math.floor(i / 4) * 16 + 8, 16, 16])
  return onnxModel({
    name: 'red',
    inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 64, 64] }],
    outputs: [{ name: 'out', type: 'float32', dims: [1, 16, 7] }],
    constants: [
      { name: 'difference', type: 'float32', dims: [1, 3, 1, 1], data: [1, -1, 0] },
      { name: 'shape', type: 'int64', dims: [3], data: [1, 16, 1] },
      { name: 'boxes', type: 'float32', dims: [1, 16, 4], data: cells.flat() },
      { name: 'classes', type: 'float32', dims: [1, 16, 2], data: cells.flatMap(() => [1, 0.2]) }
    ],
    nodes: [
      { op: 'AveragePool', inputs: ['images'], outputs: ['means'], attributes: { kernel_shape: [16, 16], strides: [16, 16] } },
      { op: 'Conv', inputs: ['means', 'difference'], outputs: ['red'] },
      { op: 'Reshape', inputs: ['red', 'shape'], outputs: ['objectness'] },
      { op: 'Concat', inputs: ['boxes', 'objectness', 'classes'], outputs: ['out'], attributes: { axis: 2 } }
    ]
  })
}

function writeDetector(folder: string): string {
  const model = redDetector()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'red.onnx'), model)
  const card = join(folder, 'red.json')
  writeFileSync(card, JSON.stringify({
    format: 'winnow-detector-1', name: 'Red', file: 'red.onnx', sha256: createHash('sha256').update(model).digest('hex'),
    input: { name: 'images', size: 64 }, output: { name: 'out', layout: 'yolov5' }, classes: ['red', 'other'], confidence: 0.5, licence: 'MIT', source: 'test'
  }))
  return card
}

const cropsRecipe = (params: Record<string, unknown>) =>
  recipe.parse({ format: 'winnow-recipe-1', name: 'crops', title: 'Crops', steps: [{ id: 'all', use: 'select' }, { id: 'parts', use: 'crops', from: { images: 'all' }, with: params }], shows: ['parts'] })

async function runJob({ jobs }: OpenProject, request: JobRequestInput) {
  const { id } = await jobs.start(jobRequest.parse(request))
  return await jobs.done(id)
}

async function partsOf({ project }: OpenProject, runId: number): Promise<{ artefact: Artefact; rows: number[][] }> {
  const steps = await project.read.recipes.steps(runId)
  const result = await project.read.recipes.resultById(steps.find(({ step }) => step === 'parts')?.resultId ?? 0)
  const artefact = await Artefact.open(resultFolder(project.resultsFolder, result?.key ?? ''))
  const { images, parts, boxes } = await readParts(artefact)
  return { artefact, rows: [...images].map((image, i) => [image, parts[i] as number, ...boxes.subarray(i * 4, i * 4 + 4)]) }
}

async function place() {
  const folder = temporaryFolder('crops')
  const photos = join(folder, 'photos')
  mkdirSync(photos)
  await drawPicture(join(photos, 'a.png'), { width: 320, height: 160, red: [80, 80, 80, 80] })
  await drawPicture(join(photos, 'b.png'), { width: 200, height: 200, red: [100, 0, 100, 100] })
  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 2 })
  onTestFinished(async () => await engine.close())
  const open = await engine.createProject(join(folder, 'p'), 'Crops')
  await open.roots.add(rootSpec.parse({ path: photos }))
  await runJob(open, { kind: 'scan' })
  return { folder, open }
}

test('a recipe cuts images into fixed parts, regions and detections; the same boxes keep their ids', async () => {
  const { folder, open } = await place()
  const detector = writeDetector(join(folder, 'detector'))
  const params = { templates: ['query', 'quarters'], selectiveSearch: true, minRegion: 400, detector, detectorClasses: ['red'], smallest: 60 }
  const job = await runJob(open, { kind: 'recipe', body: cropsRecipe(params) })
  expect(job).toMatchObject({ state: 'done', error: null })
  const { rows } = await partsOf(open, (job.data as { runId: number }).runId)
  const of = (image: number) => rows.filter(([id]) => id === image)
  const [first = 0, second = 0] = [...new Set(rows.map(([id]) => id as number))]
  // The four boxes of a.png are 107 x 53: too small. What is turned or whole has no box.
  expect(of(first).map(([, part]) => part).filter((part = 0) => part < 100)).toEqual([0, 1, 2, 3, 4, 20, 21, 22, 23])
  expect(of(first)[0]).toEqual([first, 0, 0, 0, 0, 0])
  expect(of(first).find(([, part]) => part === 22)).toEqual([first, 22, 0, 80, 160, 80])
  // Red lies in a.png's input at (16,32)-(32,48), which is one cell, and in b.png's at the upper right quarter: four cells.
  expect(of(first).filter(([, part = 0]) => part >= 1000)).toEqual([[first, 1000, 80, 80, 80, 80]])
  expect(of(second).filter(([, part = 0]) => part >= 1000)).toHaveLength(0)
  const regions = rows.filter(([, part = 0]) => part >= 100 && part < 1000)
  expect(regions.some(([image, , left = 0, top = 0, width = 0, height = 0]) => image === first && Math.abs(left - 80) < 4 && Math.abs(top - 80) < 4 && Math.abs(width - 80) < 8 && Math.abs(height - 80) < 8)).toBe(true)
  for (const [image, , left = 0, top = 0, width = 0, height = 0] of regions) {
    const [w, h] = image === first ? [320, 160] : [200, 200]
    expect(left >= 0 && top >= 0 && left + width <= w && top + height <= h).toBe(true)
  }

  // Smaller parts too: the search is not done again, and what has an id keeps it.
  const all = await partsOf(open, ((await runJob(open, { kind: 'recipe', body: cropsRecipe({ ...params, smallest: 0 }) })).data as { runId: number }).runId)
  for (const row of rows) expect(all.rows).toContainEqual(row)
  expect(all.rows.filter(([image, part = 0]) => image === second && part >= 1000)).toHaveLength(4)
  expect(all.artefact.facts).toMatchObject({ detections: 5 })
  // Other constants are another search: new ids, and the old ones still mean what they meant.
  const others = await partsOf(open, ((await runJob(open, { kind: 'recipe', body: cropsRecipe({ ...params, smallest: 0, minRegion: 300 }) })).data as { runId: number }).runId)
  const oldIds = new Set(all.rows.filter(([, part = 0]) => part >= 100 && part < 1000).map(([image, part]) => `${image}/${part}`))
  for (const [image, part = 0] of others.rows) if (part >= 100 && part < 1000) expect(oldIds.has(`${image}/${part}`)).toBe(false)
})

test('a detector that is not what its card says is refused, by name', async () => {
  const { folder, open } = await place()
  const card = writeDetector(join(folder, 'detector'))
  const failed = async (params: Record<string, unknown>) => (await runJob(open, { kind: 'recipe', body: cropsRecipe(params) })).error
  expect(await failed({ detector: card, detectorClasses: ['blue'] })).toMatch('knows no class "blue"')
  writeFileSync(join(folder, 'detector', 'red.onnx'), redDetector().subarray(0, 200))
  expect(await failed({ detector: card })).toMatch(/is not the file that the card of the detector Red describes/)
  writeFileSync(card, '{"format":"winnow-detector-1"}')
  expect(await failed({ detector: card })).toMatch(/field "name"/)
  expect(await failed({ detector: join(folder, 'nothing.json') })).toMatch(/nothing\.json/)
})

test('a search that was cancelled goes on with the images that are missing', async () => {
  const folder = temporaryFolder('crops')
  const photos = join(folder, 'photos')
  mkdirSync(photos)
  for (let i = 0; i < 8; i++) await drawPicture(join(photos, `${i}.png`), { width: 420 + i, height: 300, red: [40 + i * 20, 60, 120, 100] })
  // Nothing to be found here: noted as done all the same.
  await sharp({ create: { width: 300, height: 60, channels: 3, background: '#777' } }).png().toFile(join(photos, 'plain.png'))
  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  const open = await engine.createProject(join(folder, 'p'), 'Crops')
  await open.roots.add(rootSpec.parse({ path: photos }))
  await runJob(open, { kind: 'scan' })
  const ids = Array.from({ length: 9 }, (_, i) => i + 1)
  const body = cropsRecipe({ selectiveSearch: true, minRegion: 400 })
  const { id } = await open.jobs.start(jobRequest.parse({ kind: 'recipe', body }))
  const fingerprint = searchFingerprint({ ...visionForceProposals, minRegion: 400, longestSide: 1024, most: 200 })
  const stored = async () => new Set((await open.project.read.parts.found('proposal', fingerprint, ids)).map(({ imageId }) => imageId)).size
  while ((await stored()) === 0) await pause(10)
  await open.jobs.cancel(id)
  expect(await open.jobs.done(id)).toMatchObject({ state: 'cancelled' })
  const before = await open.project.read.parts.found('proposal', fingerprint, ids)
  await open.jobs.resume(id)
  const job = await open.jobs.done(id)
  expect(job).toMatchObject({ state: 'done' })
  const { rows } = await partsOf(open, (job.data as { runId: number }).runId)
  for (const { imageId, part, box } of before) expect(rows).toContainEqual([imageId, part, box.left, box.top, box.width, box.height])
  const parts = rows.filter(([, part = 0]) => part >= 100)
  expect(new Set(parts.map(([image]) => image)).size).toBe(8)
  expect(new Set(rows.map(([image]) => image)).size).toBe(9)
})

test('an image whose note was cut short is searched again, and its number marks no other', async () => {
  const scratch = temporaryFolder('regions')
  const search: RegionSearch = { ...visionForceProposals, longestSide: 64, most: 1 }
  const asked: number[] = []
  const engine = { vision: { size: 1, regions: ({ items }: RegionBatch) => Promise.resolve(items.map(({ imageId }) => (asked.push(imageId), { imageId, width: 1, height: 1, proposals: new Int32Array(0), detections: new Int32Array(0) }))) } }
  const files = (ids: number[]) => Promise.resolve(ids.map((imageId) => ({ imageId, root: '/', pathRaw: Buffer.from('a'), path: 'a', bytes: 1, mtimeMs: 1, svg: false })))
  const project = { read: { descriptors: { files }, parts: { found: () => Promise.resolve([]) } }, write: { parts: { keep: () => Promise.resolve(0) } } }
  const askedFor = async (...ids: number[]): Promise<number[]> => {
    asked.length = 0
    await new RegionFinder({ engine, project, fail: () => undefined } as never, { signal: new AbortController().signal, scratch }).search(Int32Array.from(ids), search, () => undefined)
    return [...asked]
  }
  expect(await askedFor(127)).toEqual([127])
  expect(await askedFor(127)).toEqual([])
  const notes = join(scratch, `${searchFingerprint(search).slice(0, 16)}.done`)
  truncateSync(notes, statSync(notes).size - 2)
  expect(await askedFor(7)).toEqual([7])
  expect(await askedFor(7, 12, 127)).toEqual([12, 127])
  expect(await askedFor(7, 12, 127)).toEqual([])
})
