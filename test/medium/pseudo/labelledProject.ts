import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Engine } from '../../../core/engine.ts'
import { jobRequest } from '../../../core/contract/jobs.ts'
import type { JobContext, JobResult } from '../../../core/jobs/job.ts'
import { Project } from '../../../core/project/project.ts'
import { ViewStore } from '../../../core/project/views.ts'
import type { ImageGroups } from '../../../core/pseudo/families.ts'
import { pseudoJob } from '../../../core/pseudo/pseudoJob.ts'
import { SearchHost } from '../../../core/search/searchHost.ts'
import { addImages, addRoot, openDatabase, temporaryFolder } from '../review/syntheticProject.ts'

export interface VectorImage {
  readonly path: string
  readonly vector: readonly number[]
  readonly label?: string
  readonly content?: string
}

export const unit = (vector: readonly number[]): number[] => {
  const norm = Math.hypot(...vector)
  return vector.map((value) => Math.fround(value / norm))
}

/** A project with images, their vectors and given labels, and as much of an engine as predicting needs: the real search, chosen duplicates. */
export class LabelledProject {
  readonly project: Project
  readonly ids: readonly number[]
  readonly search = new SearchHost()
  readonly views = new ViewStore()
  components: ImageGroups = { imageIds: new Int32Array(), groups: new Int32Array() }
  readonly #folder: ReturnType<typeof temporaryFolder>

  private constructor(folder: ReturnType<typeof temporaryFolder>, project: Project, ids: readonly number[]) {
    this.#folder = folder
    this.project = project
    this.ids = ids
  }

  static async create(images: readonly VectorImage[]): Promise<LabelledProject> {
    const folder = temporaryFolder()
    const project = await Project.create(join(folder.path, 'p'), 'p')
    const db = openDatabase(join(project.folder, 'project.db'))
    const ids = addImages(db, addRoot(db, '/pictures', false), images)
    if (images.length > 0) addVectors(db, project, ids, images)
    const run = Number(db.prepare("INSERT INTO run (kind, params, started_at, finished_at) VALUES ('csv', '{}', 0, 0)").run().lastInsertRowid)
    const classes = new Map<string, number>()
    images.forEach(({ label }, i) => {
      if (label === undefined) return
      if (!classes.has(label)) classes.set(label, Number(db.prepare('INSERT INTO class (name, created_at) VALUES (?, 0)').run(label).lastInsertRowid))
      db.prepare('INSERT INTO given_label (image_id, class_id, run_id) VALUES (?, ?, ?)').run(ids[i], classes.get(label), run)
    })
    db.close()
    return new LabelledProject(folder, project, ids)
  }

  get engine(): Engine {
    const duplicates = {
      settings: async () => ({ descriptorId: 1, threshold: 0.95, radius: 4, rules: [] }),
      components: async () => ({ imageIds: this.components.imageIds, components: this.components.groups })
    }
    const images = { rows: async ({ ids }: { ids: number[] }) => ids.map((id) => ({ id })), resolve: async (selection: { ids: number[] } | { viewId: string }) => ('ids' in selection ? Int32Array.from(selection.ids) : this.views.get(selection.viewId)) }
    return { search: this.search, current: { duplicates, images, views: this.views } } as unknown as Engine
  }

  async predict(request: Record<string, unknown> = {}, { stopAt }: { stopAt?: string } = {}): Promise<JobResult & { notes: string[] }> {
    const controller = new AbortController()
    const notes: string[] = []
    const context: JobContext = {
      engine: this.engine, project: this.project, signal: controller.signal, jobId: 1,
      report: (stage) => {
        if (stage === stopAt) controller.abort(new Error('stopped'))
      },
      fail: () => undefined,
      note: (text) => void notes.push(text)
    }
    const parsed = jobRequest.parse({ kind: 'pseudo', ...request })
    if (parsed.kind !== 'pseudo') throw new Error('not a pseudo job')
    return { ...(await pseudoJob(parsed, context)), notes }
  }

  sql<T>(statement: string, ...values: unknown[]): T[] {
    const db = openDatabase(join(this.project.folder, 'project.db'))
    try {
      const prepared = db.prepare(statement)
      return prepared.reader ? (prepared.all(...values) as T[]) : (prepared.run(...values), [])
    } finally {
      db.close()
    }
  }

  async close(): Promise<void> {
    await this.search.close()
    await this.project.close()
    this.#folder.remove()
  }
}

function addVectors(db: Database, project: Project, ids: readonly number[], images: readonly VectorImage[]): void {
  const dim = images[0]?.vector.length ?? 1
  mkdirSync(project.vectorsFolder, { recursive: true })
  writeFileSync(join(project.vectorsFolder, 'test.bin'), Buffer.from(Float32Array.from(images.flatMap(({ vector }) => [...vector])).buffer))
  db.prepare("INSERT INTO descriptor (id, model, fingerprint, card, dim, dtype, file, created_at) VALUES (1, 'test', 'test', '{}', ?, 'float32', 'test.bin', 0)").run(dim)
  const insert = db.prepare('INSERT INTO vector (descriptor_id, row, image_id) VALUES (1, ?, ?)')
  db.transaction(() => ids.forEach((id, row) => insert.run(row, id)))()
}
