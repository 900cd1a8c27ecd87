import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { attach } from '../../../core/cli/attach.ts'
import type { Session } from '../../../core/cli/session.ts'
import { writePictures } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { says, startEngine, startWinnow, winnow } from '../../support/winnow.ts'

function place(pictures = 8) {
  const folder = temporaryFolder('cli')
  const photos = join(folder, 'photos')
  writePictures(photos, pictures)
  return { folder, photos, home: join(folder, 'home'), project: join(folder, 'p.winnow') }
}

async function client(url: string, token: string): Promise<Session> {
  const session = await attach(url, token)
  onTestFinished(async () => await session.close())
  return session
}

test('from a folder to decisions: each command says one JSON document, and its exit code', async () => {
  const { home, photos, project } = place()
  const created = await winnow(home, ['create', project, '--root', photos, '--name', 'Stripes', '--json'])
  expect(created).toMatchObject({ code: 0 })
  expect(created.json()).toMatchObject({ project: { name: 'Stripes', folder: project, roots: [{ path: photos, role: 'train' }] } })

  const scanned = await winnow(home, ['scan', project, '--json'])
  // Whether a bar is seen depends on how quick the machine is; what came out does not.
  expect(scanned).toMatchObject({ code: 0 })
  expect(scanned.json()).toMatchObject({ job: { kind: 'scan', state: 'done', data: { read: 8 } }, failures: [] })

  const dropped = await winnow(home, ['decide', project, '--drop', 'a/0.ppm', '1.ppm', '--reason', 'blurred', '--json'])
  expect(dropped.json()).toMatchObject({ acts: [{ count: 2, actId: expect.any(Number) }] })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { ready: 8, dropped: 2 }, undo: expect.stringContaining('2') } })
  expect((await winnow(home, ['info', project, 'a/0.ppm', '--json'])).json()).toMatchObject({ images: [{ path: 'a/0.ppm', verdict: 'drop', verdictReason: 'blurred', className: 'a' }] })

  expect((await winnow(home, ['undo', project, '--json'])).json()).toMatchObject({ acts: [{ count: 2 }] })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { dropped: 0 }, undo: null, redo: expect.any(String) } })
  expect((await winnow(home, ['redo', project, '--steps', '3', '--json'])).json()).toMatchObject({ acts: [{ count: 2 }, { actId: null }] })

  const labelled = await winnow(home, ['decide', project, '--label', 'c', join(photos, 'b', '3.ppm'), '--new-class', '--json'])
  expect(labelled).toMatchObject({ code: 0 })
  expect((await winnow(home, ['labels', 'classes', project, '--json'])).json()).toMatchObject({ classes: expect.arrayContaining([expect.objectContaining({ name: 'c', human: 1 })]) })
})

test('what is exported can be verified by anyone, and a change is found', async () => {
  const { home, photos, project, folder } = place(6)
  const target = join(folder, 'dataset')
  await winnow(home, ['create', project, '--root', photos])
  await winnow(home, ['scan', project, '--quiet'])
  await winnow(home, ['decide', project, '--drop', 'a/0.ppm'])
  expect((await winnow(home, ['export', project, target, '--dry-run', '--json'])).json()).toMatchObject({ plan: { images: 5, conflicts: [] } })
  expect(existsSync(target)).toBe(false)
  expect((await winnow(home, ['export', project, target, '--json'])).json()).toMatchObject({ job: { kind: 'export', state: 'done' } })
  expect((await winnow(join(folder, 'another-home'), ['verify', target, '--json'])).json()).toMatchObject({ report: { ok: true } })
  expect((await winnow(home, ['export', project, target])).code).toBe(7)
  writeFileSync(join(target, 'extra.txt'), '')
  expect(await winnow(home, ['verify', target])).toMatchObject({ code: 6, stdout: expect.stringContaining('extra.txt') })
  const asJob = await winnow(home, ['verify', project, target, '--json'])
  expect(asJob.code).toBe(6)
  expect(asJob.json()).toMatchObject({ report: { ok: false, extra: ['extra.txt'] }, job: { kind: 'verify' } })
  expect((await winnow(home, ['verify', photos])).code).toBe(3)
})

test('roles, identities, folds and protection are said from the terminal, and the export carries them', async () => {
  const { home, photos, project, folder } = place(6)
  await winnow(home, ['create', project, '--root', photos, '--protected'])
  await winnow(home, ['scan', project, '--quiet'])
  const said = await winnow(home, ['decide', project, '--role', 'test', 'a/0.ppm', '--identity', 'Bo, left ear', 'a/0.ppm', 'a/2.ppm', '--fold', '3', 'a/2.ppm', '--unprotect', 'b/1.ppm', '--json'])
  expect(said).toMatchObject({ code: 0 })
  expect(said.json()).toMatchObject({ acts: [{ count: 1 }, { count: 1 }, { count: 2 }, { count: 1 }] })
  expect((await winnow(home, ['info', project, 'a/0.ppm', 'a/2.ppm', 'b/1.ppm', '--json'])).json()).toMatchObject({
    images: [{ role: 'test', identity: 'Bo, left ear', fold: null, protected: true }, { role: 'train', identity: 'Bo, left ear', fold: 3 }, { protected: false }]
  })
  expect((await winnow(home, ['info', project, 'a/2.ppm'])).stdout).toContain('role: train, protected, identity Bo, left ear, fold 3')
  const target = join(folder, 'out')
  expect((await winnow(home, ['export', project, target, '--format', 'jsonl', '--split-folders'])).code).toBe(0)
  const rows = readFileSync(join(target, 'metadata.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(rows.find(({ source }) => String(source).endsWith('a/0.ppm'))).toMatchObject({ file_name: 'images/test/a/0.ppm', split: 'test', identity: 'Bo, left ear', fold: null })
  expect(rows.find(({ source }) => String(source).endsWith('a/2.ppm'))).toMatchObject({ split: 'train', identity: 'Bo, left ear', fold: 3 })
  expect((await winnow(home, ['decide', project, '--identity', '-', 'a/0.ppm', '--json'])).json()).toMatchObject({ acts: [{ count: 1 }] })
  for (const wrong of [['--role', 'a/0.ppm'], ['--role', 'king', 'a/0.ppm'], ['--fold', 'x', 'a/0.ppm'], ['--identity', 'Bo']]) expect((await winnow(home, ['decide', project, ...wrong])).code).toBe(2)
})

test('a folder that was moved is told to the project by one command, and nothing is lost', async () => {
  const { home, photos, project, folder } = place(4)
  await winnow(home, ['create', project, '--root', photos, '--exclude', '*.tmp'])
  await winnow(home, ['scan', project, '--quiet'])
  await winnow(home, ['decide', project, '--drop', 'a/0.ppm'])
  renameSync(photos, join(folder, 'moved'))
  const updated = await winnow(home, ['roots', 'update', project, '1', '--path', join(folder, 'moved'), '--role', 'reference', '--protected', '--json'])
  expect(updated.json()).toMatchObject({ root: { path: join(folder, 'moved'), role: 'reference', protected: true, exclude: ['*.tmp'], reachable: true } })
  expect((await winnow(home, ['roots', 'update', project, '1', '--not-protected', '--json'])).json()).toMatchObject({ root: { path: join(folder, 'moved'), role: 'reference', protected: false } })
  expect((await winnow(home, ['scan', project, '--json'])).json()).toMatchObject({ job: { state: 'done', data: { read: 0, unchanged: 4, missing: 0 } } })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { ready: 4, dropped: 1 } } })
  expect((await winnow(home, ['roots', 'update', project, '9', '--role', 'test'])).code).toBe(3)
})

test('a slip in a folder’s name leaves no project behind', async () => {
  const { home, folder, project } = place(0)
  const { code, stderr } = await winnow(home, ['create', project, '--root', join(folder, 'fotos')])
  expect(code).toBe(3)
  expect(stderr).toContain('fotos')
  expect(existsSync(project)).toBe(false)
})

test('what fails is listed and ends with 5; what is wrong ends with its own code', async () => {
  const { home, photos, project, folder } = place(4)
  writeFileSync(join(photos, 'a', 'broken.jpg'), 'no picture at all')
  const created = await winnow(home, ['create', project, '--root', photos])
  expect(created).toMatchObject({ code: 0, stdout: expect.stringContaining(photos) })
  const scanned = await winnow(home, ['scan', project])
  expect(scanned).toMatchObject({ code: 5, stdout: expect.stringContaining('a/broken.jpg: not-an-image') })
  expect(await winnow(home, ['jobs', 'failures', project, '1'])).toMatchObject({ code: 0, stdout: expect.stringContaining('a/broken.jpg') })

  const codes = async (...args: string[]): Promise<number | null> => (await winnow(home, args)).code
  expect(await codes('create', project)).toBe(7)
  expect(await codes('info', join(folder, 'nowhere'))).toBe(3)
  expect(await codes('decide', project, '--drop', 'nowhere.ppm')).toBe(3)
  expect(await codes('decide', project, '--label', 'nobody', 'a/0.ppm')).toBe(3)
  expect(await codes('decide', project)).toBe(2)
  expect(await codes('decide', project, '--accept-duplicates', '--threshold', '1.5')).toBe(2)
  expect(await codes('frobnicate')).toBe(2)
  expect(await codes('info')).toBe(2)
  expect(await codes('--help')).toBe(0)
  expect(await codes('info', '-', '--engine', 'http://192.168.1.1:4600', '--token', 'x')).toBe(2)
  expect(await codes('info', '-', '--engine', 'http://127.0.0.1:1', '--token', 'x')).toBe(4)
})

test('an error is one JSON document too', async () => {
  const { home, folder } = place(0)
  const missing = await winnow(home, ['info', join(folder, 'nowhere'), '--json'])
  expect(missing.json()).toMatchObject({ error: { code: 'NOT_FOUND', message: expect.stringContaining('nowhere') } })
  expect((await winnow(home, ['info', '--json'])).json()).toMatchObject({ error: { code: 'USAGE' } })
})

test('a path that several images end with is not guessed', async () => {
  const { home, photos, project } = place(2)
  for (const name of ['x', 'y']) {
    mkdirSync(join(photos, name))
    writePictures(join(photos, name), 1, ['same'])
  }
  await winnow(home, ['create', project, '--root', photos])
  await winnow(home, ['scan', project, '--quiet'])
  const { code, stderr } = await winnow(home, ['decide', project, '--drop', 'same/0.ppm'])
  expect(code).toBe(2)
  expect(stderr).toContain('could be 2 images')
  expect((await winnow(home, ['decide', project, '--drop', 'x/same/0.ppm'])).code).toBe(0)
})

test('a project held by a process that serves no one is left alone', async () => {
  const { home, folder } = place(0)
  const holder = fork(new URL('../project/holdProject.ts', import.meta.url), [join(folder, 'held')], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder, 'message')
  const { code, stderr } = await winnow(home, ['info', join(folder, 'held.winnow')])
  expect(code).toBe(4)
  expect(stderr).toContain(`process ${holder.pid}`)
})

test('while a window has the project open, the terminal works through its engine, and the window hears of it', async () => {
  const { home, photos, project } = place()
  await winnow(home, ['create', project, '--root', photos])
  const engine = await startEngine(home, ['--project', project])
  const window = await client(engine.url, engine.token)
  const changes = await window.client.app.changes()
  while ((await window.client.project.current()) === null) await changes.next()
  expect(statSync(join(project, 'engine.json')).mode & 0o777).toBe(0o600)

  const scanned = await winnow(home, ['scan', project, '--json'])
  expect(scanned).toMatchObject({ code: 0, stderr: expect.stringContaining('Working through Winnow') })
  expect((await window.client.project.current())?.counts.ready).toBe(8)
  expect((await winnow(home, ['decide', project, '--drop', 'a/0.ppm'])).code).toBe(0)
  for await (const change of changes) {
    if (change.topic === 'decisions') break
  }
  expect((await window.client.project.current())?.counts.dropped).toBe(1)
  // The same by address and token, as to a server through a tunnel.
  expect((await winnow(home, ['info', '-', '--engine', engine.url, '--json'], { WINNOW_TOKEN: engine.token })).json()).toMatchObject({ project: { counts: { dropped: 1 } } })
  expect((await winnow(home, ['info', '-', '--engine', engine.url, '--token', 'wrong'])).code).toBe(4)
  expect((await winnow(home, ['info', `${project}-other`, '--engine', engine.url, '--token', engine.token])).code).toBe(7)

  // A second engine is told who holds it, not how to get in.
  const second = await startEngine(join(home, 'second'))
  const other = await client(second.url, second.token)
  const refused: unknown = await other.client.project.open({ folder: project }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'LOCKED', message: expect.stringContaining(`process ${engine.child.pid}`) })
  expect(JSON.stringify(refused)).not.toContain(engine.token)

  // When the process that started it is gone, the engine ends by itself and lets the project go.
  engine.child.disconnect()
  await engine.ended
  expect(existsSync(join(project, 'engine.json'))).toBe(false)
  expect((await other.client.project.open({ folder: project })).counts.dropped).toBe(1)
})

test('Ctrl-C cancels the job and keeps what is done; the next run goes on', async () => {
  const { home, photos, project } = place(1500)
  await winnow(home, ['create', project, '--root', photos])
  const { child, ended } = startWinnow(home, ['scan', project, '--json', '--workers', '1'])
  await says(child, 'Reading images')
  child.kill('SIGINT')
  const cancelled = await ended
  expect(cancelled).toMatchObject({ code: 130, stderr: expect.stringContaining('Cancelling') })
  expect(cancelled.json()).toMatchObject({ job: { state: 'cancelled' } })
  expect(await winnow(home, ['scan', project])).toMatchObject({ code: 0 })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ project: { counts: { ready: 1500 } } })
})

test('a job whose process was killed goes on when an engine opens the project', async () => {
  const { home, photos, project } = place(1500)
  await winnow(home, ['create', project, '--root', photos])
  const { child, ended } = startWinnow(home, ['scan', project, '--workers', '1'])
  await says(child, 'Reading images')
  child.kill('SIGKILL')
  await ended
  const engine = await startEngine(home, ['--project', project])
  const { client: window } = await client(engine.url, engine.token)
  const changes = await window.app.changes()
  for (;;) {
    if ((await window.project.current()) !== null) {
      const [job] = await window.jobs.list()
      if (job?.state === 'done') break
    }
    await changes.next()
  }
  expect((await window.project.current())?.counts).toMatchObject({ images: 1500, ready: 1500 })
})

test.each([
  ['with a token that no header can carry', [], { WINNOW_TOKEN: 'my pass!' }, /WINNOW_TOKEN must be 16 to 200/],
  ['for an engine elsewhere, which a browser opens by its own address', ['--engine', 'http://127.0.0.1:4600', '--token', 'a'], {}, /open the address that it printed/]
])('serve does not start %s', async (_why, options, env, sentence) => {
  const { code, stderr } = await winnow(place().home, ['serve', ...options], env)
  expect(stderr).toMatch(sentence)
  expect(code).toBe(2)
})

test('serve prints an address that opens one window, and another after each use', async () => {
  const { home, photos, project } = place(2)
  await winnow(home, ['create', project, '--root', photos])
  const { child, ended } = startWinnow(home, ['serve', project, '--json'])
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  const { address, url, token } = JSON.parse(String(line)) as { address: string; url: string; token: string }
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(303)
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(401)
  const { client: window } = await client(url, token)
  expect(await window.project.current()).toMatchObject({ folder: project })
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/For another one: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}/)
  expect(existsSync(join(project, 'engine.json'))).toBe(false)
})

test('a model is not taken over while a question is open', async () => {
  const { home, folder } = place(0)
  const listed = await winnow(home, ['models', 'list', '--json'])
  expect(listed.json()).toMatchObject({ models: [{ isDefault: true }, { isDefault: false }] })
  writeFileSync(join(folder, 'text.onnx'), 'this is no model')
  const refused = await winnow(home, ['models', 'add', join(folder, 'text.onnx'), '--json'])
  expect(refused.code).not.toBe(0)
  expect(refused.json()).toMatchObject({ error: { message: expect.stringContaining('text.onnx') } })
  expect((await winnow(home, ['models', 'default', 'nothing'])).code).toBe(3)
})

const mobilenet = join(process.env.WINNOW_SHARED ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared'), 'models', 'mobilenet-v2-1280.onnx')

test.skipIf(!existsSync(mobilenet))('a model that the user brings is taken over, used and removed from the terminal (needs shared/models)', async () => {
  const { home, photos, project } = place(4)
  expect((await winnow(home, ['models', 'inspect', mobilenet, '--json'])).json()).toMatchObject({ draft: { input: { width: 224, height: 224 }, output: { dim: 1280 } }, questions: expect.arrayContaining([expect.objectContaining({ field: 'colour' })]) })
  expect((await winnow(home, ['models', 'add', mobilenet])).code).toBe(2)
  const added = await winnow(home, ['models', 'add', mobilenet, '--values', 'imagenet', '--resize', 'crop', '--colour', 'RGB', '--licence', 'Apache-2.0', '--source', 'test data', '--default', '--json'])
  expect(added.json()).toMatchObject({ model: { card: { id: 'mobilenet-v2-1280', colour: 'RGB', resize: { mode: 'crop' } }, isDefault: true, state: 'ready' } })
  await winnow(home, ['create', project, '--root', photos])
  await winnow(home, ['scan', project, '--quiet'])
  expect((await winnow(home, ['embed', project, '--json'])).json()).toMatchObject({ job: { state: 'done', data: { embedded: 4, provider: expect.any(String) } } })
  expect((await winnow(home, ['info', project, '--json'])).json()).toMatchObject({ descriptors: [{ model: 'mobilenet-v2-1280', dim: 1280, rows: 4, waiting: 0 }] })
  expect((await winnow(home, ['models', 'remove', 'mobilenet-v2-1280', '--json'])).json()).toMatchObject({ models: [{ card: { id: 'winnow-s' }, isDefault: true }, { card: { id: 'basic' } }] })
})
