import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobRequest, type JobRequestInput } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { imagesOfGroups } from '../../../core/dedupe/groupColumns.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { sampleFolder } from '../../../core/sample/drawSample.ts'
import { scoreSample } from '../../../core/sample/score.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const run = async ({ jobs }: OpenProject, request: JobRequestInput) => {
  const { id } = await jobs.start(jobRequest.parse(request))
  return await jobs.done(id)
}

/** Groups and predictions by path, so that two projects can be compared. */
async function understood({ project, duplicates, images }: OpenProject): Promise<unknown> {
  const groups = await duplicates.resolveGroups(await duplicates.settings(), 'all', { state: 'all' })
  const byId = async (ids: readonly number[]): Promise<string[]> => (await images.rows({ ids: [...ids] })).map(({ path }) => path)
  const named = await Promise.all(imagesOfGroups(groups).map(async ([keeper, ...members]) => [...(await byId([keeper as number])), ...(await byId(members)).toSorted()]))
  const run = await project.read.predictions.liveRun()
  const predictions = run === null ? [] : await project.read.exports.predictions(run)
  return { groups: named.toSorted(), predictions: predictions.map(({ path, className }) => [path, className]).toSorted() }
}

test('the sample comes ready to review; without its truth file the same groups and labels are found', async () => {
  const home = temporaryFolder('sample-job')
  const engine = new Engine({ home, program: 'test', visionWorkers: 2 })
  onTestFinished(async () => await engine.close())
  const folder = sampleFolder(home)
  const first = await engine.createProject(join(home, 'first'), 'Sample', { sample: true })
  const job = await run(first, { kind: 'sample', count: 64, seed: 11 })
  expect(job).toMatchObject({ state: 'done', error: null, failures: 1 })
  expect(await first.project.read.roots.list()).toMatchObject([{ path: folder.images, images: 64, problems: 1 }])
  const score = await scoreSample(first, folder.truth)
  expect(score.byEdit.exact).toEqual({ planted: 3, found: 3 })
  expect(score.predictions.judged).toBeGreaterThan(0)
  const withTruth = await understood(first)
  const again = await run(first, { kind: 'sample', count: 64, seed: 11 })
  expect(again.result).toMatch(/^The sample was already drawn/)
  expect(await first.project.read.roots.list()).toHaveLength(1)

  rmSync(folder.truth)
  const second = await engine.createProject(join(home, 'second'), 'Sample again')
  await second.roots.add(rootSpec.parse({ path: folder.images }))
  expect(await run(second, { kind: 'prepare' })).toMatchObject({ state: 'done' })
  expect(await understood(second)).toEqual(withTruth)
  await expect(scoreSample(second, folder.truth)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
