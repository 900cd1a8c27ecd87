/** Files in and out of a project through recipe steps: real images, real database, real threads. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import { recipe as schema } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import type { JoinReport } from '../../../core/formats/idJoin.ts'
import type { ResultFormat } from '../../../core/formats/exportResult.ts'
import { exportResultFile } from '../../../core/formats/resultFiles.ts'
import { openVectorTable } from '../../../core/formats/vectorTable.ts'
import { writeVectorsAs, type VectorFormat } from '../../../core/formats/writeVectors.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import { readLabels, readPairs } from '../../../core/recipes/kinds.ts'
import { readVectors } from '../../../core/recipes/vectorReader.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-formats-'))
const images = join(folder, 'images')
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
const stems = ['Q00000', 'Q00001', 'R000000', 'R000001', 'R000002']
let open: OpenProject
/** Image id by stem. */
let idOf: Map<string, number>

const file = (name: string, text?: string): string => {
  const path = join(folder, name)
  if (text !== undefined) writeFileSync(path, text)
  return path
}

async function runStep(use: string, params: Record<string, unknown>, input: string): Promise<{ job: Job; artefact: Artefact | null }> {
  const body = schema.parse({
    format: 'winnow-recipe-1', name: 'read', title: 'Read', options: {}, shows: ['read'],
    steps: [{ id: 'all', use: 'select' }, { id: 'read', use, from: { [input]: input === 'queries' ? ['all'] : 'all' }, with: params }]
  })
  const { id } = await open.jobs.start({ kind: 'recipe', body, options: {}, set: {} })
  const job = await open.jobs.done(id)
  if (job.state !== 'done') return { job, artefact: null }
  const { steps } = await open.recipes.run({ runId: (job.data as { runId: number }).runId })
  const { key } = (await open.project.read.recipes.resultById(steps[1]?.result?.resultId ?? 0)) ?? { key: '' }
  return { job, artefact: await Artefact.open(join(open.project.resultsFolder, key)) }
}

async function made(use: string, params: Record<string, unknown>, input = 'images'): Promise<Artefact> {
  const { job, artefact } = await runStep(use, params, input)
  expect(job.error).toBeNull()
  return artefact as Artefact
}

const joinOf = ({ facts }: Artefact): JoinReport => facts['join'] as JoinReport

beforeAll(async () => {
  mkdirSync(join(images, 'set'), { recursive: true })
  for (const [i, stem] of stems.entries()) await sharp({ create: { width: 20, height: 20, channels: 3, background: { r: 40 * i, g: 90, b: 60 } } }).jpeg().toFile(join(images, 'set', `${stem}.jpg`))
  open = await engine.createProject(join(folder, 'p'), 'p')
  await open.roots.add({ path: images, role: 'train', protected: false, labelsFromFolders: false, include: [], exclude: [], svg: false })
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
  const { ids } = await open.project.read.recipeInputs.select({}, { withoutDropped: false, withoutVetoed: false })
  const paths = await open.project.read.recipeInputs.paths([...ids])
  idOf = new Map([...paths].map(([id, path]) => [String(path).split('/').at(-1)?.replace('.jpg', '') ?? '', id]))
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const writeVectorsOf = async (path: string, format: VectorFormat, ids: readonly string[], dim = 3): Promise<Float32Array> => {
  const data = Float32Array.from({ length: ids.length * dim }, (_, i) => i + 1)
  await writeVectorsAs(path, format, { rows: ids.length, dim, ids: async (from, count) => ids.slice(from, from + count), values: async (from, count) => data.subarray(from * dim, (from + count) * dim) })
  return data
}

test.each([['npy', 'npy'], ['npz', 'npz'], ['hdf5', 'h5'], ['parquet', 'parquet'], ['csv', 'csv'], ['faiss', 'index']] as const)('%s: vectors find their images by stem, name and path; the report says what did not fit', async (format, extension) => {
  const ids = ['R000001', 'set/Q00000.jpg', 'nobody', 'R000001.jpg', 'Q00001.jpg']
  const path = file(`vectors.${extension}`)
  const data = await writeVectorsOf(path, format, ids)
  const artefact = await made('read-vectors', { file: path, normalise: false })
  const vectors = await readVectors(artefact)
  expect([...vectors.images]).toEqual(['R000001', 'Q00000', 'Q00001'].map((stem) => idOf.get(stem)))
  expect([...vectors.matrix.data]).toEqual([0, 1, 4].flatMap((row) => [...data.subarray(row * 3, row * 3 + 3)]))
  expect(joinOf(artefact)).toMatchObject({ ids: 5, matched: 4, missing: { count: 1 }, duplicated: { count: 1 }, ambiguous: { count: 0 }, imagesWithout: 2 })
  expect(joinOf(artefact).missing.first[0]).toMatchObject({ id: 'nobody', place: expect.stringMatching(/^(line 4|row 2)$/) as string })
})

test('vectors are scaled to length 1 unless told otherwise', async () => {
  const path = file('scaled.npy')
  await writeVectorsOf(path, 'npy', ['Q00000', 'Q00001'])
  const { matrix } = await readVectors(await made('read-vectors', { file: path }))
  for (let row = 0; row < matrix.rows; row++) expect(Math.hypot(...matrix.data.subarray(row * 3, row * 3 + 3))).toBeCloseTo(1, 6)
})

test('strict reading refuses what does not fit, and the whole of what nothing fits', async () => {
  const path = file('strict.npz')
  await writeVectorsOf(path, 'npz', ['Q00000', 'nobody'])
  expect((await runStep('read-vectors', { file: path, strict: 'rows' }, 'images')).job.error).toMatch(/strict\.npz: 1 of 2 ids found their image; 1 is called like no image \(row 1: nobody\)/)
  await writeVectorsOf(path, 'npz', ['Q00000', 'Q00001'])
  expect((await runStep('read-vectors', { file: path, strict: 'both' }, 'images')).job.error).toMatch(/says nothing about 3 images/)
  await writeVectorsOf(path, 'npz', ['nobody'])
  expect((await runStep('read-vectors', { file: path }, 'images')).job.error).toMatch(/none of its 1 ids names an image/)
})

test('ids that lie beside the file are part of the key: changed ids are read again', async () => {
  const path = file('beside.npy')
  await writeVectorsOf(path, 'npy', ['Q00000', 'Q00001'])
  await made('read-vectors', { file: path })
  writeFileSync(file('beside.ids.csv'), 'id\nR000000\nR000001\n')
  const { images: found } = await readVectors(await made('read-vectors', { file: path }))
  expect([...found]).toEqual([idOf.get('R000000'), idOf.get('R000001')])
})

test('ids that go beside vectors do not take the place of a file that was there', async () => {
  const path = file('beside-in.npz')
  await writeVectorsOf(path, 'npz', ['Q00000', 'R000000'])
  const artefact = await made('read-vectors', { file: path })
  const theirs = file('theirs.ids.csv', 'id\nmine\n')
  const out = join(theirs, '..', 'theirs.npy')
  await expect(exportResultFile(open.project, artefact.folder, 'npy', out)).rejects.toThrow(/already a file .*theirs\.ids\.csv/)
  expect(readFileSync(theirs, 'utf8')).toBe('id\nmine\n')
  expect(existsSync(out)).toBe(false)
  expect((await exportResultFile(open.project, artefact.folder, 'npy', out, { overwrite: true })).files).toEqual([out, theirs])
})

test('the ISC files come in and go out as they were: descriptors sorted by id, matches with their scores', async () => {
  const path = file('isc-in.npz')
  await writeVectorsOf(path, 'npz', ['R000002', 'Q00001', 'R000000', 'Q00000', 'R000001'])
  const artefact = await made('read-vectors', { file: path, normalise: false })
  const out = file('isc-out.h5')
  await exportResultFile(open.project, artefact.folder, 'isc-descriptors', out)
  const table = await openVectorTable(out)
  const ids: string[] = []
  const first: number[] = []
  for await (const block of table.blocks()) {
    ids.push(...block.ids)
    for (let row = 0; row < block.rows; row++) first.push(block.data[row * block.dim] as number)
  }
  await table.close()
  expect(ids).toEqual(stems)
  expect(first).toEqual([10, 4, 7, 13, 1])
  const again = await readVectors(await made('read-vectors', { file: out, normalise: false }))
  expect([...again.images]).toEqual(stems.map((stem) => idOf.get(stem)))

  const csv = file('matches.csv', '\ufeffquery_id,reference_id,score\r\nQ00000,R000001,0.25\r\n"Q00001",R000000,0.123456789\r\nQ00000,R000001,0.5\r\nQ00000,Q00000,1\r\n')
  const pairs = await made('read-pairs', { file: csv }, 'queries')
  expect(joinOf(pairs)).toMatchObject({ ids: 8, matched: 8, duplicated: { count: 1 } })
  expect([...(await readPairs(pairs)).scores]).toEqual([0.5, Math.fround(0.123456789)])
  const written = file('matches-out.csv')
  await exportResultFile(open.project, pairs.folder, 'isc-matches', written)
  expect(readFileSync(written, 'utf8')).toBe('query_id,reference_id,score\nQ00000,R000001,0.5\nQ00001,R000000,0.123456791\n')
})

test('pairs go out in every layout and come back the same', async () => {
  const pairs = await made('read-pairs', { file: file('pairs.csv', 'Q00000,R000001,0.25\nQ00001,R000000,0.75\n') }, 'queries')
  const before = await readPairs(pairs)
  for (const [format, extension] of [['csv', 'csv'], ['parquet', 'parquet'], ['npz', 'npz'], ['hdf5', 'h5'], ['pet-pairs', 'csv'], ['isc-matches', 'csv']] as [ResultFormat, string][]) {
    const out = file(`pairs-${format}.${extension}`)
    await exportResultFile(open.project, pairs.folder, format, out)
    const after = await readPairs(await made('read-pairs', { file: out }, 'queries'))
    expect({ format, ...after }).toEqual({ format, ...before })
  }
  const retrieval = file('retrieval.csv')
  await exportResultFile(open.project, pairs.folder, 'retrieval', retrieval)
  expect(readFileSync(retrieval, 'utf8')).toBe('id,images\nQ00001,R000000\nQ00000,R000001\n')
  expect([...(await readPairs(await made('read-pairs', { file: retrieval }, 'queries'))).b]).toEqual([...before.b])
})

test('labels of GLDv2 in all its layouts', async () => {
  const train = await made('read-labels', { file: file('train.csv', 'id,url,landmark_id\nQ00000,"http://a,b",7\nR000000,http://x,12\nR000001,http://x,7\nmissing,http://x,7\n') })
  const { images: found, labels } = await readLabels(train)
  const names = new Map(train.facts['names'] as [number, string][])
  expect([...found].map((image, i) => [image, names.get(labels[i] as number)])).toEqual([[idOf.get('Q00000'), '7'], [idOf.get('R000000'), '12'], [idOf.get('R000001'), '7']])
  expect(joinOf(train)).toMatchObject({ ids: 4, matched: 3, missing: { count: 1, first: [{ place: 'line 5', id: 'missing' }] }, imagesWithout: 2 })
  const cleaned = file('cleaned.csv')
  await exportResultFile(open.project, train.folder, 'label-images', cleaned)
  expect(readFileSync(cleaned, 'utf8')).toBe('landmark_id,images\n7,Q00000 R000001\n12,R000000\n')
  expect((await readLabels(await made('read-labels', { file: cleaned }))).images).toHaveLength(3)
  const recognition = await made('read-labels', { file: file('recognition.csv', 'id,landmarks\nQ00000,9 1.7\nQ00001,\nR000000,7 0.123456789 9 0.1\n') })
  const submission = file('submission.csv')
  await exportResultFile(open.project, recognition.folder, 'recognition', submission)
  expect(readFileSync(submission, 'utf8')).toBe('id,landmarks\nQ00000,9 1.700000048\nR000000,7 0.123456791\n')
  const solution = await made('read-labels', { file: file('solution.csv', 'id,landmarks,Usage\nQ00000,9,Public\nQ00001,9 12,Private\nR000000,,Ignored\n'), usage: 'Private' })
  expect((await readLabels(solution)).labels).toHaveLength(2)
})

test('results are never written into image folders, over other files or halfway', async () => {
  const pairs = await made('read-pairs', { file: file('keep.csv', 'Q00000,R000001,0.25\n') }, 'queries')
  await expect(exportResultFile(open.project, pairs.folder, 'csv', join(images, 'x.csv'))).rejects.toThrow(/inside the image folder/)
  await expect(exportResultFile(open.project, pairs.folder, 'csv', file('keep.csv'))).rejects.toThrow(/already a file/)
  await expect(exportResultFile(open.project, pairs.folder, 'csv', join(folder, 'none', 'x.csv'))).rejects.toThrow(/no folder/)
  await expect(exportResultFile(open.project, pairs.folder, 'faiss', file('x.index'))).rejects.toThrow(/kind pairs cannot be written as faiss/)
  const vectors = file('odd.npz')
  await writeVectorsOf(vectors, 'npz', ['Q00000', 'R000000'], 300)
  const wide = await made('read-vectors', { file: vectors })
  await expect(exportResultFile(open.project, wide.folder, 'isc-descriptors', file('wide.h5'))).rejects.toThrow(/at most 256 dimensions; these vectors have 300/)
  expect(existsSync(file('wide.h5'))).toBe(false)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})
