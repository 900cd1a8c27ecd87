/**
 * Every recipe that comes with Winnow, from the command line, over sets with known truth that the generator makes out of real photographs: what it reaches, what it is
 * compared with, and that a second run makes nothing anew.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import type { ResultPage, RunDetails } from '../../../core/contract/recipes.ts'
import { Engine } from '../../../core/engine.ts'
import { photosIn } from '../../bench/photos.ts'
import { copyEvery, generate, projectOver } from '../../support/recipeProjects.ts'
import { type Ran, winnow } from '../../support/winnow.ts'

const shared = process.env.WINNOW_SHARED ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared')
const photos = join(shared, 'data', 'photos-101')

/** Small enough for a few minutes on two cores. */
const photosUsed = 300
const copySpec = { set: 'copies', count: 40, references: 60, training: 80, strength: 'moderate', longestSide: 320, seed: 11 } as const
const placeSpec = { set: 'instances', count: 16, views: 12, foreign: 0.15, strength: 'moderate', longestSide: 320, seed: 11 } as const
const petSpec = { set: 'identities', count: 20, views: 10, strength: 'moderate', longestSide: 256, seed: 11, labelled: 0.25 } as const

const folder = mkdtempSync(join(tmpdir(), 'winnow-end-to-end-'))
const home = join(folder, 'home')
const at = (...names: string[]): string => join(folder, ...names)
const projects = { copies: at('copies.winnow'), places: at('places.winnow'), pets: at('pets.winnow'), leaks: at('leaks.winnow') }

const runsOf = new Map<string, RunDetails>()

interface Run {
  readonly run: RunDetails
  readonly job: Job
  /** The value of a metric by its name; NaN where there is none. */
  readonly metric: (name: string) => number
}

async function cli(...args: string[]): Promise<Ran> {
  const ran = await winnow(home, args)
  expect({ args: args.slice(0, 3), code: ran.code, stderr: ran.code === 0 ? '' : `${ran.stderr}${ran.stdout}` }).toEqual({ args: args.slice(0, 3), code: 0, stderr: '' })
  return ran
}

/** Runs a recipe as a person would, and asserts what holds for every run. */
async function runRecipe(recipe: string, project: string, ...args: string[]): Promise<Run> {
  const { run, job } = (await cli('run', recipe, project, '--json', ...args)).json() as { run: RunDetails; job: Job }
  expect({ state: run.state, job: job.state, error: run.error }).toEqual({ state: 'done', job: 'done', error: null })
  expect(run.steps.filter(({ state }) => state !== 'done' && state !== 'kept')).toEqual([])
  for (const { value } of run.metrics) if (value !== null) expect(Number.isFinite(value)).toBe(true)
  runsOf.set([recipe, project, ...args].join('\n'), run)
  return { run, job, metric: (name) => run.metrics.find((metric) => metric.name === name)?.value ?? Number.NaN }
}

const rowsOf = async (project: string, runId: number, step: string): Promise<ResultPage> =>
  ((await cli('recipes', 'result', project, String(runId), step, '--rows', '200', '--json')).json() as { page: ResultPage }).page

/** The rows of a CSV of truth, without its header. */
const csv = (...names: string[]): string[][] => readFileSync(at(...names), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','))

describe.skipIf(!existsSync(photos))('recipes end to end on real photographs (skipped without ../shared/data)', () => {
  beforeAll(async () => {
    const engine = new Engine({ home, program: 'test' })
    try {
      copyEvery(photosIn(photos), photosUsed, at('photos'))
      const source = await projectOver(engine, at('photos.winnow'), [{ path: at('photos'), role: 'train' }])
      const copies = await generate(source, at('copies'), copySpec)
      const places = await generate(source, at('places'), placeSpec)
      const pets = await generate(source, at('pets'), petSpec)
      await projectOver(engine, projects.copies, [{ path: join(copies, 'queries'), role: 'query' }, { path: join(copies, 'references'), role: 'reference' }, { path: join(copies, 'training'), role: 'negative' }])
      await projectOver(engine, projects.leaks, [{ path: join(copies, 'queries'), role: 'test' }, { path: join(copies, 'references'), role: 'train' }])
      await projectOver(engine, projects.places, [{ path: join(places, 'train'), role: 'train', labels: true }, { path: join(places, 'index'), role: 'reference' }, { path: join(places, 'test'), role: 'query' }])
      await projectOver(engine, projects.pets, [{ path: join(pets, 'images'), role: 'train' }])
    } finally {
      await engine.close()
    }
  }, 400_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const truthOfCopies = at('copies', 'truth.csv')

  test('isc21-descriptor finds copies, and subtracting negatives costs nothing', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('isc21-descriptor', projects.copies, '--truth', truthOfCopies)
    expect(metric('uAP')).toBeGreaterThan(0.7)
    expect(metric('uAP')).toBeGreaterThan(metric('plain uAP') - 0.04)
    expect(metric('recall@10')).toBeGreaterThan(0.75)
  })

  test('isc21-matching-visionforce: parts of queries and references, whitened, stretched and agreed upon', { timeout: 400_000 }, async () => {
    const { run, metric } = await runRecipe('isc21-matching-visionforce', projects.copies, '--truth', truthOfCopies, '--option', 'values=48')
    expect(metric('uAP')).toBeGreaterThan(0.7)
    expect(metric('uAP')).toBeGreaterThan(metric('plain uAP') - 0.05)
    // Parts find what the whole does not.
    expect(metric('recall@10')).toBeGreaterThanOrEqual(metric('plain recall@10'))
    // Constants of another descriptor are told.
    expect(run.uncalibrated.map(({ param }) => param)).toContain('penalty')
  })

  test('new-against-old: a delivery against what is there, proven by geometry', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('new-against-old', projects.copies, '--truth', truthOfCopies)
    // What geometry proves comes first, and nothing that the descriptor found is lost for it.
    expect(metric('by-descriptor uAP')).toBeGreaterThan(0.7)
    expect(metric('uAP')).toBeGreaterThanOrEqual(metric('by-descriptor uAP'))
    expect(metric('recall@10')).toBeCloseTo(metric('by-descriptor recall@10'), 6)
  })

  test('near-duplicates of a whole project, with geometric proof', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('near-duplicates', projects.copies, '--truth', truthOfCopies)
    expect(metric('uAP')).toBeGreaterThan(metric('by-descriptor uAP') - 0.02)
    expect(metric('R@P90')).toBeGreaterThan(0.5)
  })

  test('train-test-leakage: test images that are in the training set too', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('train-test-leakage', projects.leaks, '--truth', truthOfCopies)
    expect(metric('uAP')).toBeGreaterThan(0.7)
    expect(metric('uAP')).toBeGreaterThanOrEqual(metric('by-descriptor uAP'))
  })

  test('gldv2-clean drops nearly every foreign image that was planted', { timeout: 180_000 }, async () => {
    const { run, metric } = await runRecipe('gldv2-clean', projects.places, '--truth', at('places', 'cleaning_truth.csv'), '--option', 'mutual=true')
    expect(metric('dropped recall')).toBeGreaterThan(0.9)
    expect(metric('precision')).toBeGreaterThan(0.95)
    expect(metric('recall')).toBeGreaterThan(0.8)
    expect(run.steps.find(({ step }) => step === 'mutual-grid')?.result?.kind).toBe('grid')
  })

  test('landmark-retrieval with diffusion and EGT beside it', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('landmark-retrieval', projects.places, '--truth', at('places', 'retrieval_solution.csv'), '--option', 'diffusion=true', '--option', 'egt=true')
    expect(metric('mAP@100')).toBeGreaterThan(0.7)
    expect(metric('mAP@100')).toBeGreaterThan(metric('plain mAP@100') - 0.05)
    for (const other of ['expanded-only', 'by-diffusion', 'by-egt']) expect({ other, value: metric(`${other} mAP@100`) > 0.4 }).toEqual({ other, value: true })
  })

  test('landmark-recognition says which class a query shows', { timeout: 180_000 }, async () => {
    const { metric } = await runRecipe('landmark-recognition', projects.places, '--truth', at('places', 'recognition_solution.csv'))
    expect(metric('GAP')).toBeGreaterThan(0.75)
    expect(metric('GAP')).toBeGreaterThan(metric('plain GAP') - 0.05)
    expect(metric('accuracy')).toBeGreaterThan(0.75)
  })

  test('pet-biometrics: is it the same animal, and pseudo-labels out of the surest pairs', { timeout: 180_000 }, async () => {
    const { run, metric } = await runRecipe('pet-biometrics', projects.pets, '--truth', at('pets', 'pairs_truth.csv'), '--option', `pairs=${at('pets', 'pairs.csv')}`, '--option', 'best=40')
    expect(metric('AUC')).toBeGreaterThan(0.9)
    expect(metric('AUC')).toBeGreaterThan(metric('plain AUC') - 0.05)
    expect(run.steps.find(({ step }) => step === 'pseudo-labels')?.result?.kind).toBe('labels')
  })

  test('pseudo-label-round: half of the labels give the others', { timeout: 180_000 }, async () => {
    const truth = csv('pets', 'truth.csv')
    const known = at('known.csv')
    writeFileSync(known, `image,label\n${truth.filter((_, i) => i % 2 === 0).map(([image, label]) => `${image},${label}`).join('\n')}\n`)
    await cli('labels', 'import-csv', projects.pets, known, '--quiet')
    const { run, metric } = await runRecipe('pseudo-label-round', projects.pets, '--truth', at('pets', 'truth.csv'))
    expect(metric('all accuracy')).toBeGreaterThan(0.7)
    // The sure ones are right more often than all of them.
    expect(metric('precision')).toBeGreaterThan(metric('all precision') - 0.02)
    const proposed = (await cli('recipes', 'propose', projects.pets, String(run.runId), 'pseudo-labels', '--json')).json() as { images: number; newClasses: string[] }
    expect(proposed.images).toBeGreaterThan(0)
    expect(proposed.newClasses).toEqual([])
  })

  test('label-check finds labels that were planted wrong', { timeout: 180_000 }, async () => {
    const truth = csv('pets', 'truth.csv') as [string, string][]
    const wrong = new Set(truth.filter((_, i) => i % 12 === 5).map(([image]) => image))
    const labels = truth.map(([image, label]) => [image, wrong.has(image) ? String((Number(label) % petSpec.count) + 1) : label])
    writeFileSync(at('given.csv'), `image,label\n${labels.map((row) => row.join(',')).join('\n')}\n`)
    await cli('labels', 'import-csv', projects.pets, at('given.csv'), '--quiet')
    const { run, metric } = await runRecipe('label-check', projects.pets, '--truth', at('pets', 'truth.csv'))
    // What the labels are worth as given is what was planted; the vote repairs most of it.
    expect(metric('given accuracy')).toBeCloseTo(1 - wrong.size / truth.length, 6)
    expect(metric('accuracy')).toBeGreaterThan(0.7)
    const page = await rowsOf(projects.pets, run.runId, 'doubtful')
    const column = page.columns.findIndex(({ name }) => name === 'image')
    const doubtful = new Set(page.rows.map((row) => page.names[String(row[column])]?.replace(/\.jpg$/, '')))
    // Labels are shown by the names of their classes.
    expect(page.columns.find(({ name }) => name === 'given')?.type).toBe('text')
    const found = [...wrong].filter((image) => doubtful.has(image))
    expect(found.length / wrong.size).toBeGreaterThan(0.8)
  })

  test('run again, every step of every recipe is kept, and nothing half-made lies about', { timeout: 600_000 }, async () => {
    expect(new Set([...runsOf.keys()].map((key) => key.split('\n')[0])).size).toBe(11)
    for (const [key, before] of runsOf) {
      const [recipe = '', project = '', ...args] = key.split('\n')
      // Labels were imported after the others ran over these images: they would be other runs by right.
      if (project === projects.pets && recipe !== 'label-check') continue
      const { run, job } = await runRecipe(recipe, project, ...args)
      expect({ recipe, made: run.steps.filter(({ state }) => state !== 'kept').map(({ step }) => step) }).toEqual({ recipe, made: [] })
      expect(job.result).toMatch(/: 0 steps run,/)
      expect(run.metrics).toEqual(before.metrics)
    }
    for (const project of Object.values(projects)) expect(readdirSync(join(project, 'results')).filter((name) => name.startsWith('.work-') || name.endsWith('.tmp'))).toEqual([])
  })
})
