import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import type { Artefact } from '../../../core/recipes/artefact.ts'
import { readPairs } from '../../../core/recipes/kinds.ts'
import { definition, fingerprint, run } from '../../../core/recipes/steps/human-decisions.ts'
import { StepBench } from '../clean/stepBench.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'

const folder = temporaryFolder()
const engine = new Engine({ home: join(folder.path, 'home'), program: 'test', visionWorkers: 1 })
const bench = new StepBench(folder.path)
let open: OpenProject
let ids: number[]

beforeAll(async () => {
  open = await engine.createProject(join(folder.path, 'p'), 'p')
  const db = openDatabase(join(open.project.folder, 'project.db'))
  ids = addImages(db, addRoot(db, '/pictures', false), Array.from({ length: 8 }, (_, i) => ({ path: `${i}.jpg`, content: i === 7 ? '6.jpg' : `${i}.jpg` })))
  db.close()
  // Said in whatever order; image 7 is a copy of 6, so that what was said of 6 holds for it.
  const say = (a: number, b: number, value: 'same' | 'variant' | 'different'): Promise<unknown> => open.decisions.apply({ kind: 'relation', images: [ids[a]!, ids[b]!], value })
  await say(0, 3, 'same')
  await say(6, 1, 'same')
  await say(1, 4, 'different')
  await say(5, 2, 'variant')
})
afterAll(async () => {
  await engine.close()
  folder.remove()
})

const rows: [number, number, number][] = [[0, 4, 0.9], [1, 4, 0.8], [2, 5, 0.7], [0, 3, 0.5], [2, 4, 0.4], [1, 7, 0.2]]

async function after(params: Record<string, unknown>, input?: Artefact): Promise<[string, number][]> {
  const pairs = input ?? await bench.pairs(rows.map(([a, b, score]) => [ids[a]!, ids[b]!, score]))
  const made = await bench.make((out) => run({ out, job: { project: open.project }, signal: new AbortController().signal } as never, { pairs }, definition.params.parse(params)))
  const { a, b, scores } = await readPairs(made)
  return Array.from(a, (one, i) => [`${ids.indexOf(one)}-${ids.indexOf(b[i]!)}`, Number(scores[i]!.toFixed(3))])
}

test('what was accepted comes first, what was refused is gone, the rest keeps its score', async () => {
  const found = await after({})
  expect(found.map(([pair]) => pair)).toEqual(['0-3', '1-7', '0-4', '2-5', '2-4'])
  expect(found.slice(2)).toEqual([['0-4', 0.9], ['2-5', 0.7], ['2-4', 0.4]])
  const [first, second] = found as [[string, number], [string, number]]
  expect(second[1]).toBeGreaterThan(0.9)
  expect(first[1] - second[1]).toBeCloseTo(0.3, 3)
})

test('scores and order can stay as they are', async () => {
  expect(await after({ raise: false })).toEqual([['0-4', 0.9], ['2-5', 0.7], ['0-3', 0.5], ['2-4', 0.4], ['1-7', 0.2]])
})

test('only what was accepted, and what is sure enough', async () => {
  expect((await after({ keep: 'accepted' })).map(([pair]) => pair)).toEqual(['0-3', '1-7'])
  expect((await after({ keep: 'accepted', minScore: 0.7 })).map(([pair]) => pair)).toEqual(['0-3', '1-7', '0-4', '2-5'])
})

test('variants are open, refused or accepted', async () => {
  expect((await after({ variants: 'refuse' })).map(([pair]) => pair)).toEqual(['0-3', '1-7', '0-4', '2-4'])
  expect((await after({ variants: 'accept' })).map(([pair]) => pair)).toEqual(['2-5', '0-3', '1-7', '0-4', '2-4'])
})

test('lists are taken too, and nothing is nothing', async () => {
  const lists = await bench.lists([[ids[0]!, [[ids[4]!, 0.9], [ids[3]!, 0.5]]]])
  expect((await after({}, lists)).map(([pair]) => pair)).toEqual(['0-3', '0-4'])
  expect(await after({}, await bench.pairs([]))).toEqual([])
})

test('verified pairs keep their inliers, moved with them', async () => {
  const made = await bench.make(async (out) => run({ out, job: { project: open.project }, signal: new AbortController().signal } as never, { pairs: await bench.pairs([[ids[0]!, ids[4]!, 0.9, 7], [ids[0]!, ids[3]!, 0.5, 8]]) }, definition.params.parse({})))
  expect([...(await made.int32('inliers'))]).toEqual([8, 7])
})

test('it is another result as soon as something else was said, and the same when that is undone', async () => {
  const now = (): Promise<string> => fingerprint({ engine, project: open.project }, definition.params.parse({}))
  const before = await now()
  await open.decisions.apply({ kind: 'relation', images: [ids[0]!, ids[4]!], value: 'different' })
  expect(await now()).not.toBe(before)
  await open.decisions.undo()
  expect(await now()).toBe(before)
})
