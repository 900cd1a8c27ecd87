/** Runs whose engine was killed: nothing goes on with them until somebody resumes their job, and what is shown and may be done must say so. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest } from '../../../core/contract/jobs.ts'
import { recipe } from '../../../core/contract/recipes.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import type { RunStepRecord } from '../../../core/project/repositories/recipes.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const body = recipe.parse({ format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['all'], steps: [{ id: 'all', use: 'labels' }] })
const request = jobRequest.parse({ kind: 'recipe', body })

/** A project as a killed engine leaves it: a job that runs, its run and its step that run. */
async function killed(): Promise<{ open: OpenProject; jobId: number; runId: number }> {
  const folder = temporaryFolder('interrupted-runs')
  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  const open = await engine.createProject(join(folder, 'p'), 'p')
  const { write } = open.project
  await open.recipes.save({ recipe: body })
  const jobId = await write.jobs.create(request, 1)
  await write.jobs.start(jobId, 2)
  const step: RunStepRecord = { step: 'all', use: 'labels', title: 'Read labels', params: {}, inputs: {}, state: 'running', resultId: null }
  const runId = await write.recipes.startRun({ recipe: 'mine', title: 'Mine', body, options: {}, overrides: {}, jobId, startedAt: 3 }, [step])
  return { open, jobId, runId }
}

const statesOf = async ({ recipes }: OpenProject, runId: number): Promise<unknown[]> => {
  const { state, steps } = await recipes.run({ runId })
  const listed = (await recipes.list()).find(({ name }) => name === 'mine')
  return [(await recipes.runs({})).find((run) => run.runId === runId)?.state, listed?.lastRun?.state, state, steps[0]?.state]
}

test('a run is going on while its job is; interrupted, it is not, and it can be removed', async () => {
  const { open, runId } = await killed()
  expect(await statesOf(open, runId)).toEqual(['running', 'running', 'running', 'running'])
  await expect(open.recipes.removeRun({ runId })).rejects.toMatchObject({ code: 'CONFLICT' })
  await open.project.write.jobs.markInterrupted()
  expect(await statesOf(open, runId)).toEqual(['cancelled', 'cancelled', 'cancelled', 'waiting'])
  await open.recipes.removeRun({ runId })
  expect(await open.recipes.runs({})).toEqual([])
})

test('an interrupted job that is resumed takes up its run', async () => {
  const { open, jobId, runId } = await killed()
  await open.project.write.jobs.markInterrupted()
  await open.jobs.resume(jobId)
  expect(await open.jobs.done(jobId)).toMatchObject({ state: 'done', data: { runId } })
  expect(await statesOf(open, runId)).toEqual(['done', 'done', 'done', 'done'])
})

test('the run of a dismissed job is over, whatever job gets the number of that job', async () => {
  const { open, jobId, runId } = await killed()
  await open.project.write.jobs.markInterrupted()
  await open.jobs.dismiss(jobId)
  expect(await statesOf(open, runId)).toEqual(['cancelled', 'cancelled', 'cancelled', 'waiting'])
  const next = await open.jobs.start(request)
  expect(next.id).toBe(jobId)
  const { data } = await open.jobs.done(next.id)
  expect((data as { runId: number }).runId).not.toBe(runId)
  expect((await statesOf(open, runId))[0]).toBe('cancelled')
  await open.recipes.removeRun({ runId })
  expect((await open.recipes.runs({})).map(({ state }) => state)).toEqual(['done'])
})
