import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultDescriptor, vectorSource } from '../../../core/models/descriptorVectors.ts'
import { listDescriptors } from '../../../core/models/descriptorList.ts'
import { Project } from '../../../core/project/project.ts'
import { VectorFile } from '../../../core/search/vectorFile.ts'
import { addScannedFiles, embed } from './embedHarness.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-embed-'))
const home = join(folder, 'home')
const images = join(folder, 'images')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A soft gradient with a disc, different for every seed. */
async function drawPicture(seed: number, size = 96): Promise<Buffer> {
  const pixels = Buffer.alloc(size * size * 3)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = (x - (seed * 7) % size) ** 2 + (y - (seed * 13) % size) ** 2 < (size / 5) ** 2
      for (let c = 0; c < 3; c++) pixels[(y * size + x) * 3 + c] = inside ? (seed * 40 + c * 80) % 256 : (x * (c + seed % 3) + y * 2) % 256
    }
  }
  return await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer()
}

beforeAll(async () => {
  mkdirSync(images)
  for (let i = 0; i < 40; i++) writeFileSync(join(images, `p${i}.png`), await drawPicture(i))
})

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}.png`)

async function newProject(name: string, files: readonly string[]): Promise<{ project: Project; ids: number[] }> {
  const made = await Project.create(join(folder, name), name)
  await made.close()
  const ids = addScannedFiles(made.folder, images, files)
  return { project: await Project.open(made.folder), ids }
}

/** Vectors by image id. */
async function vectorsOf(project: Project): Promise<Map<number, Float32Array>> {
  const id = await defaultDescriptor(project)
  const source = await vectorSource(project, id as number)
  const file = await VectorFile.open(source.file, { dim: source.dim, dtype: source.dtype, readOnly: true })
  const found = new Map<number, Float32Array>()
  for (const [i, row] of source.rows.entries()) found.set(source.imageIds[i] as number, await file.read(row, 1))
  await file.close()
  return found
}

const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number => (a && b ? a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) : Number.NaN)

test('every ready image gets a vector of length one, what cannot be read is set aside by name, and the job says which provider ran', async () => {
  writeFileSync(join(images, 'broken.png'), (await drawPicture(1)).subarray(0, 60))
  writeFileSync(join(images, 'changed.png'), await drawPicture(2))
  writeFileSync(join(images, 'gone.png'), 'x')
  const { project, ids } = await newProject('whole', [...names(40), 'broken.png', 'changed.png', 'gone.png'])
  utimesSync(join(images, 'changed.png'), 1, 1)
  rmSync(join(images, 'gone.png'))
  const { result, failures, notes, reports } = await embed(project, home)
  expect(result).toMatch(/^40 images embedded with Winnow S .* on cpu.* 3 images could not be embedded\.$/)
  expect(failures.map(({ subject, reason }) => `${subject} ${reason}`).sort()).toEqual([expect.stringMatching(/^broken.png (truncated|corrupt)$/), 'changed.png changed', 'gone.png vanished'])
  expect(notes.join()).toMatch(/^Embedding runs on cpu \(.*ms an image on one core\)\./)
  expect(reports.at(-1)).toEqual({ stage: 'embedding', done: 43, total: 43 })
  const vectors = await vectorsOf(project)
  expect([...vectors.keys()].sort((a, b) => a - b)).toEqual(ids.slice(0, 40))
  for (const vector of vectors.values()) expect(cosine(vector, vector)).toBeCloseTo(1, 4)
  const [descriptor] = await listDescriptors(project)
  expect(descriptor).toMatchObject({ model: 'winnow-s', rows: 40, waiting: 3, provider: 'cpu', dtype: 'float32', nearDuplicate: { calibrated: true } })
  expect(descriptor?.imagesPerSecond).toBeGreaterThan(0)
  expect((await embed(project, home, { ids: ids.slice(40, 41) })).failures).toHaveLength(1)
  await project.close()
})

test('float16 keeps the same neighbours in half the bytes, beside the float32 vectors', async () => {
  const { project } = await newProject('half', names(20))
  await embed(project, home)
  const full = await vectorsOf(project)
  await embed(project, home, { dtype: 'float16' })
  const [a, b] = await listDescriptors(project)
  expect([a?.dtype, b?.dtype, b?.rows]).toEqual(['float32', 'float16', 20])
  const half = await vectorsOf(project)
  for (const [id, vector] of full) expect(cosine(vector, half.get(id))).toBeGreaterThan(0.9999)
  const [one, two] = await Promise.all([a, b].map((each) => vectorSource(project, each?.id ?? -1)))
  expect(statSync(two?.file ?? '').size * 2).toBe(statSync(one?.file ?? '').size)
  await project.close()
})

test('a changed picture loses its vector and is embedded again; other rows stay where they are', async () => {
  const { project, ids } = await newProject('again', names(6))
  await embed(project, home)
  const before = await vectorsOf(project)
  await project.close()
  copyFileSync(join(images, 'p30.png'), join(images, 'p5.png'))
  const db = new Database(join(project.folder, 'project.db'))
  const { size, mtimeMs } = statSync(join(images, 'p5.png'))
  db.prepare('UPDATE image SET sha256 = ?, bytes = ?, mtime_ms = ? WHERE id = ?').run(Buffer.from('other'), size, mtimeMs, ids[5])
  db.close()
  const again = await Project.open(project.folder)
  expect((await vectorsOf(again)).has(ids[5] as number)).toBe(false)
  expect((await embed(again, home)).result).toMatch(/^1 image embedded/)
  const after = await vectorsOf(again)
  expect(after.size).toBe(6)
  expect(cosine(after.get(ids[0] as number), before.get(ids[0] as number))).toBeCloseTo(1, 5)
  expect(cosine(after.get(ids[5] as number), before.get(ids[5] as number))).toBeLessThan(0.99)
  expect((await embed(again, home)).result).toMatch(/^All 6 images already have a vector/)
  await again.close()
  writeFileSync(join(images, 'p5.png'), await drawPicture(5))
})

test('vectors that the disk lost are made anew', async () => {
  const { project } = await newProject('lost', names(10))
  await embed(project, home)
  const before = await vectorsOf(project)
  const { file, dim } = await vectorSource(project, (await defaultDescriptor(project)) as number)
  truncateSync(file, dim * 4 * 6 + 5)
  const { result, notes } = await embed(project, home)
  expect(result).toMatch(/^4 images embedded/)
  expect(notes.join()).toMatch(/cut short or lost: 4 images must be embedded again/)
  const after = await vectorsOf(project)
  for (const [id, vector] of before) expect(cosine(vector, after.get(id))).toBeCloseTo(1, 5)
  rmSync(file)
  expect((await embed(project, home)).result).toMatch(/^10 images embedded/)
  await project.close()
})

test('cancelling stops soon and keeps what was committed; the rest comes next time', async () => {
  const { project } = await newProject('cancelled', names(40))
  const controller = new AbortController()
  const heard = (done: number): void => {
    if (done > 0) controller.abort(new Error('cancelled'))
  }
  await expect(embed(project, home, {}, controller.signal, heard)).rejects.toThrow('cancelled')
  const kept = (await vectorsOf(project)).size
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(40)
  expect((await embed(project, home)).data).toMatchObject({ embedded: 40 - kept })
  expect((await vectorsOf(project)).size).toBe(40)
  await project.close()
})

test('kill -9 in the middle loses only the chunks in flight, and the next run gives what an undisturbed one gives', async () => {
  const big = join(folder, 'big')
  mkdirSync(big)
  for (let i = 0; i < 160; i++) writeFileSync(join(big, `${i}.png`), i < 4 ? await drawPicture(i, 900) : '')
  for (let i = 4; i < 160; i++) copyFileSync(join(big, `${i % 4}.png`), join(big, `${i}.png`))
  const made = await Project.create(join(folder, 'killed'), 'killed')
  await made.close()
  const ids = addScannedFiles(made.folder, big, Array.from({ length: 160 }, (_, i) => `${i}.png`))

  const child = spawn(process.execPath, [join(import.meta.dirname, 'embedHarness.ts'), made.folder, home], { stdio: 'ignore' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  const db = new Database(join(made.folder, 'project.db'), { readonly: true })
  const committed = (): number => db.prepare('SELECT COUNT(*) FROM vector').pluck().get() as number
  while (committed() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const kept = committed()
  db.close()
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(160)

  const project = await Project.open(made.folder)
  const survivors = await vectorsOf(project)
  expect(survivors.size).toBe(kept)
  const { result } = await embed(project, home)
  expect(result).toMatch(new RegExp(`^${160 - kept} images embedded`))
  const all = await vectorsOf(project)
  expect([...all.keys()].sort((a, b) => a - b)).toEqual(ids)
  for (const [id, vector] of survivors) expect(cosine(vector, all.get(id))).toBeCloseTo(1, 5)
  // Every fourth picture is the same one: whatever row it landed in, its vector must be too.
  for (const [i, id] of ids.entries()) expect(cosine(all.get(id), all.get(ids[i % 4] as number))).toBeGreaterThan(0.99999)
  expect(cosine(all.get(ids[0] as number), all.get(ids[1] as number))).toBeLessThan(0.999)
  await project.close()
})
