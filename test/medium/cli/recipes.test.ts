import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Calibration, RecipePlan, RecipeSummary, RunDetails, RunSummary, StepType } from '../../../core/contract/recipes.ts'
import { openVectorTable } from '../../../core/formats/vectorTable.ts'
import { ppm, writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { type Ran, says, startWinnow, winnow } from '../../support/winnow.ts'

interface Place {
  readonly folder: string
  readonly home: string
  readonly project: string
  readonly cli: (...args: string[]) => Promise<Ran>
  /** Writes a file into the test's folder and returns its path. */
  readonly file: (name: string, content: unknown) => string
}

function place(): Place {
  const folder = temporaryFolder('cli-recipes')
  const home = join(folder, 'home')
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return path
  }
  return { folder, home, project: join(folder, 'p.winnow'), file, cli: async (...args) => await winnow(home, args) }
}

const named = (letter: string, digits: number, number: number): string => `${letter}${String(number).padStart(digits, '0')}`
const copies = 6
const perRole = 12

/** Queries of which some are copies of references, references and negatives, named as those of the ISC; returns the file of truth. */
async function copySet({ folder, project, cli, file }: Place): Promise<string> {
  for (const [number, [role, letter, digits]] of ([['query', 'Q', 5], ['reference', 'R', 6], ['negative', 'T', 6]] as const).entries()) {
    mkdirSync(join(folder, role))
    for (let i = 0; i < perRole; i++) writeFileSync(join(folder, role, `${named(letter, digits, i)}.ppm`), ppm((role === 'query' && i < copies ? 1 : number) * 1000 + i, 120, 90))
    await cli(number === 0 ? 'create' : 'roots', ...(number === 0 ? [project, '--root'] : ['add', project]), join(folder, role), '--role', role, '--no-folder-labels', '--quiet')
  }
  expect(await cli('scan', project, '--quiet')).toMatchObject({ code: 0 })
  return file('truth.csv', `query_id,reference_id\n${Array.from({ length: perRole }, (_, i) => `${named('Q', 5, i)},${i < copies ? named('R', 6, i) : ''}`).join('\n')}\n`)
}

const labelRecipe = (name = 'my-labels', use = 'labels'): object => ({
  format: 'winnow-recipe-1', name, title: 'My labels', shows: ['labels'],
  steps: [{ id: 'all', use: 'select' }, { id: 'labels', use, from: { images: 'all' } }]
})

test('the book of recipes: list, steps, show, save, remove; what is wrong with a file is told with its place', { timeout: 300_000 }, async () => {
  const { folder, project, cli, file } = place()
  writePictures(join(folder, 'photos'), 6)
  await cli('create', project, '--root', join(folder, 'photos'))
  await cli('scan', project, '--quiet')

  const { recipes } = (await cli('recipes', 'list', project, '--json')).json() as { recipes: RecipeSummary[] }
  const builtIn = readdirSync(join(import.meta.dirname, '../../../core/recipes/builtIn')).map((name) => name.replace('.json', '')).sort()
  expect(recipes.map(({ name }) => name)).toEqual(builtIn)
  expect(recipes.every(({ valid, lastRun }) => valid && lastRun === null)).toBe(true)

  const { steps } = (await cli('recipes', 'steps', '--json')).json() as { steps: StepType[] }
  expect(steps.map(({ use }) => use)).toContain('match')
  expect(JSON.parse((await cli('recipes', 'steps', 'match')).stdout)).toMatchObject({ use: 'match', params: { properties: { k: {} } } })
  expect(await cli('recipes', 'steps', 'mach')).toMatchObject({ code: 3, stderr: expect.stringContaining('There is no step type "mach"') })

  const shown = await cli('recipes', 'show', 'near-duplicates', project)
  expect(JSON.parse(shown.stdout)).toMatchObject({ format: 'winnow-recipe-1', name: 'near-duplicates' })
  expect((await cli('recipes', 'show', 'near-duplicates', project, '--json')).json()).toMatchObject({ builtIn: true, problems: [] })
  expect(await cli('recipes', 'show', 'nothing', project)).toMatchObject({ code: 3, stderr: expect.stringContaining('There are gldv2-clean') })

  // What is shown can be saved, under another name.
  expect(await cli('recipes', 'save', file('same.json', shown.stdout), project)).toMatchObject({ code: 7, stderr: expect.stringContaining('comes with Winnow') })
  expect(await cli('recipes', 'save', file('mine.json', labelRecipe()), project)).toMatchObject({ code: 0 })
  expect((await cli('recipes', 'list', project)).stdout).toContain('My labels (yours)')
  expect((await cli('recipes', 'save', file('broken.json', '{\n  "format": "winnow-recipe-1",\n  oops\n}'), project))).toMatchObject({ code: 2, stderr: expect.stringMatching(/broken\.json is not a recipe that can run:\n\s+line 3: This is not JSON/) })
  const wrong = await cli('run', file('wrong.json', labelRecipe('wrong', 'lables')), project, '--json')
  expect(wrong.code).toBe(2)
  expect(`${wrong.stdout}${wrong.stderr}`).toContain('steps[1].use')
  expect(await cli('run', join(folder, 'nowhere.json'), project)).toMatchObject({ code: 3 })
  expect(await cli('run', 'my-labels', project, '--option', 'model=basic')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no option "model"') })
  expect(await cli('run', 'my-labels', project, '--set', 'labels.k=1')).toMatchObject({ code: 2, stderr: expect.stringContaining('steps[1].with') })
  expect((await cli('recipes', 'runs', project)).stdout).toContain('No recipe has been run yet')

  // Its labels are shown by the names of their classes, and are put before a person.
  const { run } = (await cli('run', 'my-labels', project, '--json')).json() as { run: RunDetails }
  expect((await cli('recipes', 'result', project, String(run.runId), 'labels')).stdout).toMatch(/a\/0\.ppm +a\b[\s\S]*b\/1\.ppm +b\b/)
  expect((await cli('recipes', 'propose', project, String(run.runId), 'labels', '--json')).json()).toMatchObject({ images: 6, newClasses: [] })
  expect(await cli('recipes', 'propose', project, String(run.runId), 'all')).toMatchObject({ code: 2, stderr: expect.stringContaining('Only labels can be proposed') })
  expect(await cli('recipes', 'propose', project, String(run.runId), 'nothing')).toMatchObject({ code: 3, stderr: expect.stringContaining('It has all, labels') })

  expect(await cli('recipes', 'remove', 'my-labels', project)).toMatchObject({ code: 0 })
  expect(await cli('recipes', 'remove', 'my-labels', project)).toMatchObject({ code: 3 })
  expect(await cli('recipes', 'remove', 'near-duplicates', project)).toMatchObject({ code: 2 })
  // Its run stays.
  expect((await cli('recipes', 'runs', project, '--json')).json()).toMatchObject({ runs: [{ recipe: 'my-labels', state: 'done' }] })
})

test('a run: planned, made, kept, looked at; vectors and matches leave as files and come back the same', { timeout: 400_000 }, async () => {
  const at = place()
  const { folder, project, cli, file } = at
  const truth = await copySet(at)
  const states = ({ plan }: { plan: RecipePlan }): string[] => [...new Set(plan.steps.map(({ state }) => state))]
  expect(states((await cli('run', 'isc21-descriptor', project, '--model', 'basic', '--truth', truth, '--dry-run', '--json')).json() as { plan: RecipePlan })).toEqual(['to-run'])
  expect((await cli('recipes', 'runs', project, '--json')).json()).toEqual({ runs: [] })

  const { run } = (await cli('run', 'isc21-descriptor', project, '--model', 'basic', '--truth', truth, '--json')).json() as { run: RunDetails }
  expect(run.metrics.find(({ name }) => name === 'recall@1')?.value).toBe(1)
  expect(states((await cli('run', 'isc21-descriptor', project, '--model', 'basic', '--truth', truth, '--dry-run', '--json')).json() as { plan: RecipePlan })).toEqual(['kept'])
  expect((await cli('recipes', 'runs', project, '--recipe', 'label-check', '--json')).json()).toEqual({ runs: [] })
  const id = String(run.runId)
  expect((await cli('recipes', 'result', project, id)).stdout).toMatch(/Subtract from queries[\s\S]*uAP/)
  expect((await cli('recipes', 'result', project, id, 'matches', '--rows', '3')).stdout).toMatch(/Q00000\.ppm[\s\S]*3 of \d+ rows/)
  expect(await cli('recipes', 'result', project, '99')).toMatchObject({ code: 3, stderr: expect.stringContaining('There is no run 99') })

  // Vectors: out, in through read-vectors, and out again.
  const table = async (path: string): Promise<Map<string, number[]>> => {
    const found = new Map<string, number[]>()
    const opened = await openVectorTable(path)
    for await (const { ids, data, dim } of opened.blocks()) ids.forEach((name, i) => found.set(name, [...data.subarray(i * dim, (i + 1) * dim)]))
    await opened.close()
    return found
  }
  const formats = [['npy', 'npy'], ['npz', 'npz'], ['hdf5', 'h5'], ['parquet', 'parquet'], ['csv', 'csv'], ['faiss', 'index']] as const
  for (const [format, extension] of formats) expect(await cli('recipes', 'export', project, id, 'query-subtracted', join(folder, `${format}.${extension}`), '--format', format)).toMatchObject({ code: 0, stdout: expect.stringContaining(`${perRole} rows`) })
  const back = {
    format: 'winnow-recipe-1', name: 'back', title: 'Back', shows: ['npy'],
    steps: [{ id: 'all', use: 'select' }, ...formats.map(([format, extension]) => ({ id: format, use: 'read-vectors', from: { images: 'all' }, with: { file: join(folder, `${format}.${extension}`), normalise: false, strict: 'rows' } }))]
  }
  const read = (await cli('run', file('back.json', back), project, '--json')).json() as { run: RunDetails }
  const first = await table(join(folder, 'npz.npz'))
  expect(first.size).toBe(perRole)
  for (const [format] of formats) {
    const path = join(folder, `again-${format}.npz`)
    await cli('recipes', 'export', project, String(read.run.runId), format, path)
    expect({ format, same: await table(path) }).toEqual({ format, same: first })
  }

  // Matches in the layout of the challenge: out, in through read-pairs, and out again.
  const exported = join(folder, 'matches.csv')
  expect(await cli('recipes', 'export', project, id, 'matches', exported, '--format', 'isc-matches')).toMatchObject({ code: 0 })
  expect(await cli('recipes', 'export', project, id, 'matches', exported, '--format', 'isc-matches')).toMatchObject({ code: 7 })
  expect(await cli('recipes', 'export', project, id, 'matches', join(folder, 'matches.npy'), '--format', 'npy')).toMatchObject({ code: 2 })
  expect(await cli('recipes', 'export', project, id, 'matches', join(folder, 'query', 'm.csv'))).toMatchObject({ code: 7, stderr: expect.stringContaining('image folder') })
  const pairs = { format: 'winnow-recipe-1', name: 'pairs', title: 'Pairs', shows: ['read'], steps: [{ id: 'all', use: 'select' }, { id: 'read', use: 'read-pairs', from: { queries: ['all'] }, with: { file: exported, strict: 'rows' } }] }
  const second = (await cli('run', file('pairs.json', pairs), project, '--json')).json() as { run: RunDetails }
  await cli('recipes', 'export', project, String(second.run.runId), 'read', join(folder, 'again.csv'), '--format', 'isc-matches')
  const sorted = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trim().split('\n').sort()
  expect(sorted('again.csv')).toEqual(sorted('matches.csv'))
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
})

test('calibrate finds the threshold that was planted, and saves a recipe with it', { timeout: 300_000 }, async () => {
  const at = place()
  const { project, cli, file } = at
  const truth = await copySet(at)
  // True pairs score 0.7 and more, wrong ones less than 0.4.
  const rows = Array.from({ length: perRole }, (_, i) => `${named('Q', 5, i)},${named('R', 6, i)},${i < copies ? 0.7 + i / 100 : 0.4 - i / 100}`)
  const recipe = {
    format: 'winnow-recipe-1', name: 'planted', title: 'Planted', options: { truth: { title: 'Ground truth', type: 'file' } }, shows: ['result'],
    steps: [
      { id: 'all', use: 'select' },
      { id: 'truth', use: 'truth', from: { queries: ['all'] }, with: { file: '$truth' }, when: 'truth' },
      { id: 'pairs', use: 'read-pairs', from: { queries: ['all'] }, with: { file: file('pairs.csv', `query_id,reference_id,score\n${rows.join('\n')}\n`) } },
      { id: 'sure', use: 'filter-pairs', from: { pairs: 'pairs' }, with: { minScore: 0.1 } },
      { id: 'result', use: 'metric', from: { truth: 'truth', result: 'sure' }, with: { task: 'pairs' } }
    ]
  }
  const path = file('planted.json', recipe)
  expect(await cli('recipes', 'calibrate', path, project, 'sure.minScore')).toMatchObject({ code: 1, stdout: expect.stringContaining('--truth') })
  expect(await cli('recipes', 'calibrate', path, project, 'minScore', '--truth', truth)).toMatchObject({ code: 2 })
  expect(await cli('recipes', 'calibrate', path, project, 'shure.minScore', '--truth', truth)).toMatchObject({ code: 1, stdout: expect.stringContaining('no step "shure"') })
  const { calibration } = (await cli('recipes', 'calibrate', path, project, 'sure.minScore', '--truth', truth, '--metric', 'F1', '--save', 'calibrated', '--json')).json() as { calibration: Calibration }
  expect(calibration.best).toBeGreaterThan(0.4)
  expect(calibration.best).toBeLessThanOrEqual(0.700001)
  expect(Math.max(...calibration.trials.map(({ metric }) => metric ?? 0))).toBe(1)
  expect(JSON.parse((await cli('recipes', 'show', 'calibrated', project)).stdout)).toMatchObject({ name: 'calibrated', steps: expect.arrayContaining([expect.objectContaining({ id: 'sure', with: { minScore: calibration.best } })]) })
  const { run } = (await cli('run', 'calibrated', project, '--truth', truth, '--json')).json() as { run: RunDetails }
  expect(run.metrics.find(({ name }) => name === 'F1')?.value).toBe(1)
})

test('Ctrl-C cancels a run and keeps what is done; the next one goes on', { timeout: 300_000 }, async () => {
  const { folder, home, project, cli } = place()
  writePictures(join(folder, 'photos'), 400)
  await cli('create', project, '--root', join(folder, 'photos'))
  await cli('scan', project, '--quiet')
  const { child, ended } = startWinnow(home, ['run', 'near-duplicates', project, '--json', '--workers', '1'])
  await says(child, 'Embed')
  child.kill('SIGINT')
  const cancelled = await ended
  expect(cancelled).toMatchObject({ code: 130, stderr: expect.stringContaining('Cancelling') })
  expect(cancelled.json()).toMatchObject({ job: { state: 'cancelled' } })
  expect((await cli('recipes', 'runs', project, '--json')).json()).toMatchObject({ runs: [{ state: 'cancelled' }] })
  const { run } = (await cli('run', 'near-duplicates', project, '--json')).json() as { run: RunDetails }
  expect(run.state).toBe('done')
  expect(run.steps.find(({ step }) => step === 'images')?.state).toBe('kept')
  const { runs } = (await cli('recipes', 'runs', project, '--json')).json() as { runs: RunSummary[] }
  expect(runs.map(({ state }) => state)).toEqual(['done', 'cancelled'])
})
