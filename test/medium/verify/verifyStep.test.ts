import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../../core/contract/jobs.ts'
import { pairEvidence } from '../../../core/contract/verification.ts'
import { calibration, recipe as schema } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { Artefact } from '../../../core/recipes/artefact.ts'
import { readPairs } from '../../../core/recipes/kinds.ts'
import { verifyPair } from '../../../core/verify/pairService.ts'
import { pointsOfPair } from '../../../core/verify/pairPoints.ts'
import { asImage, cornerError, savePng, scene, warp } from './scenes.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-verify-step-'))
const images = join(folder, 'images')
const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 2 })
let open: OpenProject
const map = Float64Array.of(0.9, 0.05, 20, -0.05, 0.9, 30, 0, 0, 1)

/** Pairs come from a file, as another program would give them: names and scores. */
const verifying = (params: Record<string, unknown> = {}): unknown => schema.parse({
  format: 'winnow-recipe-1', name: 'verifying', title: 'Verifying', options: {}, shows: ['verified'],
  steps: [
    { id: 'all', use: 'select' },
    { id: 'pairs', use: 'read-pairs', from: { queries: 'all' }, with: { file: join(folder, 'pairs.csv') } },
    { id: 'verified', use: 'verify', from: { pairs: 'pairs' }, with: params }
  ]
})
const run = async (params?: Record<string, unknown>): Promise<Job> => {
  const job = await open.jobs.done((await open.jobs.start({ kind: 'recipe', body: verifying(params) as never, options: {}, set: {} })).id)
  expect(job.error).toBeNull()
  return job
}
async function resultOf(job: Job): Promise<Artefact> {
  const { steps } = await open.recipes.run({ runId: (job.data as { runId: number }).runId })
  const { key } = (await open.project.read.recipes.resultById(steps.at(-1)?.result?.resultId ?? 0)) ?? { key: '' }
  return await Artefact.open(join(open.project.resultsFolder, key))
}
const idOf = async (name: string): Promise<number> => {
  const { ids } = await open.project.read.images.view({}, 'path')
  const rows = await open.project.read.images.rows([...ids])
  return rows.find(({ path }) => path.endsWith(name))?.id ?? -1
}

beforeAll(async () => {
  mkdirSync(images)
  const original = scene(21)
  await savePng(original, join(images, 'original.png'))
  await savePng(warp(original, map), join(images, 'copy.png'))
  await savePng(scene(22), join(images, 'other.png'))
  writeFileSync(join(images, 'broken.png'), 'no picture')
  writeFileSync(join(folder, 'pairs.csv'), 'query_id,reference_id,score\noriginal.png,other.png,0.9\noriginal.png,copy.png,0.8\nother.png,copy.png,0.7\n')
  open = await engine.createProject(join(folder, 'p'), 'p')
  await open.roots.add({ path: images, role: 'train', protected: false, labelsFromFolders: false, include: [], exclude: [], svg: false })
  await open.jobs.done((await open.jobs.start({ kind: 'scan' })).id)
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the step verify', () => {
  test('gives every pair its inliers, its map and the points to draw, in the order in which they came', async () => {
    const artefact = await resultOf(await run())
    const pairs = await readPairs(artefact)
    expect([...pairs.a]).toEqual([await idOf('original.png'), await idOf('original.png'), await idOf('other.png')])
    const inliers = await artefact.int32('inliers')
    expect(inliers[1]).toBeGreaterThan(200)
    expect(Math.max(inliers[0] as number, inliers[2] as number)).toBeLessThan(15)
    expect((await artefact.float32('ratio'))[1]).toBeGreaterThan(0.8)
    expect(artefact.columns['matrix']?.shape).toEqual([3, 9])
    expect(cornerError((await artefact.float64('matrix')).slice(9, 18), map, { width: 640, height: 480 })).toBeLessThan(1)
    expect(artefact.summary).toMatch(/^\d of 3 pairs with inliers$/)

    const { matrix, points } = await pointsOfPair(artefact.folder, 1)
    expect([...(matrix ?? [])]).toEqual([...(await artefact.float64('matrix')).subarray(9, 18)])
    expect(points.length).toBe(400)
    for (let i = 0; i < points.length; i += 4) {
      const [x, y, u, v] = points.subarray(i, i + 4) as unknown as [number, number, number, number]
      expect(Math.hypot(0.9 * x + 0.05 * y + 20 - u, -0.05 * x + 0.9 * y + 30 - v)).toBeLessThan(5)
    }
    await expect(pointsOfPair(artefact.folder, 3)).rejects.toThrow(RangeError)
  })

  test('orders by evidence where that is asked for, keeps as few references and points as asked', async () => {
    const artefact = await resultOf(await run({ score: 'inliers', keepPoints: 0 }))
    const { a, b, scores } = await readPairs(artefact)
    expect([a[0], b[0]]).toEqual([await idOf('original.png'), await idOf('copy.png')])
    expect([...scores]).toEqual([...(await artefact.int32('inliers'))])
    expect(artefact.rows('points')).toBe(0)
    const single = await readPairs(await resultOf(await run({ top: 1 })))
    expect([...single.b]).toEqual([await idOf('other.png'), await idOf('copy.png')])
  })

  test('finds features once: other ways of matching need no picture', async () => {
    const features = (): string[] => readdirSync(join(open.project.folder, 'features'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.features')).toSorted()
    const before = features()
    expect(before.length).toBe(3)
    await run({ ratio: 0.7, model: 'affine' })
    expect(features()).toEqual(before)
  })

  test('pairs whose images could not be read are looked at again by the next run', async () => {
    const params = { longestSide: 600 }
    const begun = (): string[] => readdirSync(join(open.project.resultsFolder, '.work'))
    renameSync(images, join(folder, 'away'))
    const without = await resultOf(await run(params))
    renameSync(join(folder, 'away'), images)
    expect(without.summary).toBe('0 of 3 pairs with inliers; 3 images could not be read')
    const left = begun()
    expect(Math.max(...(await (await resultOf(await run(params))).int32('inliers')))).toBeGreaterThan(200)
    // Pairs that were verified the first time are not verified again; the blocks that hold them go when there is no need of them any more.
    expect([left.length, begun()]).toEqual([1, []])
    const { steps } = await open.recipes.run({ runId: ((await run(params)).data as { runId: number }).runId })
    expect(steps.map(({ state }) => state)).toEqual(['kept', 'kept', 'kept'])
  })

  test('a calibration makes what is not whole anew, once', async () => {
    const truth = join(folder, 'truth.csv')
    writeFileSync(truth, 'query_id,reference_id\noriginal.png,copy.png\n')
    const before = verifying({ longestSide: 560 }) as { steps: unknown[] }
    const body = schema.parse({
      ...before, shows: ['result'],
      steps: [...before.steps, { id: 'sure', use: 'filter-pairs', from: { pairs: 'verified' } }, { id: 'truth', use: 'truth', from: { queries: ['all'] }, with: { file: truth } }, { id: 'result', use: 'metric', from: { truth: 'truth', result: 'sure' } }]
    })
    const calibrated = async (): Promise<[number | null, number]> => {
      const { data, failures } = await open.jobs.done((await open.jobs.start({ kind: 'calibrate', body, options: {}, set: {}, step: 'sure', param: 'minInliers', values: [100, 100_000] })).id)
      return [calibration.parse(data).trials[0]?.metric ?? null, failures]
    }
    renameSync(images, join(folder, 'away'))
    try {
      await run({ longestSide: 560 })
      // Three images, told once, for two values.
      expect(await calibrated()).toEqual([0, 3])
    } finally {
      renameSync(join(folder, 'away'), images)
    }
    expect(await calibrated()).toEqual([1, 0])
  })

  test('a detector that lacks what it needs is refused with a sentence', async () => {
    const start = async (params: Record<string, unknown>): Promise<string | null> =>
      await open.jobs.start({ kind: 'recipe', body: verifying(params) as never, options: {}, set: {} }).then(async ({ id }) => (await open.jobs.done(id)).error, (error: Error) => error.message)
    expect(await start({ detector: 'delf' })).toContain('set "folder"')
    expect(await start({ detector: 'delf', folder: 'features' })).toContain('"folder" must be an absolute path, not features.')
    expect(await start({ detector: 'model' })).toContain('set "card"')
  })
})

describe('one pair for a screen', () => {
  test('comes with all matches, inliers first, as the contract has it', async () => {
    const [a, b] = [await idOf('original.png'), await idOf('copy.png')]
    const found = pairEvidence.parse(await verifyPair({ engine, project: open.project }, { a, b }))
    expect(found.inliers).toBeGreaterThan(200)
    expect(found.points.filter(([, , , , inlier]) => inlier === 1).length).toBe(Math.min(found.inliers, 500))
    expect(cornerError(Float64Array.from(found.matrix ?? []), map, { width: 640, height: 480 })).toBeLessThan(1)
    expect([found.problem, found.reason, found.mirrored]).toEqual([null, null, false])
  })

  test('an image that changed since the scan has a problem in words; one that is not there an error', async () => {
    const a = await idOf('original.png')
    await expect(verifyPair({ engine, project: open.project }, { a, b: 9999 })).rejects.toThrow('The image 9999 is not in the project')
    const b = await idOf('other.png')
    copyFileSync(join(images, 'other.png'), join(folder, 'kept.png'))
    writeFileSync(join(images, 'other.png'), 'changed')
    rmSync(join(open.project.folder, 'features'), { recursive: true })
    await engine.verify.close().catch(() => undefined)
    const fresh = new Engine({ home: join(folder, 'home2'), program: 'test', visionWorkers: 1 })
    try {
      const found = await verifyPair({ engine: fresh, project: open.project }, { a, b })
      expect([found.inliers, found.reason, found.matrix]).toEqual([0, 'image-failed', null])
      expect(found.problem).toContain('changed since it was scanned')
    } finally {
      await fresh.close()
    }
  })
})

test('the pictures of this test are what they claim', () => {
  expect(asImage(join(images, 'copy.png'), 1).sha256).not.toBe(asImage(join(images, 'original.png'), 1).sha256)
})
