import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { App } from '../../../core/app/app.ts'
import { completeFolder } from '../../../core/app/completeFolder.ts'
import { JsonFile } from '../../../core/app/jsonFile.ts'
import { stderrLog } from '../../../core/app/log.ts'
import { placesOf } from '../../../core/app/home.ts'
import { createRouter, localClient } from '../../../core/server/router.ts'
import { z } from 'zod'
import { writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'

function start() {
  const folder = temporaryFolder('app')
  const app = new App({ places: placesOf({ home: join(folder, 'home') }), program: 'test', face: 'browser', log: stderrLog, resumeJobs: true, visionWorkers: 1 })
  onTestFinished(async () => await app.close())
  return { folder, app, client: localClient(createRouter(app.services), stderrLog) }
}

test('a project that was open is offered again with its pictures, until it is forgotten', async () => {
  const { folder, app, client } = start()
  const photos = join(folder, 'photos')
  writePictures(photos, 6)
  const { folder: suggested } = await client.project.suggestFolder({ name: 'My stripes' })
  const made = await client.project.create({ folder: suggested, name: 'My stripes' })
  expect(made.folder).toBe(join(folder, 'home', 'projects', 'My stripes.winnow'))
  expect((await client.project.suggestFolder({ name: 'My stripes' })).folder).toBe(join(folder, 'home', 'projects', 'My stripes 2.winnow'))
  await client.roots.add({ path: photos })
  const { id } = await client.jobs.start({ kind: 'scan' })
  await app.engine.current.jobs.done(id)
  await client.project.close()
  expect(await client.project.current()).toBeNull()
  const [card] = await client.app.recent()
  expect(card).toMatchObject({ folder: made.folder, name: 'My stripes', images: 6, exists: true, sample: false })
  expect(card?.mosaic).toHaveLength(4)
  expect(card?.mosaic.every((picture) => picture.startsWith('data:image/webp;base64,'))).toBe(true)
  rmSync(made.folder, { recursive: true })
  expect((await client.app.recent())[0]).toMatchObject({ exists: false })
  await client.app.forget({ folder: made.folder })
  expect(await client.app.recent()).toEqual([])
})

test('a project that cannot be opened leaves the open one open', async () => {
  const { folder, client } = start()
  await client.project.create({ folder: join(folder, 'a'), name: 'A' })
  await expect(client.project.open({ folder: join(folder, 'nowhere') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.project.create({ folder: join(folder, 'a'), name: 'A' })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await client.project.current()).toMatchObject({ name: 'A' })
  expect(await client.project.open({ folder: join(folder, 'a') })).toMatchObject({ name: 'A' })
})

test('two windows that open different projects at once are answered one after the other', async () => {
  const { folder, client } = start()
  await client.project.create({ folder: join(folder, 'a'), name: 'A' })
  await client.project.create({ folder: join(folder, 'b'), name: 'B' })
  const opened = await Promise.all(['a', 'b', 'a', 'b'].map(async (name) => await client.project.open({ folder: join(folder, name) })))
  expect(opened.map(({ name }) => name)).toEqual(['A', 'B', 'A', 'B'])
  expect(await client.project.current()).toMatchObject({ name: 'B' })
})

test('a sample whose drawing was cut short goes on when it is opened again; one that is drawn is only opened', async () => {
  const { app, client } = start()
  const state = async (): Promise<string> => (await client.jobs.list()).map((job) => `${job.kind} ${job.state}`).join()
  await client.project.sample()
  const [job] = await client.jobs.list()
  await vi.waitFor(async () => expect(await client.roots.list()).toHaveLength(1), { timeout: 30_000 })
  await client.jobs.cancel({ jobId: job?.id ?? 0 })
  expect(await state()).toBe('sample cancelled')
  await client.project.sample()
  expect(await state()).toMatch(/^sample (queued|running)$/)
  await client.jobs.cancel({ jobId: job?.id ?? 0 })
  await app.engine.current.project.write.jobs.finish(job?.id ?? 0, 'done', 0, null, null)
  await client.project.sample()
  expect(await state()).toBe('sample done')
})

test('without a project, what needs one says so; settings of machine and project are kept apart', async () => {
  const { folder, client } = start()
  await expect(client.images.view({ filter: {} })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('No project is open') })
  await expect(client.roots.add({ path: folder })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  writePictures(join(folder, 'photos'), 3)
  expect(await client.roots.preview({ path: join(folder, 'photos') })).toMatchObject({ images: 3 })
  await expect(client.roots.list()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await client.app.saveSetting({ key: 'theme', value: 'dark' })
  await client.app.saveSetting({ key: 'size', value: 3 })
  await client.app.saveSetting({ key: 'size', value: null })
  expect(await client.app.settings()).toEqual({ theme: 'dark' })
  await client.project.create({ folder: join(folder, 'a'), name: 'A' })
  await client.project.saveSetting({ key: 'theme', value: { dark: false } })
  expect(await client.project.setting({ key: 'theme' })).toEqual({ dark: false })
  expect(await client.app.info()).toMatchObject({ face: 'browser', sampleExists: false, version: expect.stringMatching(/^\d/) })
})

test('a field that completes lists folders only, hidden ones when asked, and never fails', async () => {
  const folder = temporaryFolder('complete')
  for (const name of ['cats', 'Cars', 'dogs', '.cache', ...Array.from({ length: 30 }, (_, index) => `many${index}`)]) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'cat.txt'), '')
  symlinkSync(join(folder, 'cats'), join(folder, 'cat-link'))
  symlinkSync(join(folder, 'nowhere'), join(folder, 'cat-broken'))
  const names = async (prefix: string): Promise<string[]> => (await completeFolder(prefix, folder)).map((path) => path.slice(folder.length + 1))
  expect(await names(`${folder}/ca`)).toEqual(['Cars', 'cat-link', 'cats'])
  expect(await names(`${folder}/.c`)).toEqual(['.cache'])
  expect(await names('~/do')).toEqual(['dogs'])
  expect(await names(`${folder}/`)).toHaveLength(20)
  expect(await names(`${folder}/`)).not.toContain('.cache')
  expect(await completeFolder(`${folder}/nowhere/deep/x`)).toEqual([])
  expect(await completeFolder('relative/pa')).toEqual([])
  expect(await completeFolder('\u0000')).toEqual([])
})

test('a small file is always whole, whoever writes at once, and a broken one is started anew', async () => {
  const file = join(temporaryFolder('json'), 'deep', 'counts.json')
  const counts = new JsonFile(file, z.record(z.string(), z.number()), {})
  expect(await counts.read()).toEqual({})
  await Promise.all(Array.from({ length: 20 }, async (_, index) => await counts.update((all) => ({ ...all, [`k${index}`]: index }))))
  expect(Object.keys(await counts.read())).toHaveLength(20)
  writeFileSync(file, '{"half')
  expect(await counts.read()).toEqual({})
  expect(await counts.update((all) => ({ ...all, a: 1 }))).toEqual({ a: 1 })
})
