import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import type { GenerateSpec } from '../../../core/contract/generator.ts'
import { jobRequest } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { type Homography, mapPoint } from '../../../core/generator/homography.ts'
import type { ManifestRecord } from '../../../core/generator/records.ts'
import { isInside } from '../../../core/generator/region.ts'
import { csvRows } from '../../../core/importers/csvRows.ts'
import { readTruthRows } from '../../../core/metrics/truthFiles.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { winnow } from '../../support/winnow.ts'

/** Smooth colours, different for every number, so that places can be told apart. */
async function drawPhoto(file: string, number: number, width: number, height: number): Promise<void> {
  const data = Buffer.alloc(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const [u, v] = [(i % width) / width, Math.floor(i / width) / height]
    data[i * 3] = 128 + 90 * Math.sin(3 * u + number)
    data[i * 3 + 1] = 128 + 90 * Math.cos(4 * v - number * 2 + u)
    data[i * 3 + 2] = 128 + 90 * Math.sin(4 * u * v + number * 3)
  }
  const picture = sharp(data, { raw: { width, height, channels: 3 } })
  await (file.endsWith('.jpg') ? picture.jpeg({ quality: 92 }) : picture.png()).toFile(file)
}

async function photos(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < count; i++) await drawPhoto(join(folder, `${i}.${i % 3 === 0 ? 'png' : 'jpg'}`), i, i % 2 === 0 ? 150 : 110, 120)
}

async function engineOver(folder: string, name: string, images: string, visionWorkers: number): Promise<OpenProject> {
  const engine = new Engine({ home: join(folder, `home-${name}`), program: 'test', visionWorkers })
  onTestFinished(async () => await engine.close())
  const open = await engine.createProject(join(folder, name), name)
  await open.roots.add(rootSpec.parse({ path: images }))
  await open.jobs.done((await open.jobs.start(jobRequest.parse({ kind: 'scan' }))).id)
  return open
}

const start = async ({ jobs }: OpenProject, spec: Partial<GenerateSpec>) => await jobs.start(jobRequest.parse({ kind: 'generate', spec }))
const generate = async (open: OpenProject, spec: Partial<GenerateSpec>) => await open.jobs.done((await start(open, spec)).id)
const manifest = (out: string): Omit<ManifestRecord, 'number'>[] => readFileSync(join(out, 'manifest.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as ManifestRecord)
const rows = (out: string, name: string): string[][] => readFileSync(join(out, name), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','))
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

async function pixels(file: string): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

test('a copy set: files, manifest and truth agree, and the same comes out of any number of workers, in any place', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 18)
  writeFileSync(join(images, 'again.png'), readFileSync(join(images, '0.png')))
  const before = readdirSync(images).map((name) => [name, sha256(join(images, name))])
  const one = await engineOver(folder, 'one', images, 1)
  const three = await engineOver(folder, 'three', images, 3)
  const spec = { set: 'copies', count: 30, training: 3, seed: 5 } as const
  const [first, second] = [join(folder, 'set-1'), join(folder, 'deep', 'set-2')]
  const done = await generate(one, { ...spec, out: first })
  expect(done).toMatchObject({ state: 'done', error: null, failures: 0, data: { files: { reference: 10, training: 3, query: 24, distractor: 6 } } })
  expect(await generate(three, { ...spec, out: second })).toMatchObject({ state: 'done' })
  expect(readFileSync(join(second, 'manifest.jsonl'), 'utf8')).toBe(readFileSync(join(first, 'manifest.jsonl'), 'utf8'))
  expect(readdirSync(first).sort()).toEqual(['manifest.jsonl', 'queries', 'references', 'set.json', 'training', 'truth.csv'])
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  expect(readdirSync(images).map((name) => [name, sha256(join(images, name))])).toEqual(before)

  const records = manifest(first)
  const byStem = new Map(records.map((record) => [basename(record.file, '.jpg'), record]))
  for (const record of records) {
    expect(sha256(join(first, record.file))).toBe(record.sha256)
    expect(sha256(record.source.path)).toBe(record.source.sha256)
    const { width, height } = await sharp(join(first, record.file)).metadata()
    expect([width, height]).toEqual([record.width, record.height])
    expect(record.edits.length > 0).toBe(record.role === 'query' || record.role === 'distractor')
  }
  const truth = rows(first, 'truth.csv')
  expect(truth).toHaveLength(30)
  expect(truth.filter(([, reference]) => reference === '')).toHaveLength(6)
  for (const [query = '', reference = ''] of truth) {
    if (reference !== '') expect(byStem.get(reference)?.source.sha256).toBe(byStem.get(query)?.source.sha256)
    else expect(records.filter(({ source, role }) => role !== 'distractor' && source.sha256 === byStem.get(query)?.source.sha256)).toEqual([])
  }
  // Again into the same place: it is whole, nothing is done. Another seed: the place is taken.
  expect((await generate(one, { ...spec, out: first })).result).toMatch(/already whole/)
  expect((await generate(one, { ...spec, seed: 6, out: first })).error).toMatch('There is already something in')
})

test('homographies and regions of the manifest: what was in the source is where they say, and nowhere else', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 5)
  // Larger than the limit: shrinking is part of the map.
  await drawPhoto(join(images, 'large.jpg'), 9, 400, 260)
  const open = await engineOver(folder, 'p', images, 2)
  const out = join(folder, 'set')
  const only = ['crop', 'rotate', 'perspective', 'turn', 'mirror', 'flip', 'stretch', 'resize', 'screenshot', 'border'] as const
  expect(await generate(open, { out, set: 'copies', count: 24, distractors: 0, seed: 3, longestSide: 200, only: [...only] })).toMatchObject({ state: 'done' })
  let checked = 0
  let found = 0
  for (const { file, source, homography, region, visible } of manifest(out).filter(({ role }) => role === 'query')) {
    expect(visible).toBeGreaterThan(0)
    expect(visible).toBeLessThanOrEqual(1)
    const [from, to] = [await pixels(source.path), await pixels(join(out, file))]
    let inside = 0
    for (let y = 2.5; y < from.height; y += 5) {
      for (let x = 2.5; x < from.width; x += 5) {
        const [u, v] = mapPoint(homography as Homography, [x, y])
        if (isInside(region, [u, v])) inside++
        if (!isInside(region, [u, v], 3)) continue
        const [a, b] = [(Math.floor(y) * from.width + Math.floor(x)) * 3, (Math.floor(v) * to.width + Math.floor(u)) * 3]
        checked++
        if ([0, 1, 2].every((channel) => Math.abs((from.data[a + channel] as number) - (to.data[b + channel] as number)) <= 24)) found++
      }
    }
    expect(Math.abs(inside / (Math.floor(from.width / 5) * Math.floor(from.height / 5)) - visible)).toBeLessThan(0.08)
  }
  expect(checked).toBeGreaterThan(1000)
  expect(found / checked).toBeGreaterThan(0.95)
})

test('instances and identities: their truth is what the recipe step "truth" reads', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 10)
  const open = await engineOver(folder, 'p', images, 2)
  const [places, animals] = [join(folder, 'places'), join(folder, 'animals')]
  expect(await generate(open, { out: places, set: 'instances', count: 4, views: 6, foreign: 0.2, longestSide: 96 })).toMatchObject({ state: 'done', failures: 0 })
  expect(await generate(open, { out: animals, set: 'identities', count: 5, views: 4, longestSide: 96 })).toMatchObject({ state: 'done', failures: 0 })

  const read = async (out: string, name: string) => {
    const ids = new Map(manifest(out).map(({ file }, i) => [basename(file, '.jpg'), i + 1]))
    return await readTruthRows(csvRows(join(out, name)), { file: name, join: (text) => ids.get(text) ?? null })
  }
  for (const [out, name, layout] of [
    [places, 'truth.csv', 'pairs'], [places, 'retrieval_solution.csv', 'retrieval'], [places, 'recognition_solution.csv', 'recognition'], [places, 'cleaning_truth.csv', 'flags'], [places, 'train.csv', 'classes'],
    [animals, 'pairs_truth.csv', 'pairLabels'], [animals, 'truth.csv', 'classes'], [animals, 'train.csv', 'classes']
  ] as const) {
    const { report } = await read(out, name)
    expect({ name, layout: report.layout, missingNames: report.missingNames, duplicated: report.duplicated }).toEqual({ name, layout, missingNames: 0, duplicated: 0 })
    expect(report.matched + report.ignored).toBe(report.rows)
  }
  // The class folders say what the classes are given as, and train.csv says the same.
  const given = new Map(rows(places, 'train.csv') as [string, string][])
  for (const { file } of manifest(places).filter(({ role }) => role === 'train')) expect(file.split('/')[1]).toBe(given.get(basename(file, '.jpg')))
  const foreign = rows(places, 'cleaning_truth.csv').filter(([, flag]) => flag === '1')
  expect(foreign.length).toBeGreaterThan(0)
  const pairs = rows(animals, 'pairs_truth.csv')
  expect(rows(animals, 'pairs.csv')).toEqual(pairs.map(([a, b]) => [a, b]))
  expect(pairs.filter(([, , same]) => same === '1').length).toBeGreaterThan(0)
  const known = new Set(rows(animals, 'train.csv').map(([image]) => image))
  expect(pairs.some(([a, b]) => known.has(a) || known.has(b))).toBe(false)
})

test('a cancelled run goes on where it was and ends with what an unbroken one makes', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 8)
  const open = await engineOver(folder, 'p', images, 1)
  const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')]
  const spec = { set: 'copies', count: 120, distractors: 0.1, seed: 2 } as const
  await generate(open, { ...spec, out: whole })
  const job = await start(open, { ...spec, out: broken })
  const hidden = (): string => readdirSync(folder).find((name) => name.startsWith('.winnow-generate')) ?? ''
  const noted = (): number => {
    const file = join(folder, hidden(), '.records.jsonl')
    return hidden() !== '' && existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
  }
  while (noted() < 12) await pause(5)
  await open.jobs.cancel(job.id)
  expect(await open.jobs.done(job.id)).toMatchObject({ state: 'cancelled' })
  expect(existsSync(broken)).toBe(false)
  // As a kill or a full disk would leave it: the last line is cut short.
  const records = join(folder, hidden(), '.records.jsonl')
  const before = noted()
  truncateSync(records, statSync(records).size - 30)
  const made = new Map(readdirSync(join(folder, hidden(), 'queries')).map((name) => [name, statSync(join(folder, hidden(), 'queries', name)).mtimeMs]))
  expect(before).toBeLessThan(126)
  await open.jobs.resume(job.id)
  expect(await open.jobs.done(job.id)).toMatchObject({ state: 'done', failures: 0 })
  expect(readFileSync(join(broken, 'manifest.jsonl'), 'utf8')).toBe(readFileSync(join(whole, 'manifest.jsonl'), 'utf8'))
  expect(readFileSync(join(broken, 'truth.csv'), 'utf8')).toBe(readFileSync(join(whole, 'truth.csv'), 'utf8'))
  expect([...made].filter(([name, time]) => statSync(join(broken, 'queries', name)).mtimeMs === time).length).toBeGreaterThan(0)
  expect(hidden()).toBe('')
})

test('a file whose record was lost does not come into the set where it cannot be made again', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 8)
  const open = await engineOver(folder, 'p', images, 1)
  const out = join(folder, 'set')
  const job = await start(open, { out, set: 'copies', count: 60, distractors: 0, only: ['blur', 'jpeg'] })
  const hidden = (): string => join(folder, readdirSync(folder).find((name) => name.startsWith('.winnow-generate')) ?? 'none')
  const records = (): string => join(hidden(), '.records.jsonl')
  const lines = (): string[] => (existsSync(records()) ? readFileSync(records(), 'utf8').split('\n').filter((line) => line !== '') : [])
  while (lines().length < 20) await pause(5)
  await open.jobs.cancel(job.id)
  expect(await open.jobs.done(job.id)).toMatchObject({ state: 'cancelled' })
  const lost = JSON.parse(lines().at(-1) ?? '') as ManifestRecord
  expect(existsSync(join(hidden(), lost.file))).toBe(true)
  truncateSync(records(), statSync(records()).size - 30)
  utimesSync(lost.source.path, 1_000_000, 1_000_000)
  await open.jobs.resume(job.id)
  expect((await open.jobs.done(job.id)).failures).toBeGreaterThan(0)
  const listed = manifest(out).map(({ file }) => file)
  expect(listed).not.toContain(lost.file)
  expect(['queries', 'references'].flatMap((name) => readdirSync(join(out, name)).map((file) => `${name}/${file}`)).toSorted()).toEqual(listed.toSorted())
})

test('a picture that changed or went away is told and left out, truth included', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 5)
  const open = await engineOver(folder, 'p', images, 1)
  rmSync(join(images, '1.jpg'))
  utimesSync(join(images, '2.jpg'), 1_000_000, 1_000_000)
  const out = join(folder, 'set')
  const job = await generate(open, { out, count: 20, distractors: 0, only: ['blur', 'jpeg'] })
  expect(job.state).toBe('done')
  expect(job.failures).toBeGreaterThan(2)
  const files = new Set(manifest(out).map(({ file }) => basename(file, '.jpg')))
  expect(rows(out, 'truth.csv').length).toBeLessThan(20)
  for (const [query = '', reference = ''] of rows(out, 'truth.csv')) expect([files.has(query), files.has(reference)]).toEqual([true, true])
  expect(readdirSync(join(out, 'queries')).map((name) => basename(name, '.jpg')).every((name) => files.has(name))).toBe(true)
  expect(manifest(out).some(({ source }) => source.path.endsWith('/1.jpg'))).toBe(false)
})

test('a place inside an image folder or the project is refused, and too few images are named', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 2)
  const open = await engineOver(folder, 'p', images, 1)
  for (const out of [join(images, 'set'), join(open.project.folder, 'set'), folder, images, 'relative']) {
    const refused = await generate(open, { out })
    expect(refused.state).toBe('failed')
    expect(refused.error).toMatch(/Choose (another|a) folder|not a whole path/)
  }
  expect((await generate(open, { out: join(folder, 'set'), training: 5 })).error).toMatch('need 7 different images of 32 pixels and more; the project has 2')
  expect(existsSync(join(folder, 'set'))).toBe(false)
  expect(readdirSync(images)).toHaveLength(2)
})

test('from the terminal', async () => {
  const folder = temporaryFolder('generate')
  const images = join(folder, 'photos')
  await photos(images, 6)
  const [home, project] = [join(folder, 'home'), join(folder, 'p.winnow')]
  await winnow(home, ['create', project, '--root', images])
  await winnow(home, ['scan', project, '--quiet'])
  const made = await winnow(home, ['generate', project, '--out', join(folder, 'set'), '--set', 'copies', '--count', '5', '--seed', '4', '--strength', 'moderate', '--only', 'mirror', 'jpeg', '--json'])
  expect(made).toMatchObject({ code: 0 })
  expect(made.json()).toMatchObject({ job: { kind: 'generate', title: 'Generating edits', state: 'done', data: { out: join(folder, 'set'), files: { query: 4, distractor: 1 } } } })
  expect(manifest(join(folder, 'set')).flatMap(({ edits }) => edits.map(({ name }) => name)).every((name) => name === 'mirror' || name === 'jpeg')).toBe(true)
  const refused = await winnow(home, ['generate', project, '--out', join(images, 'set')])
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('which is never written to') })
  expect(await winnow(home, ['generate', project, '--out', join(folder, 'x'), '--only', 'sharpen'])).toMatchObject({ code: 2, stderr: expect.stringContaining('It must be one of crop,') })
})
