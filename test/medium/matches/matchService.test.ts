import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Act } from '../../../core/contract/decisions.ts'
import { act } from '../../../core/contract/decisions.ts'
import type { MatchSource, QueryFilter, QueryOrder } from '../../../core/contract/matches.ts'
import { queryFilter } from '../../../core/contract/matches.ts'
import { recipe } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { writeTruth } from '../../../core/metrics/truthArtefact.ts'
import type { RunStepRecord } from '../../../core/project/repositories/recipes.ts'
import type { Artefact } from '../../../core/recipes/artefact.ts'
import { writePairColumns, writeParts } from '../../../core/recipes/kinds.ts'
import { reasonCodes } from '../../../core/verify/verifyBatch.ts'
import { StepBench } from '../clean/stepBench.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'

const folder = temporaryFolder()
const engine = new Engine({ home: join(folder.path, 'home'), program: 'test', visionWorkers: 1 })
let open: OpenProject
let ids: number[]
let runId: number

/** Images 0..3 are queries, 4..9 references. Lists by descriptor, then pairs re-scored by parts; 0-4 and 1-5 are right, 2 has no match, the truth does not know 3. */
const listed: [number, [number, number][]][] = [[0, [[5, 0.9], [4, 0.8], [6, 0.7]]], [1, [[5, 0.6], [6, 0.5], [7, 0.4]]], [2, [[7, 0.55], [8, 0.5], [9, 0.1]]], [3, [[9, 0.3], [8, 0.2], [7, 0.1]]]]
const scored: [a: number, aPart: number, b: number, bPart: number, score: number][] = [[0, 100, 4, 0, 3], [2, 0, 7, 20, 2.5], [0, 0, 5, 0, 2], [1, 1, 5, 0, 1.5], [0, 0, 4, 0, 1], [3, 0, 9, 9, 0.5]]
const verifiedPairs: [a: number, b: number, inliers: number][] = [[0, 4, 2], [1, 5, 0]]

const keep = async (use: string, artefact: Artefact): Promise<number> => {
  const key = `${use}-${Math.random().toString(36).slice(2)}`
  cpSync(artefact.folder, join(open.project.resultsFolder, key), { recursive: true })
  return await open.project.write.recipes.addResult({ key, use, kind: artefact.kind, params: {}, summary: artefact.summary, facts: { ...artefact.facts }, seconds: 1, peakBytes: null, madeAt: 5 })
}

beforeAll(async () => {
  open = await engine.createProject(join(folder.path, 'p'), 'p')
  const db = openDatabase(join(open.project.folder, 'project.db'))
  ids = addImages(db, addRoot(db, '/pictures', false), Array.from({ length: 10 }, (_, i) => ({ path: i < 4 ? `queries/${'dbca'[i]}.jpg` : `references/${i}.jpg` })))
  db.close()
  const id = (i: number): number => ids[i] as number
  const bench = new StepBench(folder.path)
  const lists = await bench.lists(listed.map(([query, ranked]) => [id(query), ranked.map(([image, score]): [number, number] => [id(image), score])]))
  const parts = await bench.make((out) => writeParts(out, { images: Int32Array.of(id(0), id(0), id(7)), parts: Int32Array.of(0, 100, 20), boxes: Int32Array.from([0, 0, 0, 0, 5, 6, 70, 80, 1, 2, 30, 40]) }, ''))
  const pairs = await bench.make(async (out) => {
    await writePairColumns(out, {
      a: Int32Array.from(scored, ([a]) => id(a)), aParts: Int32Array.from(scored, ([, part]) => part), b: Int32Array.from(scored, ([, , b]) => id(b)), bParts: Int32Array.from(scored, ([, , , part]) => part),
      scores: Float32Array.from(scored, (row) => row[4])
    })
    await out.finish('pairs', '', { pairs: scored.length })
  })
  const verified = await bench.make(async (out) => {
    const n = verifiedPairs.length
    await writePairColumns(out, {
      a: Int32Array.from(verifiedPairs, ([a]) => id(a)), aParts: new Int32Array(n), b: Int32Array.from(verifiedPairs, ([, b]) => id(b)), bParts: new Int32Array(n), scores: new Float32Array(n)
    })
    await out.column('inliers', Int32Array.from(verifiedPairs, (row) => row[2]))
    await out.column('matches', Int32Array.of(4, 3))
    await out.column('ratio', Float32Array.of(0.5, 0))
    await out.column('mirrored', Uint8Array.of(1, 0))
    await out.column('reason', Uint8Array.of(0, reasonCodes.indexOf('no-model')))
    await out.column('matrix', Float64Array.from([2, 0, 1, 0, 2, 1, 0, 0, 1, ...Array.from({ length: 9 }, () => 0)]), [n, 9])
    await out.column('pointsFrom', Int32Array.of(0, 2, 2))
    await out.column('points', Float32Array.of(1, 1, 3, 3, 2, 2, 5, 5), [2, 4])
    await out.finish('pairs', '', { pairs: n })
  })
  const truth = await bench.make((out) => writeTruth(out, { kind: 'pairs', queries: Int32Array.of(id(0), id(1), id(2)), query: Int32Array.of(id(0), id(1)), reference: Int32Array.of(id(4), id(5)) }, { problems: [], missingNames: 0 } as never))
  const body = recipe.parse({ format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['scored', 'lists'], steps: [{ id: 'lists', use: 'match' }, { id: 'scored', use: 'best-parts' }] })
  const step = (name: string, use: string): RunStepRecord => ({ step: name, use, title: name, params: {}, inputs: {}, state: 'waiting', resultId: null })
  const steps = [step('truth', 'truth'), step('parts', 'crops'), step('lists', 'match'), step('verified', 'verify'), step('scored', 'best-parts'), step('later', 'apply-vetoes')]
  const run = { recipe: 'mine', title: 'Mine', body, options: {}, overrides: {}, jobId: null, startedAt: 1 }
  const results = [await keep('truth', truth), await keep('crops', parts), await keep('match', lists), await keep('verify', verified), await keep('best-parts', pairs)]
  await open.project.write.recipes.startRun(run, steps)
  runId = await open.project.write.recipes.startRun({ ...run, title: 'Mine again' }, steps)
  for (const [i, resultId] of results.entries()) await open.project.write.recipes.setStep(runId, (steps[i] as RunStepRecord).step, 'done', resultId)
})
afterAll(async () => {
  await engine.close()
  folder.remove()
})

const source = (step: string): MatchSource => ({ runId, step })
const place = (image: number): number => ids.indexOf(image)
const id = (i: number): number => ids[i] as number
const queries = async (step: string, filter: Partial<QueryFilter> = {}, order: QueryOrder = 'score-high'): Promise<number[]> => {
  const { viewId, count } = await open.matches.queries({ source: source(step), filter: queryFilter.parse(filter), order })
  const list = [...open.views.get(viewId)].map(place)
  expect(list.length).toBe(count)
  return list
}
const apply = async (one: unknown) => await open.decisions.apply(act.parse(one) as Act)

let acts = 0
afterEach(async () => {
  for (; acts > 0; acts--) await open.decisions.undo()
})

describe('what can be looked through', () => {
  test('steps with lists or pairs of runs that have some, what the recipe is for first', async () => {
    expect((await open.matches.sources()).map(({ runId: run, step, main, pairs, hasTruth, verified, title }) => [run, step, main, pairs, hasTruth, verified, title])).toEqual([
      [runId, 'scored', true, 6, true, true, 'Mine again'], [runId, 'lists', false, 12, true, true, 'Mine again'], [runId, 'verified', false, 2, true, true, 'Mine again']
    ])
    await expect(open.matches.overview({ source: source('later') })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('"later"') as string })
    await expect(open.matches.overview({ source: { runId: 999, step: 'lists' } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('the overview', async () => {
    expect(await open.matches.overview({ source: source('scored') })).toMatchObject({ queries: 4, decided: 0, pairs: 5, verified: true, truth: { right: 2, wrong: 0, distractor: 1 } })
    expect(await open.matches.overview({ source: source('lists') })).toMatchObject({ queries: 4, pairs: 12, truth: { right: 1, wrong: 1, distractor: 1 } })
  })

  test('queries in order, by path and by text', async () => {
    expect(await queries('scored')).toEqual([0, 2, 1, 3])
    expect(await queries('scored', {}, 'score-low')).toEqual([3, 1, 2, 0])
    expect(await queries('scored', {}, 'path')).toEqual([3, 1, 2, 0])
    expect(await queries('scored', { text: 'c.jpg' })).toEqual([2])
    expect(await queries('lists', { truth: 'wrong' })).toEqual([0])
    expect(await queries('lists', {}, 'wrong-first')).toEqual([0, 2, 3, 1])
    expect(await queries('lists', {}, 'inliers')).toEqual([1, 0, 2, 3])
  })

  test('rows of the list', async () => {
    const rows = await open.matches.queryRows({ source: source('lists'), ids: [id(2), id(0), 12345] })
    expect(rows.map(({ image, candidates, best, second, inliers, decision, truth }) => [place(image.id), candidates, best && place(best.imageId), second?.toFixed(2), inliers, decision, truth])).toEqual([
      [2, 3, 7, '0.50', null, null, 'distractor'], [0, 3, 5, '0.80', null, null, 'wrong']
    ])
  })

  test('references with the way they came, their parts, evidence and truth', async () => {
    const { total, rows } = await open.matches.candidates({ source: source('scored'), queryId: id(0), limit: 1 })
    expect(total).toBe(2)
    expect(rows).toMatchObject([{
      rank: 1, score: 3, truth: true, decision: null, vetoes: [], evidence: { inliers: 2, ratio: 0.5 },
      queryPart: { part: 100, box: { left: 5, top: 6, width: 70, height: 80 }, turn: 0, mirrored: false }, referencePart: { part: 0, box: null }
    }])
    expect(rows[0]?.trail.map(({ step, rank, of }) => [step, rank, of])).toEqual([['lists', 2, 3], ['verified', 1, 1], ['scored', 1, 2]])
    const turned = await open.matches.candidates({ source: source('scored'), queryId: id(1), limit: 5 })
    expect(turned.rows[0]?.queryPart).toMatchObject({ turn: 1, box: null })
    const seen = await open.matches.candidates({ source: source('scored'), queryId: id(2), limit: 5 })
    expect(seen.rows[0]).toMatchObject({ truth: false, referencePart: { part: 20, box: { left: 1, top: 2, width: 30, height: 40 } }, evidence: null })
    const mirrored = await open.matches.candidates({ source: source('scored'), queryId: id(3), limit: 5 })
    expect(mirrored.rows[0]).toMatchObject({ truth: null, referencePart: { mirrored: true } })
    expect(await open.matches.candidates({ source: source('scored'), queryId: id(9), limit: 5 })).toEqual({ total: 0, rows: [] })
  })

  test('evidence that the run stored is not worked out again', async () => {
    expect(await open.matches.evidence({ a: id(0), b: id(4), source: source('lists') })).toEqual({
      a: id(0), b: id(4), inliers: 2, matches: 4, ratio: 0.5, matrix: [2, 0, 1, 0, 2, 1, 0, 0, 1], mirrored: true, problem: null, reason: null, points: [[1, 1, 3, 3, 1], [2, 2, 5, 5, 1]], from: 'stored'
    })
  })
})

describe('what people say', () => {
  test('a decision and a veto stand beside the pair at once, and are gone when undone', async () => {
    await apply({ kind: 'relation', images: [id(4), id(0)], against: id(0), value: 'same' })
    await apply({ kind: 'veto', list: 'blank', reason: 'nothing on it', images: [id(5)] })
    acts = 2
    const { rows } = await open.matches.candidates({ source: source('scored'), queryId: id(0), limit: 5 })
    expect(rows.map(({ image, decision, vetoes }) => [place(image.id), decision, vetoes])).toEqual([[4, 'same', []], [5, null, [{ list: 'blank', reason: 'nothing on it', applied: true }]]])
    expect(await queries('scored', { state: 'open' })).toEqual([2, 1, 3])
    expect(await queries('lists', { state: 'decided' })).toEqual([0])
    expect((await open.matches.overview({ source: source('scored') })).decided).toBe(1)
    await open.decisions.undo()
    await open.decisions.undo()
    acts = 0
    expect((await open.matches.candidates({ source: source('scored'), queryId: id(0), limit: 5 })).rows.map(({ decision, vetoes }) => [decision, vetoes.length])).toEqual([[null, 0], [null, 0]])
    expect(await queries('scored', { state: 'decided' })).toEqual([])
  })

  test('accepting above a score is one act that spares what somebody has spoken of', async () => {
    await apply({ kind: 'relation', images: [id(2), id(7)], value: 'different' })
    acts = 1
    const bulk = { source: source('scored'), minScore: 1.5 }
    expect(await open.matches.above(bulk)).toEqual({ pairs: 3, queries: 2, said: 1, truth: { right: 2, wrong: 1 } })
    expect(await open.matches.above({ ...bulk, minInliers: 1 })).toMatchObject({ pairs: 1, said: 0 })
    expect(await apply({ kind: 'accept-matches', ...bulk })).toMatchObject({ count: 3, summary: 'Accepted 3 matches.' })
    acts = 2
    expect(await open.matches.above(bulk)).toMatchObject({ pairs: 0, said: 4 })
    expect(await queries('scored', { state: 'open' })).toEqual([3])
    expect(await apply({ kind: 'accept-matches', ...bulk })).toMatchObject({ actId: null, count: 0 })
    await open.decisions.undo()
    acts = 1
    expect(await queries('scored', { state: 'open' })).toEqual([0, 1, 3])
    const { viewId } = await open.matches.queries({ source: source('scored'), filter: queryFilter.parse({ text: 'b.jpg' }), order: 'path' })
    expect(await apply({ kind: 'accept-matches', ...bulk, queries: { viewId } })).toMatchObject({ count: 1 })
    acts = 2
  })
})
