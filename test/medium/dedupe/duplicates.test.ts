import { rm, stat } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { duplicatesJob } from '../../../core/dedupe/duplicatesJob.ts'
import { imagesOfGroups } from '../../../core/dedupe/groupColumns.ts'
import { DuplicateService } from '../../../core/dedupe/duplicateService.ts'
import { descriptorGraph, perceptualGraph } from '../../../core/dedupe/graphFile.ts'
import { hash, ProjectFixture } from './projectFixture.ts'

let fixture: ProjectFixture
let service: DuplicateService
const request = { kind: 'duplicates', engine: 'exact' } as const
const rules: DuplicateSettings['rules'] = ['protected', 'labelled', 'larger', 'less-compressed', 'sharper', 'older', 'shorter-path']
const settings = (over: Partial<DuplicateSettings> = {}): DuplicateSettings => ({ descriptorId: fixture.descriptorId || null, threshold: 0.9, radius: 6, rules, ...over })
const all = { state: 'all' } as const

beforeEach(async () => {
  fixture = await ProjectFixture.create()
  service = new DuplicateService(fixture.context())
})
afterEach(async () => {
  await service.close()
  await fixture.close()
})

/** Groups as path lists, the keeper first. */
async function groups(over: Partial<DuplicateSettings> = {}): Promise<string[][]> {
  const { groups: ids } = await service.groups({ settings: settings(over), filter: all, order: 'path' })
  return (await service.rows({ settings: settings(over), groups: ids })).map(({ members }) => members.map(({ image }) => image.path))
}

const h = (first: string): string => first.padEnd(16, '5a')

test('exact and pixel-identical copies, perceptual hashes and descriptors each make groups, with the evidence told', async () => {
  const [one, two, three] = ['00ff5a5a5a5a5a5a', 'ff003c3c00ff00ff', '0f0fa5a5ffff0000']
  const ids = fixture.addImages([
    { path: 'a.jpg', phash: one }, { path: 'a copy.jpg', bytesOf: 'a.jpg', phash: one }, { path: 'a.png', pixelsOf: 'a.jpg', phash: one },
    { path: 'b.jpg', phash: two }, { path: 'b small.jpg', phash: two.replace('ff', 'fc'), width: 320, height: 240 },
    { path: 'c.jpg', phash: three }, { path: 'c crop.jpg', phash: '0123456789abcdef', width: 600 },
    { path: 'alone.jpg', phash: '3333cccc55550ff0' }
  ])
  await fixture.addVectors(ids, [[1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0.2, 0], [0, 0, 1, 0], [0.2, 0, 1, 0], [0, 0, 0, 1]])
  const { result, data } = await duplicatesJob(request, fixture.context())
  expect(result).toBe('8 images compared: 1 exact and 1 pixel-identical copies, 1 pair by perceptual hash, 2 pairs by descriptor (cosine 0.50 and up).')
  expect(data).toMatchObject({ images: 8, exactCopies: 1, pixelCopies: 1, perceptualEdges: 1, radius: 16, floor: 0.5, provider: 'cpu' })
  const { groups: list, images, wouldDrop } = await service.groups({ settings: settings(), filter: all, order: 'path' })
  expect({ images, wouldDrop }).toEqual({ images: 7, wouldDrop: 4 })
  const near = expect.closeTo(0.9806, 3)
  const told = (await service.rows({ settings: settings(), groups: list })).map(({ kind, reason, leastToKeeper, leastInside, state, members }) =>
    ({ kind, reason, leastToKeeper, leastInside, state, members: members.map(({ image, kind: by, similarity, distance }) => [image.path, by, similarity, distance]) }))
  expect(told).toEqual([
    { kind: 'pixel', reason: 'equal by every rule; first by path', leastToKeeper: 1, leastInside: 1, state: 'open', members: [['a.jpg', null, null, null], ['a copy.jpg', 'exact', 1, 0], ['a.png', 'pixel', 1, 0]] },
    { kind: 'perceptual', reason: 'larger (640×480 against 320×240)', leastToKeeper: near, leastInside: near, state: 'open', members: [['b.jpg', null, null, null], ['b small.jpg', 'perceptual', near, 2]] },
    { kind: 'descriptor', reason: 'larger (640×480 against 600×480)', leastToKeeper: near, leastInside: near, state: 'open', members: [['c.jpg', null, null, null], ['c crop.jpg', 'descriptor', near, null]] }
  ])
  const summary = await service.summary(settings())
  expect(summary).toMatchObject({ searched: true, stale: 0, edges: 3, groups: 3, images: 7, wouldDrop: 4, open: 3, byKind: { exact: 0, pixel: 1, perceptual: 1, descriptor: 1 } })
  expect(summary.histogram.counts.reduce((x, y) => x + y)).toBe(2)
  expect(summary.histogram.from).toBe(0.5)
})

test('a person decides: pins, labels, vetoes and verdicts are seen at the next look', async () => {
  const ids = fixture.addImages(['a', 'b', 'c'].map((name, i) => ({ path: `${name}.jpg`, phash: h(['00ff', '00fe', '00fd'][i] as string), width: 640 - i })))
  await duplicatesJob(request, fixture.context())
  const looked = async (): Promise<string[][]> => {
    fixture.project.emit({ topic: 'decisions' })
    return await groups()
  }
  expect(await groups()).toEqual([['a.jpg', 'b.jpg', 'c.jpg']])
  const act = (kind: string): void => fixture.run("INSERT INTO act (at, who, kind, summary, count) VALUES (0, 'me', ?, '', 1)", kind)
  act('pin-keeper')
  fixture.run('INSERT INTO pin VALUES (?, 1)', ids[2])
  expect(await looked()).toEqual([['c.jpg', 'a.jpg', 'b.jpg']])
  act('pin-keeper')
  fixture.run('DELETE FROM pin')
  act('label')
  fixture.run("INSERT INTO class (id, name, created_at) VALUES (1, 'cat', 0)")
  fixture.run("INSERT INTO label (image_id, state, class_id, source, act_id) VALUES (?, 'class', 1, 'human', 1)", ids[1])
  expect(await looked()).toEqual([['b.jpg', 'a.jpg', 'c.jpg']])
  const [row] = await service.rows({ settings: settings(), groups: [ids[1] as number] })
  expect(row?.reason).toBe('has a human label')
  expect(row?.members[1]?.comparisons).toContainEqual({ text: 'no label', better: 'keeper' })
  act('relation')
  const pair = [hash('a.jpg'), hash('b.jpg')].sort((x, y) => x.compare(y))
  fixture.run("INSERT INTO relation VALUES (?, ?, 'different', 1)", ...pair)
  expect(await looked()).toEqual([['b.jpg', 'c.jpg']])
  act('verdict')
  fixture.run("INSERT INTO verdict VALUES (?, 'drop', 'x', NULL, NULL, 1)", ids[2])
  await looked()
  expect(await service.summary(settings())).toMatchObject({ groups: 1, open: 0 })
  expect((await service.rows({ settings: settings(), groups: [ids[1] as number] }))[0]?.state).toBe('accepted')
  expect((await service.groups({ settings: settings(), filter: { state: 'open' }, order: 'path' })).groups).toEqual([])
})

test('moving the threshold replays, and groups are stars: a chain is not one group', async () => {
  const ids = fixture.addImages([0, 1, 2, 3].map((i) => ({ path: `${i}.jpg`, width: 700 - i })))
  const at = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180), 0]
  await fixture.addVectors(ids, [at(0), at(20), at(40), at(60)])
  await duplicatesJob(request, fixture.context())
  const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180)
  expect(await groups({ threshold: cosine(21) })).toEqual([['0.jpg', '1.jpg'], ['2.jpg', '3.jpg']])
  expect(await groups({ threshold: cosine(41) })).toEqual([['0.jpg', '1.jpg', '2.jpg']])
  expect(await groups({ threshold: cosine(59) })).toEqual([['0.jpg', '1.jpg', '2.jpg']])
  expect(await groups({ threshold: 0.99 })).toEqual([])
  const { imageIds, components } = await service.components(settings({ threshold: cosine(21) }))
  expect([...imageIds]).toEqual(ids)
  expect([...components]).toEqual([1, 1, 1, 1])
  const resolved = await service.resolveGroups(settings({ threshold: cosine(41) }), 'all', all)
  expect(resolved).toMatchObject({ reasons: ['larger (700×480 against 699×480)'], kinds: Uint8Array.of(3, 3), distances: Float32Array.of(NaN, NaN) })
  expect(imagesOfGroups(resolved)).toEqual([[1, 2, 3]])
  expect([...resolved.similarities]).toEqual([expect.closeTo(cosine(20), 5), expect.closeTo(cosine(40), 5)])
  expect((await service.rows({ settings: settings({ threshold: cosine(41) }), groups: [1] }))[0]?.leastInside).toBeCloseTo(cosine(40), 5)
})

test('a group larger than the neighbours looked up first is whole', async () => {
  const ids = fixture.addImages(Array.from({ length: 90 }, (_, i) => ({ path: `${i}.jpg`, width: 1000 - i })))
  await fixture.addVectors(ids, ids.map((_, i) => [1, i / 1000, 0]))
  await duplicatesJob(request, fixture.context())
  expect((await groups())[0]).toHaveLength(90)
})

test('a search that has been made is not made again; new, changed and missing images are seen as such', async () => {
  const ids = fixture.addImages([{ path: 'a.jpg', phash: h('00ff') }, { path: 'b.jpg', phash: h('00fe') }])
  await fixture.addVectors(ids, [[1, 0, 0], [1, 0.1, 0]])
  await duplicatesJob(request, fixture.context())
  const file = perceptualGraph(fixture.project.graphsFolder)
  const made = (await stat(file)).mtimeMs
  const again = fixture.context()
  await duplicatesJob(request, again)
  expect((await stat(file)).mtimeMs).toBe(made)
  expect(again.stages).toEqual(['identical pictures'])
  expect(await service.summary(settings())).toMatchObject({ stale: 0, groups: 1 })
  const [added] = fixture.addImages([{ path: 'new.jpg', phash: h('00f8') }])
  fixture.run("UPDATE image SET sha256 = ?, pixel_hash = ? WHERE path = 'b.jpg'", hash('other'), hash('other pixels'))
  fixture.project.emit({ topic: 'images' })
  expect(await service.summary(settings())).toMatchObject({ stale: 2, groups: 0 })
  await duplicatesJob(request, fixture.context())
  expect(await service.summary(settings())).toMatchObject({ stale: 0, groups: 1 })
  await fixture.addVectors([added as number], [[1, 0.05, 0]])
  fixture.project.emit({ topic: 'models' })
  expect(await service.summary(settings())).toMatchObject({ stale: 1 })
  fixture.run("UPDATE image SET state = 'missing' WHERE path = 'a.jpg'")
  fixture.project.emit({ topic: 'images' })
  expect((await groups({ threshold: null })).flat()).not.toContain('a.jpg')
})

test('a representative that goes away is stood in for by its copy', async () => {
  const ids = fixture.addImages([{ path: 'a.jpg', phash: h('00ff') }, { path: 'a copy.jpg', bytesOf: 'a.jpg', phash: h('00ff') }, { path: 'b.jpg', phash: h('00fe'), width: 900 }])
  await duplicatesJob(request, fixture.context())
  fixture.run("UPDATE image SET state = 'missing' WHERE id = ?", ids[0])
  expect(await groups()).toEqual([['b.jpg', 'a copy.jpg']])
})

test('identical pictures are grouped before any search', async () => {
  fixture.addImages([{ path: 'a.jpg' }, { path: 'b.jpg', bytesOf: 'a.jpg' }])
  expect(await groups()).toEqual([['a.jpg', 'b.jpg']])
  expect(await service.summary(settings())).toMatchObject({ searched: false, stale: 0, groups: 1 })
})

test('flat pictures are not taken for each other', async () => {
  fixture.addImages([{ path: 'white.jpg', phash: '0000000000000000' }, { path: 'grey.jpg', phash: '0000000000000001' }])
  const context = fixture.context()
  await duplicatesJob(request, context)
  expect(await groups()).toEqual([])
  expect(context.notes.join()).toContain('2 pictures without structure')
  expect(await service.summary(settings())).toMatchObject({ stale: 0 })
})

test('a cancelled search goes on where it was', async () => {
  const ids = fixture.addImages(Array.from({ length: 5000 }, (_, i) => ({ path: `${i}.jpg`, width: 20000 - i })))
  await fixture.addVectors(ids, ids.map((_, i) => [Math.cos(i), Math.sin(i), i % 7]))
  const controller = new AbortController()
  const stopped = fixture.context(controller.signal, (stage, done) => {
    if (stage === 'descriptors' && done > 0) controller.abort(new Error('cancelled'))
  })
  await expect(duplicatesJob({ ...request, floor: 0.9999 }, stopped)).rejects.toThrow('cancelled')
  const starts: number[] = []
  await duplicatesJob({ ...request, floor: 0.9999 }, fixture.context(undefined, (stage, done) => void (stage === 'descriptors' && starts.push(done))))
  expect(starts[0]).toBeGreaterThan(0)
  const resumed = await service.groups({ settings: settings({ threshold: 0.99995 }), filter: all, order: 'path' })
  await rm(descriptorGraph(fixture.project.graphsFolder, fixture.descriptorId))
  await duplicatesJob({ ...request, floor: 0.9999 }, fixture.context())
  expect(await service.groups({ settings: settings({ threshold: 0.99995 }), filter: all, order: 'path' })).toEqual(resumed)
})

test('settings: the card of the default descriptor until the person has spoken', async () => {
  expect(await service.settings()).toEqual({ descriptorId: null, threshold: 0.95, radius: 6, rules })
  const ids = fixture.addImages([{ path: 'a.jpg' }])
  await fixture.addVectors(ids, [[1, 0, 0]])
  expect(await service.settings()).toEqual({ descriptorId: fixture.descriptorId, threshold: 0.9, radius: 6, rules })
  await service.saveSettings(settings({ threshold: 0.8, radius: null, rules: ['older'] }))
  expect(await service.settings()).toEqual({ descriptorId: fixture.descriptorId, threshold: 0.8, radius: null, rules: ['older'] })
})
