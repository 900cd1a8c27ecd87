import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recipe as schema, type Recipe } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import { readLists, readPairs } from '../../../core/recipes/kinds.ts'
import { writePictures } from '../../support/pictures.ts'
import { readVectors } from '../../../core/recipes/vectorReader.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-descriptors-'))
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject
const images = 24

beforeAll(async () => {
  writePictures(join(folder, 'images'), images)
  open = await engine.createProject(join(folder, 'p'), 'p')
  await open.roots.add({ path: join(folder, 'images'), role: 'train', protected: false, labelsFromFolders: false, include: [], exclude: [], svg: false })
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const body: Recipe = schema.parse({
  format: 'winnow-recipe-1', name: 'chain', title: 'Chain', options: {}, shows: ['pairs'],
  steps: [
    { id: 'all', use: 'select' },
    { id: 'parts', use: 'crops', from: { images: 'all' }, with: { templates: ['whole', 'centre'] } },
    { id: 'whole-vectors', use: 'embed', from: { images: 'all' } },
    { id: 'part-vectors', use: 'embed', from: { images: 'parts' } },
    { id: 'learned', use: 'whiten-fit', from: { training: 'part-vectors' }, with: { size: 8 } },
    { id: 'whole-white', use: 'whiten', from: { vectors: 'whole-vectors', projection: 'learned' } },
    { id: 'part-white', use: 'whiten', from: { vectors: 'part-vectors', projection: 'learned' } },
    { id: 'lists', use: 'match', from: { queries: 'part-white', references: 'whole-white' }, with: { k: 5 } },
    { id: 'pairs', use: 'best-pairs', from: { queries: 'part-white', references: 'whole-white', training: 'part-white' }, with: { best: 100, stretchN: 3 } },
    { id: 'fused', use: 'fuse-pairs', from: { pairs: ['pairs', 'lists'] }, with: { least: 2, penalty: 0.05 } },
    { id: 'scores', use: 'best-parts', from: { pairs: 'fused' } }
  ]
})

test('steps of descriptors run in step processes, one after the other, over embedded pictures and their parts', async () => {
  const job = await open.jobs.done((await open.jobs.start({ kind: 'recipe', body, options: {}, set: {} })).id)
  expect(job.error).toBeNull()
  const { steps } = await open.recipes.run({ runId: (job.data as { runId: number }).runId })
  expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual(body.steps.map(({ id }) => `${id} done`))
  const artefact = async (id: string): Promise<Artefact> => {
    const { key } = (await open.project.read.recipes.resultById(steps.find(({ step }) => step === id)?.result?.resultId ?? 0)) ?? { key: '' }
    return await Artefact.open(join(open.project.resultsFolder, key))
  }
  expect((await readVectors(await artefact('part-white'))).matrix).toMatchObject({ rows: images * 2, dim: 8 })
  const lists = await readLists(await artefact('lists'))
  expect(lists.queries).toHaveLength(images * 2)
  expect(lists.references.every((reference, i) => reference > 0 && reference !== lists.queries[Math.floor(i / 5)])).toBe(true)
  expect((await readPairs(await artefact('pairs'))).a).toHaveLength(100)
  const scores = await readPairs(await artefact('scores'))
  expect(scores.scores).toEqual(scores.scores.toSorted().toReversed())
  expect(new Set(Array.from(scores.a, (a, i) => `${a},${scores.b[i]}`)).size).toBe(scores.a.length)
})
