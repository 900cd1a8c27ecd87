/** The whole main job through the engine process, which is killed without warning again and again: nothing that was confirmed may be lost. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { attach } from '../../../core/cli/attach.ts'
import type { JobRequestInput } from '../../../core/contract/jobs.ts'
import { verifyExport } from '../../../core/exporters/verifyExport.ts'
import type { ContractClient } from '../../../core/server/router.ts'
import { ppm } from '../../support/pictures.ts'
import { temporaryFolder } from '../../support/temporaryFolder.ts'
import { startEngine, type StartedEngine } from '../../support/winnow.ts'

const classes = ['kites', 'lamps', 'mugs']
const perClass = 60
/** How often each job is killed. */
const kills: Readonly<Record<string, number>> = { scan: 2, embed: 2, duplicates: 1, pseudo: 1, export: 2 }

/** Class folders, images without a class, and exact copies of some of both. */
function writeDataset(folder: string): void {
  for (const [number, name] of [...classes, ''].entries()) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let i = 0; i < perClass; i++) {
      const file = join(folder, name, `${name || 'new'}-${i}.ppm`)
      writeFileSync(file, ppm(number * 1000 + i, 160, 120))
      if (i % 10 === 0) copyFileSync(file, join(folder, name, `copy-of-${name || 'new'}-${i}.ppm`))
    }
  }
}

const contents = (folder: string): [string, string][] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => [join(entry.parentPath, entry.name), createHash('sha256').update(readFileSync(join(entry.parentPath, entry.name))).digest('hex')])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))

interface Running {
  readonly engine: StartedEngine
  readonly client: ContractClient
  readonly ids: (viewId: string) => Promise<Int32Array>
}

async function start(home: string, project?: string): Promise<Running> {
  const engine = await startEngine(home, project ? ['--project', project] : [])
  const session = await attach(engine.url, engine.token)
  onTestFinished(async () => await session.close())
  if (project) while ((await session.client.project.current()) === null) await sleep(20)
  return { engine, client: session.client, ids: session.ids }
}

/** Waits until the newest job of this kind is over; it must have come to its end. */
async function finished({ client }: Running, kind: string): Promise<void> {
  for (;;) {
    const job = (await client.jobs.list()).find((one) => one.kind === kind)
    if (job && job.state !== 'queued' && job.state !== 'running') return expect(job).toMatchObject({ state: 'done', error: null })
    await sleep(20)
  }
}

const jobs = (target: string): JobRequestInput[] => [{ kind: 'scan' }, { kind: 'embed' }, { kind: 'duplicates' }, { kind: 'pseudo' }, { kind: 'export', spec: { target } }]

/** Everything that the machine found, by path. */
async function findings({ client, ids }: Running): Promise<unknown> {
  const paths = new Map<number, string>()
  const all = await ids((await client.images.view({ filter: {} })).viewId)
  for (const row of await client.images.rows({ ids: [...all] })) paths.set(row.id, row.path)
  const settings = await client.duplicates.settings()
  const { groups } = await client.duplicates.groups({ settings, filter: { state: 'all' } })
  const rows = (await Promise.all(Array.from({ length: Math.ceil(groups.length / 60) }, (_, i) => client.duplicates.rows({ settings, groups: groups.slice(i * 60, i * 60 + 60) })))).flat()
  const run = (await client.labels.runs()).findLast(({ kind }) => kind === 'knn')
  const queue = run ? [...(await ids((await client.labels.queue({ runId: run.id, state: 'all' })).viewId))] : []
  const items = run ? (await Promise.all(Array.from({ length: Math.ceil(queue.length / 50) }, (_, i) => client.labels.items({ runId: run.id, ids: queue.slice(i * 50, i * 50 + 50) })))).flat() : []
  return {
    images: [...paths.values()].toSorted(),
    vectors: (await client.models.descriptors()).map(({ rows: vectors, waiting }) => ({ vectors, waiting })),
    groups: rows.map(({ members, kind }) => ({ kind, members: members.map(({ image, similarity }) => [image.path, similarity?.toFixed(4) ?? null]) })).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    labels: items.map(({ image, candidates }) => [image.path, candidates.map(({ className, score }) => [className, score.toFixed(4)])] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
}

test('kill -9 at any moment of scan, embed, duplicates, pseudo-labels, decisions and export loses nothing that was confirmed', { timeout: 400_000 }, async () => {
  const folder = temporaryFolder('killed')
  const home = join(folder, 'home')
  const photos = join(folder, 'photos')
  writeDataset(photos)
  const originals = contents(photos)

  // Undisturbed: what there is to be found, and how long each job takes here.
  let running = await start(home)
  await running.client.project.create({ folder: join(folder, 'whole'), name: 'Whole' })
  await running.client.roots.add({ path: photos })
  const took = new Map<string, number>()
  for (const request of jobs(join(folder, 'whole-export'))) {
    const from = performance.now()
    await running.client.jobs.start(request)
    await finished(running, request.kind)
    took.set(request.kind, performance.now() - from)
  }
  const expected = await findings(running)

  const { folder: project } = await running.client.project.create({ folder: join(folder, 'killed'), name: 'Killed' })
  await running.client.roots.add({ path: photos })
  const target = join(folder, 'export')
  /** Acts that the engine has answered for: act id to image id. */
  const confirmed = new Map<number, number>()
  let nextToDecide = 0
  const decide = async (): Promise<void> => {
    const { client, ids } = running
    const labelled = await ids((await client.images.view({ filter: { text: 'lamps-', state: ['ready'] } })).viewId)
    for (;;) {
      const imageId = labelled[nextToDecide++ % Math.max(1, labelled.length)]
      if (imageId === undefined) return
      const { actId } = await client.decisions.apply({ kind: 'verdict', selection: { ids: [imageId] }, value: 'keep', reason: `seen ${nextToDecide}` })
      if (actId !== null) confirmed.set(actId, imageId)
      await sleep(5)
    }
  }
  const moments: string[] = []
  for (const request of jobs(target)) {
    await running.client.jobs.start(request)
    for (let kill = 0; kill < (kills[request.kind] ?? 0); kill++) {
      const moment = Math.random() * (took.get(request.kind) ?? 0)
      moments.push(`${request.kind} after ${Math.round(moment)} ms`)
      // Whatever is being said when the engine goes is not confirmed, and is lost with its line.
      decide().catch(() => undefined)
      await sleep(moment)
      running.engine.child.kill('SIGKILL')
      await running.engine.ended
      // Before the export is whole, there is nothing of that name.
      if (existsSync(target)) expect(await verifyExport(target)).toMatchObject({ ok: true })
      running = await start(home, project)
    }
    await finished(running, request.kind)
  }

  expect(await findings(running), moments.join(', ')).toEqual(expected)
  expect(await verifyExport(target)).toMatchObject({ ok: true })
  expect(contents(photos)).toEqual(originals)

  const log = new Set<number>()
  for (let before: number | undefined; ;) {
    const page = await running.client.decisions.log({ limit: 200, ...(before === undefined ? {} : { before }) })
    for (const { id, stands } of page) if (stands) log.add(id)
    before = page.at(-1)?.id
    if (page.length < 200) break
  }
  expect(confirmed.size).toBeGreaterThan(0)
  expect([...confirmed.keys()].filter((id) => !log.has(id)), moments.join(', ')).toEqual([])
  const rows = await running.client.images.rows({ ids: [...new Set(confirmed.values())].slice(0, 500) })
  expect(rows.filter(({ verdict }) => verdict !== 'keep')).toEqual([])
})
