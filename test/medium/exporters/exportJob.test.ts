import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { exportSpec } from '../../../core/contract/exports.ts'
import { jobRequest, type JobRequestInput } from '../../../core/contract/jobs.ts'
import { rootSpec } from '../../../core/contract/project.ts'
import { Engine, type OpenProject } from '../../../core/engine.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

const run = async ({ jobs }: OpenProject, request: JobRequestInput) => await jobs.done((await jobs.start(jobRequest.parse(request))).id)

async function open(): Promise<{ open: OpenProject; folder: string; pictures: string; target: string }> {
  const folder = temporaryFolder('export-job')
  const pictures = join(folder, 'pictures')
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    mkdirSync(join(pictures, name), { recursive: true })
    for (let n = 0; n < 3; n++) await sharp({ create: { width: 40 + n, height: 30, channels: 3, background: { r: i * 100, g: n * 90, b: 40 } } }).png().toFile(join(pictures, name, `${n}.png`))
  }
  writeFileSync(join(pictures, 'a', 'broken.png'), 'no picture')
  const engine = new Engine({ home: join(folder, 'home'), program: 'test', visionWorkers: 1 })
  onTestFinished(async () => await engine.close())
  const opened = await engine.createProject(join(folder, 'project'), 'Job')
  await opened.roots.add(rootSpec.parse({ path: pictures }))
  expect(await run(opened, { kind: 'scan' })).toMatchObject({ state: 'done' })
  return { open: opened, folder, pictures, target: join(folder, 'out', 'dataset') }
}

test('from folder to verified export, with a decision in between', async () => {
  const { open: opened, target } = await open()
  const view = await opened.images.view({ filter: { text: 'b/1' }, sort: 'path' })
  await opened.decisions.apply({ kind: 'verdict', selection: { viewId: view.viewId }, value: 'drop', reason: 'ugly' })
  const plan = await opened.exports.plan(exportSpec.parse({ target }))
  expect(plan).toMatchObject({ images: 8, conflicts: [], excluded: expect.arrayContaining([{ reason: 'dropped', count: 1 }]) as unknown })
  const job = await run(opened, { kind: 'export', spec: exportSpec.parse({ target }) })
  expect(job).toMatchObject({ state: 'done', error: null, data: { images: 8, target } })
  expect(await opened.exports.history()).toMatchObject([{ images: 8, target, format: 'imagefolder' }])
  expect(await run(opened, { kind: 'verify', target })).toMatchObject({ state: 'done', data: { ok: true }, failures: 0 })
  rmSync(join(target, 'a', '0.png'))
  writeFileSync(join(target, 'more.txt'), '')
  const report = await run(opened, { kind: 'verify', target })
  expect(report).toMatchObject({ state: 'done', data: { ok: false, missing: ['a/0.png'], extra: ['more.txt'] }, failures: 2 })
  expect(report.result).toBe('Not as it was exported: 1 missing, 1 that do not belong there.')
})

test('a view is exported as it was when the job began, also when the job goes on after the view has gone', async () => {
  const { open: opened, pictures, target } = await open()
  const { viewId } = await opened.images.view({ filter: { folder: ['c'] }, sort: 'path' })
  const file = join(pictures, 'c', '0.png')
  writeFileSync(file, 'changed since the scan')
  const failed = await run(opened, { kind: 'export', spec: exportSpec.parse({ target, selection: { viewId } }) })
  expect(failed).toMatchObject({ state: 'failed', failures: 1 })
  expect(failed.error).toMatch(/c\/0\.png changed on disk since the scan/)
  expect(await opened.jobs.list()).toHaveLength(2)
  expect(await run(opened, { kind: 'scan' })).toMatchObject({ state: 'done' })
  for (let i = 0; i < 40; i++) opened.views.add(Int32Array.of(1))
  await opened.jobs.resume(failed.id)
  expect(await opened.jobs.done(failed.id)).toMatchObject({ state: 'done', data: { images: 2, excluded: 8 } })
  expect(await opened.project.read.exports.heldSelection(failed.id)).toBeNull()
})
