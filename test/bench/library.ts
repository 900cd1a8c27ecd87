import Sqlite from 'better-sqlite3'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attach } from '../../core/cli/attach.ts'
import type { Session } from '../../core/cli/session.ts'
import type { JobRequestInput } from '../../core/contract/jobs.ts'
import { rootSpec } from '../../core/contract/project.ts'
import { Project } from '../../core/project/project.ts'
import type { Health } from '../../core/server/health.ts'
import { median } from './machine.ts'
import type { BenchOptions } from './main.ts'
import type { BenchResult } from './result.ts'

const rows = 100_000
const rounds = 15

/** A project whose library holds that many images: what a big collection looks like to the queries. Returns its folder. */
export async function bigProject(home: string, rows: number): Promise<string> {
  const project = await Project.create(join(home, 'big'), 'Big')
  await project.close()
  const db = new Sqlite(join(project.folder, 'project.db'))
  db.prepare("INSERT INTO root (path, added_at, scanned_at) VALUES ('/nowhere', 0, 0)").run()
  const run = db.prepare("INSERT INTO run (kind, params, started_at, finished_at) VALUES ('folders', '{}', 0, 0)").run().lastInsertRowid
  const classes = Array.from({ length: 200 }, (_, i) => db.prepare('INSERT INTO class (name, created_at) VALUES (?, 0)').run(`class ${i}`).lastInsertRowid)
  const image = db.prepare(`INSERT INTO image (root_id, path_raw, path, folder, bytes, mtime_ms, state, format, width, height, sha256, pixel_hash, phash, sharpness)
    VALUES (1, ?, ?, ?, ?, ?, 'ready', 'jpg', 1024, 768, ?, ?, ?, ?)`)
  const label = db.prepare('INSERT INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)')
  db.transaction(() => {
    for (let i = 0; i < rows; i++) {
      const folder = `class ${i % 200}`
      const path = `${folder}/image ${i}.jpg`
      const { lastInsertRowid } = image.run(Buffer.from(path), path, folder, 100_000 + i, i, randomBytes(32), randomBytes(32), randomBytes(64), i % 97)
      label.run(lastInsertRowid, classes[i % 200], run)
    }
  })()
  db.close()
  return project.folder
}

interface EngineUnderTest {
  readonly session: Session
  readonly health: (reset?: boolean) => Promise<Health>
  readonly end: () => Promise<void>
}

async function startEngine(home: string): Promise<EngineUnderTest> {
  const child = fork(new URL('../../core/server/main.ts', import.meta.url), ['--home', home], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ url, token }] = (await once(child, 'message')) as [{ url: string; token: string }]
  const session = await attach(url, token)
  return {
    session,
    health: async (reset = false) => (await (await fetch(`${url}/health${reset ? '?reset=1' : ''}`, { headers: { authorization: `Bearer ${token}` } })).json()) as Health,
    end: async () => {
      await session.close()
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    }
  }
}

async function firstPage({ client, ids }: Session): Promise<void> {
  const { viewId } = await client.images.view({ filter: {}, sort: 'path' })
  const first = (await ids(viewId)).slice(0, 60)
  await client.images.rows({ ids: [...first] })
}

async function runJob(session: Session, request: JobRequestInput): Promise<void> {
  const { client } = session
  const { id } = await client.jobs.start(request)
  for (;;) {
    const job = (await client.jobs.list()).find((one) => one.id === id)
    if (job?.state === 'done') return
    if (!job || job.state === 'failed' || job.state === 'cancelled') throw new Error(`${request.kind}: ${job?.error ?? 'failed'}`)
    // A window looks at the library while the jobs run.
    await firstPage(session)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The engine as a window meets it: the first page of a large library, its memory, and how late its event loop runs while every job runs. */
export async function benchLibrary({ images }: BenchOptions): Promise<BenchResult[]> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const folder = await bigProject(home, rows)
  const engine = await startEngine(home)
  const { client } = engine.session
  await client.project.open({ folder })
  const first = performance.now()
  await firstPage(engine.session)
  const cold = performance.now() - first
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await firstPage(engine.session)
    times.push(performance.now() - start)
  }
  const memory = (await engine.health()).rssBytes / 2 ** 20

  await client.project.create({ folder: join(home, 'real'), name: 'Real' })
  await client.roots.add(rootSpec.parse({ path: images }))
  await engine.health(true)
  const kinds = ['scan', 'embed', 'duplicates', 'pseudo'] as const
  for (const kind of kinds) await runJob(engine.session, { kind })
  await runJob(engine.session, { kind: 'export', spec: { target: join(home, 'out'), media: 'copy' } })
  await runJob(engine.session, { kind: 'verify', target: join(home, 'out') })
  const { lag, rssBytes } = await engine.health()
  await engine.end()
  rmSync(home, { recursive: true, force: true })
  return [
    { bench: 'library', what: 'first page of a 100,000-image library (view, ids, 60 rows), median', ratio: median(times), target: { atMost: 100 }, unit: 'ms', figures: { 'first time ms': cold } },
    { bench: 'library', what: 'engine memory with a 100,000-image library', ratio: memory, target: { atMost: 400 }, unit: 'MB', figures: { 'after all jobs MB': rssBytes / 2 ** 20 } },
    { bench: 'library', what: 'event loop lag p99 while scan, embed, duplicates, pseudo, export and verify run', ratio: lag.p99, target: { atMost: 50 }, unit: 'ms', figures: { 'p50 ms': lag.p50, 'max ms': lag.max, samples: lag.samples } }
  ]
}
