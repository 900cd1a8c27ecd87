import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelCard } from '../../../core/contract/models.ts'
import { viewPlan } from '../../../core/contract/views.ts'
import { fixedViews } from '../../../core/descriptors/crops.ts'
import type { PartView } from '../../../core/descriptors/partView.ts'
import { listDescriptors } from '../../../core/models/descriptorList.ts'
import { defaultDescriptor, vectorSource } from '../../../core/models/descriptorVectors.ts'
import { type PartList, vectorSourceOfParts, wholeImages } from '../../../core/models/embedParts.ts'
import { Project } from '../../../core/project/project.ts'
import { VectorFile } from '../../../core/search/vectorFile.ts'
import { addScannedFiles } from './embedHarness.ts'
import { embedPartsOf, listToJson } from './partsHarness.ts'
import { anySize, cardFor, channelMeans } from './tinyModels.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-parts-'))
const images = join(folder, 'images')
const model = join(folder, 'model.onnx')
const card: ModelCard = cardFor(channelMeans, { normalise: false, resize: { mode: 'squash', interpolation: 'area', cropFraction: 1, shrinkOnLoad: false, method: 'opencv' } })
const [width, height] = [96, 48] as const
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Four quarters of one colour each: a 2 x 2 grid whose parts are known without computing. */
const quarterColours = (seed: number): [number, number, number][] => [0, 1, 2, 3].map((q) => [(seed * 16 + q * 3) % 256, (q * 60 + seed) % 256, (250 - q * 50 - seed) % 256])
async function drawQuarters(seed: number, scale = 1): Promise<Buffer> {
  const [w, h] = [width * scale, height * scale]
  const colours = quarterColours(seed)
  const pixels = Buffer.alloc(w * h * 3)
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) for (let c = 0; c < 3; c++) pixels[(y * w + x) * 3 + c] = colours[(y < h / 2 ? 0 : 2) + (x < w / 2 ? 0 : 1)]?.[c] ?? 0
  return await sharp(pixels, { raw: { width: w, height: h, channels: 3 } }).png().toBuffer()
}

beforeAll(async () => {
  mkdirSync(images)
  writeFileSync(model, channelMeans)
  for (let i = 0; i < 12; i++) writeFileSync(join(images, `p${i}.png`), await drawQuarters(i))
})

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}.png`)

async function newProject(name: string, files: readonly string[], root = images): Promise<{ project: Project; ids: number[] }> {
  const made = await Project.create(join(folder, name), name)
  await made.close()
  const ids = addScannedFiles(made.folder, root, files)
  return { project: await Project.open(made.folder), ids }
}

function listOf(ids: readonly number[], views: readonly PartView[]): PartList {
  const boxes = views.map(({ box }) => (box ? [box.left, box.top, box.width, box.height] : [0, 0, 0, 0]))
  return {
    images: Int32Array.from(ids.flatMap((id) => views.map(() => id))),
    parts: Int32Array.from(ids.flatMap(() => views.map(({ part }) => part))),
    boxes: Int32Array.from(ids.flatMap(() => boxes.flat()))
  }
}
const quarters = fixedViews(['whole', 'quarters'], width, height)

/** Vectors by "image/part". */
async function vectorsOf(project: Project, descriptorId: number, list: PartList): Promise<Map<string, number[]>> {
  const source = await vectorSourceOfParts(project, descriptorId, list.images, list.parts)
  const file = await VectorFile.open(source.file, { dim: source.dim, dtype: source.dtype, readOnly: true })
  const found = new Map<string, number[]>()
  for (const [i, row] of source.rows.entries()) found.set(`${source.imageIds[i]}/${source.parts[i]}`, [...(await file.read(row, 1))])
  await file.close()
  return found
}

function checkQuarters(found: Map<string, number[]>, ids: readonly number[]): void {
  for (const [seed, id] of ids.entries()) {
    const colours = quarterColours(seed)
    const expected = [[0, [0, 1, 2].map((c) => colours.reduce((sum, colour) => sum + (colour[c] as number), 0) / 4)] as const, ...colours.map((colour, q) => [20 + q, colour] as const)]
    for (const [part, colour] of expected) for (const [c, value] of colour.entries()) expect(Math.abs((found.get(`${id}/${part}`)?.[c] ?? Number.NaN) * 255 - value), `image ${id} part ${part}`).toBeLessThan(1)
  }
}

test('every part gets the vector of its own pixels; what is there is kept; whole images count as before', async () => {
  const { project, ids } = await newProject('parts', names(12))
  const list = listOf(ids, quarters)
  const first = await embedPartsOf(project, { card, file: model, list })
  expect(first).toMatchObject({ kept: 0, embedded: 60, failed: 0, provider: 'cpu', failures: [] })
  expect(first.reports.at(-1)).toEqual([60, 60])
  checkQuarters(await vectorsOf(project, first.descriptorId, list), ids)

  const more = listOf(ids, fixedViews(['whole', 'quarters', 'centre', 'rotations'], width, height))
  expect(await embedPartsOf(project, { card, file: model, list: more })).toMatchObject({ descriptorId: first.descriptorId, kept: 60, embedded: 48 })
  expect(await embedPartsOf(project, { card, file: model, list: more })).toMatchObject({ kept: 108, embedded: 0, provider: null })
  const [descriptor] = await listDescriptors(project)
  expect(descriptor).toMatchObject({ rows: 12, waiting: 0, dim: 3 })
  expect(Array.from((await vectorSource(project, first.descriptorId)).imageIds).sort((a, b) => a - b)).toEqual(ids)
  await project.close()
})

test('parts alone do not make an image look embedded', async () => {
  const { project, ids } = await newProject('alone', names(3))
  const { descriptorId } = await embedPartsOf(project, { card, file: model, list: listOf(ids, quarters.slice(1)) })
  expect((await listDescriptors(project))[0]).toMatchObject({ rows: 0, waiting: 3 })
  expect((await vectorSource(project, descriptorId)).rows).toHaveLength(0)
  expect(await embedPartsOf(project, { card, file: model, list: wholeImages(Int32Array.from(ids)) })).toMatchObject({ descriptorId, embedded: 3 })
  expect((await listDescriptors(project))[0]).toMatchObject({ rows: 3, waiting: 0 })
  await project.close()
})

test('rows come in the order asked for, whatever the order in the file; parts without a vector are left out', async () => {
  const { project, ids } = await newProject('order', names(4))
  const list = listOf(ids, quarters)
  const { descriptorId } = await embedPartsOf(project, { card, file: model, list: listOf(ids.slice(1), quarters) })
  await embedPartsOf(project, { card, file: model, list: listOf(ids.slice(0, 1), quarters.slice(0, 2)) })
  const source = await vectorSourceOfParts(project, descriptorId, list.images.toReversed(), list.parts.toReversed())
  expect([...source.imageIds].map((id, i) => `${id}/${source.parts[i]}`)).toEqual([...list.images].map((id, i) => `${id}/${list.parts[i]}`).filter((_, i) => i < 2 || i >= 5).toReversed())
  await expect(vectorSourceOfParts(project, 99, list.images, list.parts)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await project.close()
})

test('views make a descriptor of their own beside the plain one', async () => {
  const { project, ids } = await newProject('views', names(4))
  const list = wholeImages(Int32Array.from(ids))
  const plain = await embedPartsOf(project, { card, file: model, list })
  const file = join(folder, 'any.onnx')
  writeFileSync(file, anySize)
  const anyCard = cardFor(anySize, { normalise: true })
  const plan = viewPlan.parse({ scales: [{ factor: 2 }, { factor: 1 }], degrade: [null, { width: 60, height: 60 }], combine: 'concatenate' })
  const views = await embedPartsOf(project, { card: anyCard, file, list, plan })
  expect(views.descriptorId).not.toBe(plain.descriptorId)
  const record = await project.read.descriptors.byId(views.descriptorId)
  expect([record?.dim, record?.views]).toEqual([12, plan])
  expect((await project.read.descriptors.byId(plain.descriptorId))?.views).toBeNull()
  for (const vector of (await vectorsOf(project, views.descriptorId, list)).values()) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  // Nobody chose: the one of plain views is searched by.
  expect(await defaultDescriptor(project)).toBe(plain.descriptorId)
  await project.close()
})

test('what cannot be embedded is named, part by part, and does not stop the others', async () => {
  writeFileSync(join(images, 'broken.png'), (await drawQuarters(1)).subarray(0, 60))
  writeFileSync(join(images, 'gone.png'), 'x')
  const { project, ids } = await newProject('broken', [...names(2), 'broken.png', 'gone.png'])
  rmSync(join(images, 'gone.png'))
  await project.close()
  const db = new Database(join(project.folder, 'project.db'))
  db.prepare("UPDATE image SET state = 'failed', failure = 'corrupt' WHERE id = ?").run(ids[3])
  db.close()
  const again = await Project.open(project.folder)
  const outside = { ...listOf(ids, [{ part: 500, box: { left: 90, top: 0, width: 20, height: 5 }, turn: 0, flip: false, degrade: null }, ...quarters.slice(0, 1)]) }
  const { embedded, failed, failures } = await embedPartsOf(again, { card, file: model, list: outside })
  // Two parts that are outside, two of the broken file, two of the one that is no picture any more.
  expect([embedded, failed]).toEqual([2, 6])
  expect(failures.map(({ subject, reason }) => `${subject} ${reason}`).sort()).toEqual([expect.stringMatching(/^broken.png (truncated|corrupt)$/), 'p0.png (part 500) part-outside', 'p1.png (part 500) part-outside'])
  await again.close()
})

test('a list that is none is refused', async () => {
  const { project, ids } = await newProject('refused', names(1))
  const ask = (list: PartList): Promise<unknown> => embedPartsOf(project, { card, file: model, list })
  const one = wholeImages(Int32Array.from(ids))
  await expect(ask({ ...one, boxes: new Int32Array(3) })).rejects.toThrow('1 images, 1 parts and 3 numbers of boxes are no list of parts.')
  await expect(ask({ ...one, parts: Int32Array.of(150) })).rejects.toThrow(`Part 150 of image ${ids[0]} has no box.`)
  expect(await ask({ images: new Int32Array(0), parts: new Int32Array(0), boxes: new Int32Array(0) })).toMatchObject({ kept: 0, embedded: 0 })
  // Twice the same is made once.
  expect(await ask({ images: Int32Array.of(ids[0] as number, ids[0] as number), parts: Int32Array.of(0, 0), boxes: new Int32Array(8) })).toMatchObject({ embedded: 1, failed: 0 })
  await project.close()
})

test('the views are too large for the model: said once, nothing is written', async () => {
  const { project, ids } = await newProject('fixed', names(2))
  const plan = viewPlan.parse({ base: { kind: 'size', width: 64, height: 64 } })
  await expect(embedPartsOf(project, { card, file: model, list: wholeImages(Int32Array.from(ids)), plan })).rejects.toThrow('Tiny takes pictures of 16 x 16 only; these views need 64 x 64.')
  expect((await listDescriptors(project)).every(({ rows }) => rows === 0)).toBe(true)
  await project.close()
})

test('a picture that changed loses the vectors of all its parts; vectors that the disk lost are made anew, and no kept result still names them', async () => {
  const { project, ids } = await newProject('changed', names(5))
  const list = listOf(ids, quarters)
  const { descriptorId } = await embedPartsOf(project, { card, file: model, list })
  await project.close()
  const db = new Database(join(project.folder, 'project.db'))
  db.prepare('UPDATE image SET sha256 = ? WHERE id = ?').run(Buffer.from('other'), ids[0])
  db.prepare("INSERT INTO step_result (key, use, kind, params, summary, facts, seconds, made_at) VALUES ('k', 'embed', 'vectors', '{}', '', ?, 1, 1), ('l', 'embed', 'vectors', '{}', '', '{\"descriptorId\":77}', 1, 1)").run(JSON.stringify({ descriptorId }))
  db.close()
  const again = await Project.open(project.folder)
  expect((await vectorsOf(again, descriptorId, list)).size).toBe(20)
  const { file } = await vectorSource(again, descriptorId)
  truncateSync(file, 3 * 4 * 12 + 5)
  const made = await embedPartsOf(again, { card, file: model, list })
  expect(made.kept + made.embedded).toBe(25)
  expect(made.notes.join()).toMatch(/cut short or lost/)
  checkQuarters(await vectorsOf(again, descriptorId, list), ids)
  expect(await again.read.recipes.resultKeys()).toEqual(['l'])
  await again.close()
})

test('an abort stops soon and keeps what was committed', async () => {
  const { project, ids } = await newProject('abort', names(12))
  const list = listOf(ids, quarters)
  const controller = new AbortController()
  const stop = project.onChange(() => controller.abort(new Error('cancelled')))
  await expect(embedPartsOf(project, { card, file: model, list, signal: controller.signal, millisecondsPerImage: 60 })).rejects.toThrow('cancelled')
  stop()
  const { kept, embedded } = await embedPartsOf(project, { card, file: model, list })
  expect(kept).toBeGreaterThan(0)
  expect(kept + embedded).toBe(60)
  await project.close()
})

test('kill -9 in the middle loses only the calls in flight; the next run makes the rest, each part once', async () => {
  const big = join(folder, 'big')
  mkdirSync(big)
  for (let i = 0; i < 48; i++) {
    if (i < 4) writeFileSync(join(big, `${i}.png`), await drawQuarters(i, 10))
    else copyFileSync(join(big, `${i % 4}.png`), join(big, `${i}.png`))
  }
  const { project: made, ids } = await newProject('killed', Array.from({ length: 48 }, (_, i) => `${i}.png`), big)
  await made.close()
  const list = listOf(ids, fixedViews(['whole', 'quarters'], width * 10, height * 10))
  const [cardFile, listFile] = [join(folder, 'card.json'), join(folder, 'list.json')]
  writeFileSync(cardFile, JSON.stringify(card))
  writeFileSync(listFile, listToJson(list))

  const child = spawn(process.execPath, [join(import.meta.dirname, 'partsHarness.ts'), made.folder, cardFile, model, listFile], { stdio: 'ignore' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  const db = new Database(join(made.folder, 'project.db'), { readonly: true })
  const committed = (): number => db.prepare('SELECT COUNT(*) FROM vector').pluck().get() as number
  while (committed() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const kept = committed()
  db.close()
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(list.images.length)

  const project = await Project.open(made.folder)
  const { descriptorId, ...rest } = await embedPartsOf(project, { card, file: model, list })
  expect(rest).toMatchObject({ kept, embedded: list.images.length - kept, failed: 0 })
  const found = await vectorsOf(project, descriptorId, list)
  expect(found.size).toBe(list.images.length)
  // Every fourth picture is the same one.
  for (let copy = 0; copy < 12; copy++) checkQuarters(found, ids.slice(copy * 4, copy * 4 + 4))
  const { file } = await vectorSource(project, descriptorId)
  expect(statSync(file).size).toBe(list.images.length * 12)
  await project.close()
})
