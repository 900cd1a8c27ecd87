import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { type Artefact, ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { recipe } from '../../../core/contract/recipes.ts'
import type { NewResult, RunStepRecord } from '../../../core/project/repositories/recipes.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'
import { StepBench } from './stepBench.ts'

const folder = temporaryFolder()
const engine = new Engine({ home: join(folder.path, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject
let ids: number[]
let gridId: number

/** Ten images of class 7, three of class 8. Of 7, images 0..5 have two verified pairs; 6 has one; of 8 only one is clean. */
const labelOf = (i: number): number => (i < 10 ? 7 : 8)
const pairs: [number, number, number, number][] = [
  ...Array.from({ length: 6 }, (_, i): [number, number, number, number][] => [[i, (i + 1) % 6, 0.9, 40], [i, (i + 2) % 6, 0.8, 35]]).flat(),
  [6, 0, 0.7, 40], [10, 11, 0.7, 50], [10, 12, 0.7, 50]
]

/** Records an artefact as a run that made it would have. */
async function keep(use: string, artefact: Artefact, params: Record<string, unknown>): Promise<number> {
  const key = `${use}-${Math.random().toString(36).slice(2)}`
  const { project } = open
  const out = await ArtefactWriter.begin(join(project.resultsFolder, key))
  cpSync(artefact.folder, out.folder, { recursive: true })
  const result: NewResult = { key, use, kind: artefact.kind, params, summary: artefact.summary, facts: { ...artefact.facts }, seconds: 1, peakBytes: null, madeAt: 5 }
  return await project.write.recipes.addResult(result)
}

beforeAll(async () => {
  open = await engine.createProject(join(folder.path, 'p'), 'p')
  const db = openDatabase(join(open.project.folder, 'project.db'))
  ids = addImages(db, addRoot(db, '/pictures', false), Array.from({ length: 13 }, (_, i) => ({ path: `${i}.jpg` })))
  db.close()
  const bench = new StepBench(folder.path)
  const id = (i: number): number => ids[i] as number
  const grid = await bench.run('clean-sweep', {
    pairs: await bench.pairs(pairs.map(([a, b, score, inliers]) => [id(a), id(b), score, inliers])),
    labels: await bench.labels(ids.map((image, i) => [image, labelOf(i)]), { names: [[7, 'bridge'], [8, 'tower']] })
  })
  const body = recipe.parse({ format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['grid'], steps: [{ id: 'grid', use: 'clean-sweep' }, { id: 'cell', use: 'clean-cell' }] })
  gridId = await keep('clean-sweep', grid, {})
  const steps: RunStepRecord[] = [
    { step: 'grid', use: 'clean-sweep', title: 'Sweep', params: {}, inputs: {}, state: 'done', resultId: gridId },
    { step: 'cell', use: 'clean-cell', title: 'Subset', params: { v: 30, f: 2 }, inputs: { grid: ['grid'] }, state: 'done', resultId: null }
  ]
  for (const title of ['First run', 'Second run']) {
    const runId = await open.project.write.recipes.startRun({ recipe: 'mine', title, body, options: {}, overrides: {}, jobId: null, startedAt: 1 }, steps)
    for (const { step, state, resultId } of steps) await open.project.write.recipes.setStep(runId, step, state, resultId)
  }
})
afterAll(async () => {
  await engine.close()
  folder.remove()
})

const at = { v: 30, f: 2 }
const place = (image: number): number => ids.indexOf(image)

describe('the Clean screen’s engine', () => {
  test('lists a sweep once, with the cell that the recipe takes', async () => {
    expect(await open.clean.grids()).toMatchObject([{ resultId: gridId, recipe: 'mine', title: 'Second run', evidence: 'inliers', images: 13, classes: 2 }])
    const grid = await open.clean.grid({ resultId: gridId })
    expect(grid.recipeCell).toEqual(at)
    expect(grid.cells.images[grid.values.indexOf(30) * grid.frequencies.length + 1]).toBe(6)
    await expect(open.clean.grid({ resultId: 999 })).rejects.toThrow('no sweep 999')
  })

  test('a cell: counts, who stays and who goes and why, by class where that is asked', async () => {
    const cell = await open.clean.cell({ resultId: gridId, ...at, sample: 50 })
    expect(cell.images).toEqual({ kept: 6, tooFewPairs: 6, classTooSmall: 1 })
    expect(cell.classes).toEqual({ kept: 1, dropped: 1 })
    expect([...open.views.get(cell.kept.viewId)].map(place)).toEqual([0, 1, 2, 3, 4, 5])
    expect([...open.views.get(cell.dropped.viewId)].map(place)).toEqual([6, 7, 8, 9, 10, 11, 12])
    expect(cell.samples.dropped.map(({ imageId, fate, pairs, className }) => [place(imageId), fate, pairs, className])).toEqual([
      [6, 'too-few-pairs', 1, 'bridge'], [7, 'too-few-pairs', 0, 'bridge'], [8, 'too-few-pairs', 0, 'bridge'], [9, 'too-few-pairs', 0, 'bridge'],
      [10, 'class-too-small', 2, 'tower'], [11, 'too-few-pairs', 0, 'tower'], [12, 'too-few-pairs', 0, 'tower']
    ])
    const tower = await open.clean.cell({ resultId: gridId, ...at, sample: 1, label: 8 })
    expect([tower.kept.count, tower.dropped.count, tower.samples.dropped.length]).toEqual([0, 3, 1])
    expect(tower.images).toEqual(cell.images)
    await expect(open.clean.cell({ resultId: gridId, v: 31, f: 2, sample: 0 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('classes in order, a page at a time', async () => {
    const page = await open.clean.classes({ resultId: gridId, ...at, order: 'most-dropped', offset: 0, limit: 50 })
    expect(page).toEqual({ total: 2, rows: [{ label: 7, name: 'bridge', images: 10, clean: 6, kept: 6 }, { label: 8, name: 'tower', images: 3, clean: 1, kept: 0 }] })
    expect((await open.clean.classes({ resultId: gridId, ...at, order: 'name', offset: 1, limit: 5 })).rows.map(({ name }) => name)).toEqual(['tower'])
  })

  test('choosing a cell is one act: what a person kept or protected stays, what was dropped before keeps its reason, and undo brings all back', async () => {
    const ids3 = (places: number[]): number[] => places.map((i) => ids[i] as number)
    await open.decisions.apply({ kind: 'verdict', selection: { ids: ids3([7, 0]) }, value: 'drop', reason: 'blurred' })
    await open.decisions.apply({ kind: 'verdict', selection: { ids: ids3([8]) }, value: 'keep' })
    await open.decisions.apply({ kind: 'protect', selection: { ids: ids3([9]) }, protected: true })
    const { choice } = await open.clean.cell({ resultId: gridId, ...at, sample: 0 })
    expect(choice).toEqual({ drops: 4, droppedAlready: 1, spared: 2, keptButDropped: 1 })

    const act = await open.clean.choose({ resultId: gridId, ...at })
    expect(act).toMatchObject({ count: 4, summary: 'Dropped 4 images.' })
    const reasons = async (): Promise<(string | null)[]> => (await open.images.rows({ ids })).map(({ verdict, verdictReason }) => (verdict === 'drop' ? verdictReason : null))
    const clean = 'clean v=30 f=2'
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, clean, 'blurred', null, null, clean, clean, clean])
    expect((await open.clean.cell({ resultId: gridId, ...at, sample: 0 })).choice).toEqual({ drops: 0, droppedAlready: 5, spared: 2, keptButDropped: 1 })
    expect(await open.clean.choose({ resultId: gridId, ...at })).toMatchObject({ actId: null, count: 0 })

    await open.decisions.undo()
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, null, 'blurred', null, null, null, null, null])
    expect((await open.clean.cell({ resultId: gridId, ...at, sample: 0 })).choice.drops).toBe(4)
  })
})
