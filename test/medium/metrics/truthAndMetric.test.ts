import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import { type MetricValue, recipe as schema, type Recipe, type RecipeStep } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { importCsvLabels } from '../../../core/importers/csvLabels.ts'
import { Artefact, ArtefactWriter } from '../../../core/recipes/artefact.ts'
import { writeImages, writeLabels, writeLists, writePairs } from '../../../core/recipes/kinds.ts'
import { definition, run as measure } from '../../../core/recipes/steps/metric.ts'
import { addImages, addRoot, openDatabase } from '../review/syntheticProject.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-metrics-'))
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject

/** Queries and references bear the same names; only their folders differ. */
beforeAll(async () => {
  open = await engine.createProject(join(folder, 'p'), 'p')
  const db = openDatabase(join(open.project.folder, 'project.db'))
  const queries = addRoot(db, '/data/queries')
  const references = addRoot(db, '/data/references')
  db.prepare("UPDATE root SET role = 'query' WHERE id = ?").run(queries)
  db.prepare("UPDATE root SET role = 'reference' WHERE id = ?").run(references)
  addImages(db, queries, ['a.jpg', 'b.jpg', 'c.jpg'].map((path) => ({ path, content: `query ${path}` })))
  addImages(db, references, ['a.jpg', 'b.jpg', 'c.jpg'].map((path) => ({ path, content: `reference ${path}` })))
  db.close()
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const csv = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const both: Partial<RecipeStep>[] = [{ id: 'queries', use: 'select', with: { role: ['query'] } }, { id: 'references', use: 'select', with: { role: ['reference'] } }]
const recipe = (steps: readonly Partial<RecipeStep>[]): Recipe => schema.parse({ format: 'winnow-recipe-1', name: 'measure', title: 'Measure', shows: [steps.at(-1)?.id], steps: [...both, ...steps] })
const run = async (body: Recipe): Promise<Job> => await open.jobs.done((await open.jobs.start({ kind: 'recipe', body, options: {}, set: {} })).id)

/** The result of a step of that run. */
async function resultOf(job: Job, step: string): Promise<Artefact> {
  expect(job.error).toBeNull()
  const { steps } = await open.recipes.run({ runId: (job.data as { runId: number }).runId })
  const found = await open.project.read.recipes.resultById(steps.find((one) => one.step === step)?.result?.resultId ?? 0)
  return await Artefact.open(join(open.project.resultsFolder, found?.key ?? ''))
}

let made = 0
/** An artefact as a step before would have made it. */
async function artefact(write: (out: ArtefactWriter) => Promise<void>): Promise<Artefact> {
  const out = await ArtefactWriter.begin(join(folder, 'made', String(++made)))
  await write(out)
  return await Artefact.open(out.folder)
}

async function measured(inputs: Omit<Parameters<typeof measure>[1], 'given' | 'gallery'> & { given?: Artefact; gallery?: Artefact }, params: Record<string, unknown> = {}): Promise<{ artefact: Artefact; values: Record<string, number | null>; notes: string[] }> {
  const notes: string[] = []
  const done = await artefact(async (out) => {
    const context = { out, note: (text: string) => void notes.push(text), report: () => undefined, signal: new AbortController().signal, scratch: folder, blas: () => Promise.reject(new Error('no products here')) }
    await measure(context, { given: undefined, gallery: undefined, ...inputs }, definition.params.parse(params))
  })
  return { artefact: done, notes, values: Object.fromEntries((done.facts['values'] as MetricValue[]).map(({ name, value }) => [name, value])) }
}

const truthStep = (file: string, from = { queries: ['queries'], references: ['references'] }): Partial<RecipeStep> => ({ id: 'truth', use: 'truth', from, with: { file } })

describe('copy detection', () => {
  test('names are looked up among queries and references apart; BOM, CRLF and quotes; what found no image is said', async () => {
    const file = csv('pairs.csv', '\ufeffquery_id,reference_id\r\n"a","a"\r\nb,b.jpg\r\nc,\r\nd,a\r\n')
    const job = await run(recipe([truthStep(file)]))
    const truth = await resultOf(job, 'truth')
    expect(truth.summary).toBe('2 true pairs, 1 distractor query; 1 name found no image')
    expect(truth.facts).toMatchObject({ truth: 'pairs', layout: 'pairs', rows: 4, matched: 3, missing: 1, problems: [{ line: 5, message: 'No image of the sets given is called "d".' }] })
    expect([[...(await truth.int32('query'))], [...(await truth.int32('reference'))]]).toEqual([[1, 2, 3], [4, 5, -1]])

    const pairs = await artefact((out) => writePairs(out, { a: Int32Array.of(1, 3, 2, 2), aParts: new Int32Array(4), b: Int32Array.of(4, 5, 5, 5), bParts: Int32Array.of(0, 0, 0, 1), scores: Float32Array.of(0.75, 0.5, 0.25, 0.125) }, 'pairs'))
    const { artefact: metrics, values } = await measured({ truth, result: pairs })
    expect(values).toMatchObject({ uAP: (1 + 2 / 3) / 2, 'R@P90': 0.5, 'recall@1': 1 })
    expect([...(await metrics.float64('precision-recall.x'))]).toEqual([0.5, 0.5, 1])
    expect(metrics.facts['curves']).toEqual([{ name: 'precision-recall', xTitle: 'recall', yTitle: 'precision' }])

    const lists = await artefact((out) => writeLists(out, { queries: Int32Array.of(1, 2), queryParts: new Int32Array(2), k: 2, references: Int32Array.of(5, 4, 5, -1), referenceParts: new Int32Array(4), scores: Float32Array.of(0.9, 0.5, 0.75, 0) }, 'lists'))
    expect((await measured({ truth, result: lists }, { task: 'retrieval', ranks: [1] })).values).toMatchObject({ 'mAP@100': 0.75, 'R@1': 0.5 })
  })

  test('a file that is no truth fails the run, with step, line and field', async () => {
    expect((await run(recipe([truthStep(csv('wrong.csv', 'id,images,Usage\na,b,Sometimes\n'))]))).error).toMatch(/Read ground truth \(step "truth"\): wrong\.csv, line 2, field 3: it is "Sometimes"/u)
    expect((await run(recipe([truthStep(csv('ragged.csv', 'query_id,reference_id\na\n'))]))).error).toMatch(/ragged\.csv, line 2: there is 1 field where the header has 2/u)
    expect((await run(recipe([truthStep(csv('unknown.csv', 'x,y\na,b\n'))]))).error).toMatch(/unknown\.csv, line 1: this header is none of a ground truth/u)
  })

  test('a name that several of the images bear is said to be ambiguous', async () => {
    const truth = await resultOf(await run(recipe([truthStep(csv('two.csv', 'image,clean\na.jpg,1\n/data/references/a.jpg,0\n'), { queries: ['queries', 'references'], references: [] })])), 'truth')
    expect(truth.facts).toMatchObject({ matched: 1, missing: 1, problems: [{ line: 2, message: '"a.jpg" could be any of 2 images of the sets given. Give its path.' }] })
    expect([[...(await truth.int32('image'))], [...(await truth.uint8('clean'))]]).toEqual([[4], [0]])
  })

  test('a changed file is read again, and so is one whose images have other names now', async () => {
    const file = csv('changing.csv', 'query_id,reference_id\na,a\n')
    expect((await resultOf(await run(recipe([truthStep(file)])), 'truth')).facts).toMatchObject({ pairs: 1 })
    csv('changing.csv', 'query_id,reference_id\na,a\nb,b\n')
    expect((await resultOf(await run(recipe([truthStep(file)])), 'truth')).facts).toMatchObject({ pairs: 2 })
    const rename = (from: string, to: string): void => {
      const db = openDatabase(join(open.project.folder, 'project.db'))
      db.prepare('UPDATE image SET path = ? WHERE path = ? AND root_id = 2').run(to, from)
      db.close()
    }
    rename('b.jpg', 'x.jpg')
    expect((await resultOf(await run(recipe([truthStep(file)])), 'truth')).facts).toMatchObject({ pairs: 1, missing: 1 })
    rename('x.jpg', 'b.jpg')
  })
})

describe('classes', () => {
  test('recognition by the names of the labels; the run ends with its numbers', async () => {
    const file = csv('classes.csv', 'image,label\na,Ant\nb,Bee\nc,\n')
    const job = await run(recipe([truthStep(file, { queries: ['queries'], references: [] })]))
    const truth = await resultOf(job, 'truth')
    const labels = await artefact((out) => writeLabels(out, { images: Int32Array.of(1, 1, 2, 3), labels: Int32Array.of(7, 8, 7, 8), scores: Float32Array.of(0.9, 0.8, 0.5, 0.1) }, 'labels', { names: [[7, 'ant'], [8, 'bee']] }))
    expect((await measured({ truth, result: labels })).values).toMatchObject({ GAP: 0.5, accuracy: 0.5 })
    // Labels without names of their own are class ids of the project, where Ant has none yet.
    const unnamed = await artefact((out) => writeLabels(out, { images: Int32Array.of(1), labels: Int32Array.of(7), scores: Float32Array.of(1) }, 'labels'))
    expect((await measured({ truth, result: unnamed })).values).toMatchObject({ accuracy: 0 })
    const kept = await artefact((out) => writeImages(out, Int32Array.of(1, 2), 'kept'))
    expect((await measured({ truth, result: kept, given: labels })).values).toMatchObject({ precision: 0.5, recall: 1 })
    await expect(measured({ truth, result: kept })).rejects.toThrow(/given labels as the input "given"/u)
    const pairs = await artefact((out) => writePairs(out, { a: Int32Array.of(1), aParts: Int32Array.of(0), b: Int32Array.of(2), bParts: Int32Array.of(0), scores: Float32Array.of(1) }, 'pairs'))
    expect((await measured({ truth, result: pairs }, { task: 'clusters' })).values).toMatchObject({ 'B-cubed precision': 0.5, 'B-cubed recall': 1 })
  })

  test('as a recipe: labels of the project against the truth, in a step process', async () => {
    const file = csv('given.csv', 'image,label\na.jpg,Ant\nb.jpg,Bee\n')
    await importCsvLabels(open.project, csv('labels.csv', 'path,label\n/data/queries/a.jpg,ant\n/data/queries/b.jpg,ant\n'))
    const job = await run(recipe([
      truthStep(file, { queries: ['queries'], references: [] }), { id: 'labels', use: 'labels', from: { images: 'queries' } },
      { id: 'score', use: 'metric', from: { truth: 'truth', result: 'labels' } }
    ]))
    expect(job.error).toBeNull()
    expect(job.result).toMatch(/GAP 0\.5000, accuracy 0\.5000/u)
  })
})
