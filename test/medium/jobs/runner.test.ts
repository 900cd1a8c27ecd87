import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest, type Job } from '../../../core/contract/jobs.ts'
import { WinnowError } from '../../../core/domain/errors.ts'
import type { Engine } from '../../../core/engine.ts'
import type { JobContext, JobHandlers, JobResult } from '../../../core/jobs/job.ts'
import { JobRunner } from '../../../core/jobs/runner.ts'
import { Project } from '../../../core/project/project.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

type Work = (context: JobContext, request: { readonly kind: string; readonly ids?: readonly number[] | undefined }) => Promise<JobResult>

const scan = jobRequest.parse({ kind: 'scan' })
const embed = jobRequest.parse({ kind: 'embed' })

/** The jobs of a project whose only work is what the test says. */
async function runnerOf(folder: string, work: Work): Promise<{ project: Project; jobs: JobRunner; heard: Job[] }> {
  const project = await Project.open(folder)
  const handler = (request: Parameters<Work>[1], context: JobContext): Promise<JobResult> => work(context, request)
  const jobs = new JobRunner({} as Engine, project, { scan: handler, embed: handler } as unknown as JobHandlers)
  const heard: Job[] = []
  project.onChange((change) => change.topic === 'job' && heard.push(change.job))
  onTestFinished(async () => await project.close().catch(() => undefined))
  return { project, jobs, heard }
}

async function newProject(): Promise<string> {
  const project = await Project.create(join(temporaryFolder('jobs'), 'p'), 'P')
  await project.close()
  return project.folder
}

const untilAborted = ({ signal }: JobContext): Promise<JobResult> => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))

test('jobs run one after the other; each tells how far it is, what did not work and what came out', async () => {
  let running = 0
  const { jobs, heard } = await runnerOf(await newProject(), async ({ report, fail, note }, { kind }) => {
    expect(++running).toBe(1)
    report('Working', 1, 3)
    fail({ imageId: 7, subject: 'a.jpg', reason: 'truncated', detail: 'The file ends early.' })
    note('A remark.')
    note('A remark.')
    await Promise.resolve()
    running--
    return { result: `${kind} is done.`, data: { n: 1 } }
  })
  const started = await Promise.all([jobs.start(scan), jobs.start(embed)])
  const [first, second] = await Promise.all(started.map(({ id }) => jobs.done(id)))
  expect(first).toMatchObject({ state: 'done', result: 'scan is done.', data: { n: 1 }, failures: 1, notes: ['A remark.'], progress: { stage: 'Working', done: 1, total: 3 }, error: null })
  expect(second).toMatchObject({ state: 'done', result: 'embed is done.' })
  expect(heard.map(({ id, state }) => `${id} ${state}`)).toEqual(expect.arrayContaining(['1 running', '1 done', '2 running', '2 done']))
})

test('a cancelled job ends as such, running or waiting, and can go on', async () => {
  const { jobs } = await runnerOf(await newProject(), untilAborted)
  const running = await jobs.start(scan)
  const waiting = await jobs.start(embed)
  await jobs.cancel(waiting.id)
  await jobs.cancel(running.id)
  expect(await jobs.list()).toMatchObject([{ kind: 'embed', state: 'cancelled' }, { kind: 'scan', state: 'cancelled' }])
  expect(await jobs.resume(running.id)).toMatchObject({ id: running.id, state: expect.stringMatching(/queued|running/) })
  await jobs.close()
})

test('what was not finished when the project closed goes on when it opens, in the same order', async () => {
  const folder = await newProject()
  const before = await runnerOf(folder, untilAborted)
  await before.jobs.start(scan)
  await before.jobs.start(embed)
  await before.jobs.close()
  await before.project.close()

  const order: string[] = []
  const { jobs } = await runnerOf(folder, async (_context, { kind }) => {
    order.push(kind)
    return await Promise.resolve({ result: 'Done.' })
  })
  const ids = await jobs.recover()
  expect(await Promise.all(ids.map((id) => jobs.done(id)))).toMatchObject([{ state: 'done' }, { state: 'done' }])
  expect(order).toEqual(['scan', 'embed'])
  expect(await jobs.recover()).toEqual([])
})

/** As a job that kills the engine does: the first is started, and its end is never written. Returns what was taken up. */
async function openAndDie(folder: string): Promise<number[]> {
  // Not before its work has begun: a project that closes under a job that is still being read would be the job's failure, and be stored.
  const begun = Promise.withResolvers<undefined>()
  const { project, jobs } = await runnerOf(folder, async () => {
    begun.resolve(undefined)
    return await new Promise<JobResult>(() => undefined)
  })
  const ids = await jobs.recover()
  if (ids.length > 0) await begun.promise
  await project.close()
  return ids
}

test('a job during which the engine ended three times in a row is no longer started by itself, says so, and can be resumed by hand', async () => {
  const folder = await newProject()
  const { project, jobs } = await runnerOf(folder, untilAborted)
  const [killer, waiting] = [(await jobs.start(scan)).id, (await jobs.start(embed)).id]
  await jobs.close()
  await project.close()
  const both = [killer, waiting]
  expect([await openAndDie(folder), await openAndDie(folder)]).toEqual([both, both])
  // An ordinary close is an end: the two before no longer count.
  const closed = await runnerOf(folder, untilAborted)
  expect(await closed.jobs.recover()).toEqual(both)
  await closed.jobs.close()
  await closed.project.close()

  expect([await openAndDie(folder), await openAndDie(folder), await openAndDie(folder)]).toEqual([both, both, both])
  const last = await runnerOf(folder, async () => await Promise.resolve({ result: 'Done.' }))
  expect(await last.jobs.recover()).toEqual([waiting])
  expect(await last.jobs.byId(killer)).toMatchObject({ state: 'interrupted', error: expect.stringMatching(/ended 3 times in a row.*by hand/) })
  expect(await last.jobs.done(waiting)).toMatchObject({ state: 'done' })
  await last.jobs.resume(killer)
  expect(await last.jobs.done(killer)).toMatchObject({ state: 'done', result: 'Done.', error: null })
})

test('only the images that failed are tried again; where a folder failed, everything is', async () => {
  const asked: (readonly number[] | undefined)[] = []
  let failing: { imageId: number | null; subject: string }[] = [{ imageId: 4, subject: 'a.jpg' }, { imageId: 9, subject: 'b.jpg' }]
  const { jobs } = await runnerOf(await newProject(), async ({ fail }, { ids }) => {
    asked.push(ids)
    for (const failure of failing) fail({ ...failure, reason: 'unreadable', detail: '' })
    return await Promise.resolve({ result: '' })
  })
  const { id } = await jobs.start(scan)
  await jobs.done(id)
  failing = [{ imageId: 4, subject: 'a.jpg' }, { imageId: null, subject: '/photos/locked' }]
  const again = await jobs.retryFailed(id)
  await jobs.done(again.id)
  failing = []
  expect(await jobs.done((await jobs.retryFailed(again.id)).id)).toMatchObject({ id: again.id, failures: 0 })
  expect(asked).toEqual([undefined, [4, 9], [4, 9]])
})

test('a failure says what to do; one of our own is named so that it can be reported', async () => {
  let error: Error = new WinnowError('UNAVAILABLE', 'The disk is full. Free some space.')
  const { jobs } = await runnerOf(await newProject(), async () => await Promise.reject(error))
  const { id } = await jobs.start(scan)
  expect(await jobs.done(id)).toMatchObject({ state: 'failed', error: 'The disk is full. Free some space.' })
  error = new TypeError('x is undefined')
  expect(await jobs.done((await jobs.start(embed)).id)).toMatchObject({ state: 'failed', error: 'Unexpected TypeError: x is undefined' })
})

test('a job whose end cannot be written is shown as failed, and the next one runs', async () => {
  const folder = await newProject()
  let full = true
  const { project, jobs } = await runnerOf(folder, async (_context, { kind }) => {
    if (full && kind === 'scan') {
      // As a full disk does: from now on, nothing can be said of a job any more.
      const db = new Database(join(folder, 'project.db'))
      db.exec(`CREATE TRIGGER full BEFORE UPDATE ON job WHEN NEW.kind = 'scan' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
      db.close()
    }
    return await Promise.resolve({ result: 'Done.' })
  })
  const { id } = await jobs.start(scan)
  expect(await jobs.done(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('disk is full') })
  expect(await jobs.done((await jobs.start(embed)).id)).toMatchObject({ state: 'done' })
  expect(await project.read.jobs.byId(id)).toMatchObject({ state: 'running' })

  const db = new Database(join(folder, 'project.db'))
  db.exec('DROP TRIGGER full')
  db.close()
  full = false
  await jobs.resume(id)
  expect(await jobs.done(id)).toMatchObject({ state: 'done', result: 'Done.', error: null })
})
