/** Runs the real embedding job over a real project and real workers, without the rest of the engine. As a program: `node embedHarness.ts PROJECT HOME`. */
import Database from 'better-sqlite3'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { jobRequest, type JobRequestInput } from '../../../core/contract/jobs.ts'
import type { JobContext, JobOf, JobResult } from '../../../core/jobs/job.ts'
import { embedJob } from '../../../core/models/embedJob.ts'
import { ModelLibrary } from '../../../core/models/modelLibrary.ts'
import { Project } from '../../../core/project/project.ts'
import type { NewJobFailure } from '../../../core/project/repositories/jobs.ts'
import { VisionPool } from '../../../core/workers/visionPool.ts'

export interface EmbedOutcome extends JobResult {
  readonly failures: NewJobFailure[]
  readonly notes: string[]
  readonly reports: { stage: string; done: number; total: number | null }[]
}

export async function embed(project: Project, home: string, request: Partial<Extract<JobRequestInput, { kind: 'embed' }>> = {}, signal: AbortSignal = new AbortController().signal, heard: (done: number) => void = () => undefined): Promise<EmbedOutcome> {
  const vision = new VisionPool({ workers: 2 })
  const failures: NewJobFailure[] = []
  const notes: string[] = []
  const reports: EmbedOutcome['reports'] = []
  const models = new ModelLibrary({ folder: join(home, 'models') })
  const context = {
    engine: { models, vision },
    project,
    signal,
    jobId: 1,
    report: (stage: string, done: number, total: number | null) => {
      reports.push({ stage, done, total })
      heard(done)
    },
    fail: (failure: NewJobFailure) => void failures.push(failure),
    note: (text: string) => void notes.push(text)
  } as unknown as JobContext
  try {
    const result = await embedJob(jobRequest.parse({ providers: ['cpu'], ...request, kind: 'embed' }) as JobOf<'embed'>, context)
    return { ...result, failures, notes, reports }
  } finally {
    await vision.close()
  }
}

/** Puts files into a project's database as if they had been scanned. Returns their image ids. The project must not be open. */
export function addScannedFiles(projectFolder: string, root: string, names: readonly string[]): number[] {
  const db = new Database(join(projectFolder, 'project.db'))
  try {
    db.prepare('INSERT OR IGNORE INTO root (path, added_at) VALUES (?, 0)').run(root)
    const rootId = db.prepare('SELECT id FROM root WHERE path = ?').pluck().get(root) as number
    const insert = db.prepare("INSERT INTO image (root_id, path_raw, path, folder, bytes, mtime_ms, state, sha256) VALUES (?, ?, ?, '', ?, ?, 'ready', ?)")
    return names.map((name) => {
      const { size, mtimeMs } = statSync(join(root, name))
      return Number(insert.run(rootId, Buffer.from(name), name, size, mtimeMs, Buffer.from(name)).lastInsertRowid)
    })
  } finally {
    db.close()
  }
}

if (import.meta.main) {
  const [, , folder, home] = process.argv
  const project = await Project.open(folder as string)
  const { result } = await embed(project, home as string)
  await project.close()
  console.log(result)
}
