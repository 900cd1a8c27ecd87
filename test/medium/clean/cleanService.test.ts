import { cpSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { type Artefact, ArtefactWriter } from '../../../core/recipes/artefact.ts'
import type { CleanImagesRequest } from '../../../core/contract/clean.ts'
import { recipe } from '../../../core/contract/recipes.ts'
import { writeTruth } from '../../../core/metrics/truthArtefact.ts'
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
  const pairsHere = await bench.pairs(pairs.map(([a, b, score, inliers]) => [id(a), id(b), score, inliers]))
  cpSync(pairsHere.folder, join(open.project.resultsFolder, basename(pairsHere.folder)), { recursive: true })
  const grid = await bench.run('clean-sweep', {
    pairs: pairsHere,
    labels: await bench.labels(ids.map((image, i) => [image, labelOf(i)]), { names: [[7, 'bridge'], [8, 'tower']] })
  })
  const body = recipe.parse({ format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['grid'], steps: [{ id: 'grid', use: 'clean-sweep' }, { id: 'cell', use: 'clean-cell' }] })
  gridId = await keep('clean-sweep', grid, {})
  const truth = await bench.make((out) => writeTruth(out, { kind: 'flags', images: Int32Array.from([0, 1, 2, 3, 4, 7], id), flag: Uint8Array.from([0, 1, 1, 1, 1, 1]) }, { rows: 6, matched: 6, missingNames: 0, repeated: 0, problems: [] } as never))
  const truthId = await keep('truth', truth, {})
  const steps: RunStepRecord[] = [
    { step: 'grid', use: 'clean-sweep', title: 'Sweep', params: {}, inputs: { pairs: ['verified'] }, state: 'done', resultId: gridId },
    { step: 'truth', use: 'truth', title: 'Truth', params: {}, inputs: {}, state: 'done', resultId: truthId },
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
    expect(grid.recipeCell).toEqual({ step: 'cell', ...at })
    expect([grid.step, grid.pairsStep]).toEqual(['grid', 'verified'])
    expect(grid.cells.images[grid.values.indexOf(30) * grid.frequencies.length + 1]).toBe(6)
    await expect(open.clean.grid({ resultId: 999 })).rejects.toThrow('no sweep 999')
  })

  test('a cell: counts, who stays and who goes and why, by class where that is asked', async () => {
    const cell = await open.clean.cell({ resultId: gridId, ...at, sample: 50 })
    expect(cell.images).toEqual({ kept: 6, tooFewPairs: 6, classTooSmall: 1 })
    expect(cell.classes).toEqual({ kept: 1, dropped: 1 })
    expect([...open.views.get(cell.kept.viewId)].map(place)).toEqual([0, 1, 2, 3, 4, 5])
    expect([...open.views.get(cell.dropped.viewId)].map(place)).toEqual([6, 7, 8, 9, 10, 11, 12])
    expect(cell.samples.dropped.map(({ imageId, fate, pairs, strongest, className }) => [place(imageId), fate, pairs, strongest, className])).toEqual([
      [10, 'class-too-small', 2, 50, 'tower'], [6, 'too-few-pairs', 1, 40, 'bridge'], [11, 'too-few-pairs', 0, 0, 'tower'], [12, 'too-few-pairs', 0, 0, 'tower'],
      [7, 'too-few-pairs', 0, 0, 'bridge'], [8, 'too-few-pairs', 0, 0, 'bridge'], [9, 'too-few-pairs', 0, 0, 'bridge']
    ])
    const tower = await open.clean.cell({ resultId: gridId, ...at, sample: 1, label: 8 })
    expect([tower.kept.count, tower.dropped.count, tower.samples.dropped.length]).toEqual([0, 3, 1])
    expect(tower.images).toEqual(cell.images)
    await expect(open.clean.cell({ resultId: gridId, v: 31, f: 2, sample: 0 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('one side of a cell a page at a time, and what changes from one cell to another', async () => {
    const images = async (request: Partial<CleanImagesRequest>): Promise<{ total: number; places: number[] }> => {
      const { total, rows } = await open.clean.images({ resultId: gridId, ...at, side: 'dropped', offset: 0, limit: 60, ...request })
      return { total, places: rows.map(({ imageId }) => place(imageId)) }
    }
    expect(await images({ offset: 1, limit: 2 })).toEqual({ total: 7, places: [6, 11] })
    expect(await images({ label: 8 })).toEqual({ total: 3, places: [10, 11, 12] })
    // Each of the six has a pair of 40 and one of 35: at v = 40 only one is left.
    expect(await images({ v: 40, against: at })).toEqual({ total: 6, places: [0, 1, 2, 3, 4, 5] })
    expect(await images({ v: 40, side: 'kept', against: at })).toEqual({ total: 0, places: [] })
    expect(await images({ side: 'kept', against: { v: 40, f: 2 } })).toMatchObject({ total: 6 })
    expect(await images({ against: at })).toEqual({ total: 0, places: [] })
  })

  test('what speaks for an image, the strongest first, and whether it counts here', async () => {
    const found = await open.clean.witnesses({ resultId: gridId, v: 40, f: 2, imageId: ids[0] as number, limit: 10 })
    expect(found.image).toMatchObject({ fate: 'too-few-pairs', pairs: 1, strongest: 40 })
    expect(found.rows.map(({ imageId, evidence, counts, fate }) => [place(imageId), evidence, counts, fate])).toEqual([[1, 40, true, 'too-few-pairs'], [2, 35, false, 'too-few-pairs']])
    expect(found.rows[0]?.similarity).toBeCloseTo(0.9)
    expect(await open.clean.witnesses({ resultId: gridId, ...at, imageId: ids[7] as number, limit: 10 })).toMatchObject({ total: 0, rows: [] })
    await expect(open.clean.witnesses({ resultId: gridId, ...at, imageId: 9999, limit: 10 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('against a truth: every cell measured, every image with what the truth says of it', async () => {
    const grid = await open.clean.grid({ resultId: gridId })
    const cell = grid.values.indexOf(30) * grid.frequencies.length + grid.frequencies.indexOf(2)
    // Kept are 0..5, of which 0 is foreign and 5 is not judged; 7 is clean and dropped.
    expect(grid.truth).toMatchObject({ clean: 5 })
    expect([grid.truth?.right[cell], grid.truth?.judged[cell]]).toEqual([4, 5])
    const { rows } = await open.clean.images({ resultId: gridId, ...at, side: 'kept', offset: 0, limit: 60 })
    expect(rows.map(({ imageId, clean }) => [place(imageId), clean])).toEqual([[0, false], [1, true], [2, true], [3, true], [4, true], [5, null]])
  })

  test('classes in order, a page at a time', async () => {
    const page = await open.clean.classes({ resultId: gridId, ...at, order: 'most-dropped', offset: 0, limit: 50 })
    expect(page).toEqual({ total: 2, rows: [{ label: 7, name: 'bridge', images: 10, clean: 6, kept: 6 }, { label: 8, name: 'tower', images: 3, clean: 1, kept: 0 }] })
    expect((await open.clean.classes({ resultId: gridId, ...at, order: 'vanishing', offset: 0, limit: 5 })).rows.map(({ name }) => name)).toEqual(['tower', 'bridge'])
    expect(await open.clean.classes({ resultId: gridId, ...at, order: 'vanishing', text: ' BRI', offset: 0, limit: 5 })).toMatchObject({ total: 1, rows: [{ name: 'bridge' }] })
    expect((await open.clean.classes({ resultId: gridId, ...at, order: 'name', offset: 1, limit: 5 })).rows.map(({ name }) => name)).toEqual(['tower'])
  })

  test('choosing a cell is one act: what a person kept or protected stays, what was dropped before keeps its reason, and undo brings all back', async () => {
    const ids3 = (places: number[]): number[] => places.map((i) => ids[i] as number)
    await open.decisions.apply({ kind: 'verdict', selection: { ids: ids3([7, 0]) }, value: 'drop', reason: 'blurred' })
    await open.decisions.apply({ kind: 'verdict', selection: { ids: ids3([8]) }, value: 'keep' })
    await open.decisions.apply({ kind: 'protect', selection: { ids: ids3([9]) }, protected: true })
    const { choice } = await open.clean.cell({ resultId: gridId, ...at, sample: 0 })
    expect(choice).toEqual({ drops: 4, droppedAlready: 1, spared: 2, returns: 0, keptButDropped: 1 })

    const act = await open.clean.choose({ resultId: gridId, ...at })
    expect(act).toMatchObject({ count: 4, summary: 'Dropped 4 images.' })
    const reasons = async (): Promise<(string | null)[]> => (await open.images.rows({ ids })).map(({ verdict, verdictReason }) => (verdict === 'drop' ? verdictReason : null))
    const clean = 'clean v=30 f=2'
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, clean, 'blurred', null, null, clean, clean, clean])
    expect((await open.clean.cell({ resultId: gridId, ...at, sample: 0 })).choice).toEqual({ drops: 0, droppedAlready: 5, spared: 2, returns: 0, keptButDropped: 1 })
    expect(await open.clean.choose({ resultId: gridId, ...at })).toMatchObject({ actId: null, count: 0 })

    // A milder cell takes its place: what it keeps comes back, what was dropped by hand does not; and that is one step too.
    const milder = { v: 20, f: 1 }
    expect((await open.clean.cell({ resultId: gridId, ...milder, sample: 0 })).choice).toEqual({ drops: 0, droppedAlready: 4, spared: 2, returns: 1, keptButDropped: 1 })
    expect(await open.clean.choose({ resultId: gridId, ...milder })).toMatchObject({ count: 1, summary: 'Brought back 1 image.' })
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, null, 'blurred', null, null, clean, clean, clean])
    await open.decisions.undo()
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, clean, 'blurred', null, null, clean, clean, clean])

    await open.decisions.undo()
    expect(await reasons()).toEqual(['blurred', null, null, null, null, null, null, 'blurred', null, null, null, null, null])
    expect((await open.clean.cell({ resultId: gridId, ...at, sample: 0 })).choice.drops).toBe(4)
  })
})
