/** Recipes through the engine process, which is killed without warning in the middle: every run goes on by itself and gives what an undisturbed one gave. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { attach } from '../../../core/cli/attach.ts'
import type { JobRequestInput } from '../../../core/contract/jobs.ts'
import type { RunDetails } from '../../../core/contract/recipes.ts'
import type { ContractClient } from '../../../core/server/router.ts'
import { ppm } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { startEngine, type StartedEngine } from '../../support/winnow.ts'

const roles = ['query', 'reference', 'negative'] as const
const perRole = 50
const copies = 20

/** References, negatives, and queries of which some are copies of references. */
function writeSet(folder: string): string {
  for (const [number, role] of roles.entries()) {
    mkdirSync(join(folder, role), { recursive: true })
    for (let i = 0; i < perRole; i++) {
      const copied = role === 'query' && i < copies
      writeFileSync(join(folder, role, `${role}-${i}.ppm`), ppm((copied ? 1 : number) * 1000 + i, 160, 120))
    }
  }
  const truth = join(folder, 'truth.csv')
  writeFileSync(truth, `query_id,reference_id\n${Array.from({ length: perRole }, (_, i) => `query-${i},${i < copies ? `reference-${i}` : ''}`).join('\n')}\n`)
  return truth
}

interface Running {
  readonly engine: StartedEngine
  readonly client: ContractClient
}

async function start(home: string, project?: string): Promise<Running> {
  const engine = await startEngine(home, project ? ['--project', project] : [])
  const session = await attach(engine.url, engine.token)
  onTestFinished(async () => await session.close())
  if (project) while ((await session.client.project.current()) === null) await sleep(20)
  return { engine, client: session.client }
}

async function finished({ client }: Running): Promise<unknown> {
  for (;;) {
    const [job] = (await client.jobs.list()).toSorted((a, b) => b.id - a.id)
    if (job && job.state !== 'queued' && job.state !== 'running') {
      expect(job).toMatchObject({ state: 'done', error: null })
      return job.data
    }
    await sleep(20)
  }
}

async function createSet({ client }: Running, folder: string, photos: string): Promise<string> {
  const { folder: project } = await client.project.create({ folder, name: 'Copies' })
  for (const role of roles) await client.roots.add({ path: join(photos, role), role, labelsFromFolders: false })
  await client.jobs.start({ kind: 'scan' })
  await finished({ client } as Running)
  return project
}

/** What every step made, by content; vectors lie in files that grow in the order of arrival, so of those only how many there are. */
async function madeBy(run: RunDetails, project: string): Promise<unknown> {
  const folders = readdirSync(join(project, 'results')).filter((name) => !name.startsWith('.'))
  const headers = new Map(folders.map((name) => [JSON.stringify(JSON.parse(readFileSync(join(project, 'results', name, 'artefact.json'), 'utf8')).facts), name]))
  return run.steps.map(({ step, state, result }) => {
    const folder = headers.get(JSON.stringify(result?.facts)) ?? ''
    const columns = readdirSync(join(project, 'results', folder)).filter((name) => name.endsWith('.npy') && name !== 'row.npy').toSorted()
    const hash = createHash('sha256')
    for (const name of columns) hash.update(name).update(readFileSync(join(project, 'results', folder, name)))
    return [step, state === 'kept' ? 'done' : state, result?.kind === 'vectors' ? result.facts['vectors'] : hash.digest('hex')]
  })
}

test('kill -9 at any moment of a recipe: it goes on by itself, keeps what was made, and ends with the same results', { timeout: 400_000 }, async () => {
  const folder = temporaryFolder('recipe-killed')
  const home = join(folder, 'home')
  const photos = join(folder, 'photos')
  const truth = writeSet(photos)
  const requests: JobRequestInput[] = [{ kind: 'recipe', recipe: 'isc21-descriptor', options: { truth, model: 'basic' } }, { kind: 'recipe', recipe: 'new-against-old', options: { truth, model: 'basic' } }]

  let running = await start(home)
  const whole = await createSet(running, join(folder, 'whole'), photos)
  const expected = []
  const took: number[] = []
  for (const request of requests) {
    const from = performance.now()
    await running.client.jobs.start(request)
    const { runId } = (await finished(running)) as { runId: number }
    took.push(performance.now() - from)
    const run = await running.client.recipes.run({ runId })
    expected.push({ metrics: run.metrics, made: await madeBy(run, whole) })
  }
  // Copies are found: what is compared below is not two empty results.
  expect(expected[0]?.metrics.find(({ name }) => name === 'recall@1')?.value).toBe(1)

  const project = await createSet(running, join(folder, 'killed'), photos)
  const moments: string[] = []
  for (const [i, request] of requests.entries()) {
    await running.client.jobs.start(request)
    // After three starts without an end nobody starts it again but a person.
    for (let kill = 0; kill < 2; kill++) {
      const moment = Math.random() * (took[i] as number) * 0.8
      moments.push(`recipe ${i + 1} after ${Math.round(moment)} ms`)
      await sleep(moment)
      running.engine.child.kill('SIGKILL')
      await running.engine.ended
      running = await start(home, project)
    }
    const { runId } = (await finished(running)) as { runId: number }
    const run = await running.client.recipes.run({ runId })
    expect({ metrics: run.metrics, made: await madeBy(run, project) }, moments.join(', ')).toEqual(expected[i])
    // One run, not one for each start.
    expect((await running.client.recipes.runs({ recipe: run.recipe })).length).toBe(1)
  }
  expect(readdirSync(join(project, 'results')).filter((name) => name.startsWith('.work-'))).toEqual([])
})
