import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recipe as schema, type Recipe } from '../../../core/contract/recipes.ts'
import type { Job } from '../../../core/contract/jobs.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-recipes-'))
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject

const checkLabels = (minScore: unknown = 0): Recipe => schema.parse({
  format: 'winnow-recipe-1', name: 'check', title: 'Check', options: {}, shows: ['check'],
  steps: [
    { id: 'all', use: 'select' },
    { id: 'labels', use: 'labels', from: { images: 'all' } },
    { id: 'check', use: 'label-check', from: { labels: 'labels', predicted: 'labels' }, with: { minScore } }
  ]
})

const run = async (body: Recipe, set = {}): Promise<Job> => {
  const { id } = await open.jobs.start({ kind: 'recipe', body, options: {}, set })
  return await open.jobs.done(id)
}
const runIdOf = (job: Job): number => (job.data as { runId: number }).runId
const states = async (job: Job): Promise<string[]> => (await open.recipes.run({ runId: runIdOf(job) })).steps.map(({ state }) => state)

beforeAll(async () => {
  const images = join(folder, 'images')
  for (const [i, name] of ['cats', 'dogs'].entries()) {
    await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: 200 * i, g: 90, b: 60 } } }).png().toFile(join(folder, `${name}.png`))
    mkdirSync(join(images, name), { recursive: true })
    renameSync(join(folder, `${name}.png`), join(images, name, 'one.png'))
  }
  open = await engine.createProject(join(folder, 'p'), 'p')
  await open.roots.add({ path: images, role: 'train', protected: false, labelsFromFolders: true, include: [], exclude: [], svg: false })
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a recipe runs once; run again, every result is kept; a changed parameter runs only what depends on it', async () => {
  const first = await run(checkLabels())
  expect(first.error).toBeNull()
  expect(await states(first)).toEqual(['done', 'done', 'done'])
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'kept', 'kept'])
  expect(await states(await run(checkLabels(), { 'check.minScore': 0.5 }))).toEqual(['kept', 'kept', 'done'])
})

test('what the project says is part of the key: another label, another result', async () => {
  await run(checkLabels())
  const [image] = await open.images.rows({ ids: [1] })
  const classes = await open.labels.classes()
  const other = classes.find(({ name }) => name !== image?.className)
  await open.decisions.apply({ kind: 'label', selection: { ids: [1] }, state: 'class', classId: other?.id ?? 0 })
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'done', 'done'])
  await open.decisions.undo()
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'kept', 'kept'])
})

test('a result whose files were lost is made again', async () => {
  const before = await run(checkLabels())
  const { steps } = await open.recipes.run({ runId: runIdOf(before) })
  const { key } = (await open.project.read.recipes.resultById(steps[2]?.result?.resultId ?? 0)) ?? { key: '' }
  rmSync(join(open.project.resultsFolder, key), { recursive: true })
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'kept', 'done'])
  expect(existsSync(join(open.project.resultsFolder, key, 'artefact.json'))).toBe(true)
})

test('a recipe that cannot run says all that is wrong and leaves no run behind', async () => {
  const runs = (await open.recipes.runs({})).length
  const broken: Recipe = { ...checkLabels(), steps: [{ id: 'a', use: 'nothing-like-it', from: {}, with: {}, foundWith: {} }] }
  const job = await run(broken)
  expect(job.state).toBe('failed')
  expect(job.error).toMatch(/steps\[0\]\.use: There is no step type "nothing-like-it"/)
  expect((await open.recipes.runs({})).length).toBe(runs)
})

test('trying a parameter re-runs the cheap steps only and says what changed', async () => {
  const runId = runIdOf(await run(checkLabels()))
  const tried = await open.recipes.whatIf({ runId, set: { 'check.minScore': 0.9 } })
  expect(tried.needs).toEqual([])
  expect(tried.steps.map(({ step, changed }) => [step, changed])).toEqual([['all', false], ['labels', false], ['check', true]])
})

test('a veto of an image takes it out of the selection; a veto of a pair leaves all results but those it concerns', async () => {
  await run(checkLabels())
  await open.decisions.apply({ kind: 'veto', list: 'pairs', reason: 'not these', images: [], pairs: [[1, 2]], on: true })
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'kept', 'kept'])
  await open.decisions.apply({ kind: 'veto', list: 'images', reason: 'not this', images: [1], pairs: [], on: true })
  const without = await run(checkLabels())
  expect(await states(without)).toEqual(['done', 'done', 'done'])
  expect((await open.recipes.run({ runId: runIdOf(without) })).steps[0]?.result?.summary).toBe('1 images')
  const list = (await open.vetoes.list()).find(({ name }) => name === 'images')
  await open.decisions.apply({ kind: 'veto-list', listId: list?.listId ?? 0, applied: false })
  expect(await states(await run(checkLabels()))).toEqual(['kept', 'kept', 'kept'])
})

test('vetoed pairs leave lists and pairs', async () => {
  const file = join(folder, 'vetoed.csv')
  writeFileSync(file, 'query_id,reference_id,score\ncats/one.png,dogs/one.png,0.5\n')
  const body: Recipe = schema.parse({
    format: 'winnow-recipe-1', name: 'vetoed', title: 'Vetoed', shows: ['left'],
    steps: [{ id: 'all', use: 'select' }, { id: 'pairs', use: 'read-pairs', from: { queries: 'all' }, with: { file } }, { id: 'left', use: 'apply-vetoes', from: { pairs: 'pairs' } }]
  })
  const job = await run(body)
  expect(job.error).toBeNull()
  expect((await open.recipes.run({ runId: runIdOf(job) })).steps[2]?.result).toMatchObject({ summary: '1 of 1 pair vetoed', facts: { pairs: 0, vetoed: 1 } })
})

test('a trial and a job that want the same result at once both get it, and what is being made is not swept away', async () => {
  const { removeUnused } = await import('../../../core/recipes/cleanUp.ts')
  const runId = runIdOf(await run(checkLabels()))
  const set = { 'check.minScore': 0.123 }
  const [job, tried] = await Promise.all([run(checkLabels(), set), open.recipes.whatIf({ runId, set }), removeUnused(open.project, engine.steps.making, 0), removeUnused(open.project, engine.steps.making, 0)])
  expect(job.error).toBeNull()
  const { steps } = await open.recipes.run({ runId: runIdOf(job) })
  expect(steps.at(-1)?.result?.resultId).toBe(tried.steps.at(-1)?.result.resultId)
})

test('a page of a result holds the rows that were asked for', async () => {
  const { steps } = await open.recipes.run({ runId: runIdOf(await run(checkLabels())) })
  const resultId = steps[1]?.result?.resultId ?? 0
  const all = await open.recipes.rows({ resultId, offset: 0, limit: 50 })
  expect(all.total).toBe(2)
  expect(await open.recipes.rows({ resultId, offset: 1, limit: 50 })).toMatchObject({ total: 2, columns: all.columns, rows: [all.rows[1]] })
  expect((await open.recipes.rows({ resultId, offset: 7, limit: 50 })).rows).toEqual([])
})

test('labels that a recipe found are proposed in the Labels screen', async () => {
  const [run] = await open.recipes.runs({})
  const { steps } = await open.recipes.run({ runId: run?.runId ?? 0 })
  const labels = steps.find(({ step }) => step === 'labels')
  const proposed = await open.recipes.propose({ resultId: labels?.result?.resultId ?? 0 })
  expect(proposed).toMatchObject({ images: 2, newClasses: [] })
  const queue = await open.labels.queue({ runId: proposed.runId, order: 'surest', state: 'all' })
  expect(queue.count).toBe(2)
  const [item] = await open.labels.items({ runId: proposed.runId, ids: [1] })
  expect(item?.candidates[0]).toMatchObject({ className: item?.image.className, score: 1 })
  const check = steps.find(({ step }) => step === 'all')
  await expect(open.recipes.propose({ resultId: check?.result?.resultId ?? 0 })).rejects.toThrow(/Only labels can be proposed/)
})

test('removing the last run that needs a result removes its files, tried parameters included once they are many', async () => {
  for (const { runId } of await open.recipes.runs({})) await open.recipes.removeRun({ runId })
  const { removeUnused } = await import('../../../core/recipes/cleanUp.ts')
  await removeUnused(open.project, engine.steps.making, 0)
  expect(readdirSync(open.project.resultsFolder).filter((name) => !name.startsWith('.'))).toEqual([])
})

test('own recipes are saved in the project; the name of one of Winnow is refused', async () => {
  await open.recipes.save({ recipe: checkLabels() })
  expect((await open.recipes.list()).find(({ name }) => name === 'check')).toMatchObject({ builtIn: false, valid: true })
  await expect(open.recipes.save({ recipe: { ...checkLabels(), name: 'near-duplicates' } })).rejects.toThrow(/comes with Winnow/)
  await open.recipes.remove({ name: 'check' })
  await expect(open.recipes.read({ name: 'check' })).rejects.toThrow(/There is no recipe "check"/)
})

test('every recipe that comes with Winnow fits together', async () => {
  for (const { name } of (await open.recipes.list()).filter(({ builtIn }) => builtIn)) {
    expect({ name, problems: (await open.recipes.read({ name })).problems }).toEqual({ name, problems: [] })
  }
})

test('a role that no image has is an error that says what to do', async () => {
  const job = await run(schema.parse({ format: 'winnow-recipe-1', name: 'none', title: 'None', steps: [{ id: 'queries', use: 'select', with: { role: ['query'] } }], shows: ['queries'] }))
  expect(job.error).toMatch(/step "queries"\): No image that was read has the role query\. Give a folder that role/)
})

test('pairs read from a file are read again when an image has another name', async () => {
  const file = join(folder, 'pairs.csv')
  writeFileSync(file, 'query_id,reference_id,score\ncats/one.png,dogs/one.png,0.5\n')
  const read: Recipe = schema.parse({
    format: 'winnow-recipe-1', name: 'read', title: 'Read', shows: ['pairs'],
    steps: [{ id: 'all', use: 'select' }, { id: 'pairs', use: 'read-pairs', from: { queries: 'all' }, with: { file } }]
  })
  const summary = async (job: Job): Promise<string | undefined> => (await open.recipes.run({ runId: runIdOf(job) })).steps[1]?.result?.summary
  expect(await summary(await run(read))).toMatch(/^1 pairs/)
  expect(await states(await run(read))).toEqual(['kept', 'kept'])
  renameSync(join(folder, 'images/cats/one.png'), join(folder, 'images/cats/other.png'))
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
  expect(await summary(await run(read))).toMatch(/^0 pairs/)
  renameSync(join(folder, 'images/cats/other.png'), join(folder, 'images/cats/one.png'))
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
})
