import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobContext } from '../../../core/jobs/job.ts'
import type { Engine } from '../../../core/engine.ts'
import { Project } from '../../../core/project/project.ts'
import { SearchHost } from '../../../core/search/searchHost.ts'
import { VectorFile } from '../../../core/search/vectorFile.ts'

export interface TestImage {
  readonly path: string
  /** Names the bytes and the pixels; images with the same name are the same. */
  readonly bytesOf?: string
  readonly pixelsOf?: string
  readonly width?: number
  readonly height?: number
  readonly sharpness?: number
  readonly compression?: number
  readonly mtimeMs?: number
  /** First 8 bytes of the perceptual hash as hexadecimal; the other orientations are made different. */
  readonly phash?: string
  readonly vector?: readonly number[]
}

export const hash = (name: string): Buffer => createHash('sha256').update(name).digest()

const card = {
  id: 'test', name: 'Test', description: '', file: 'test.onnx', sha256: '0'.repeat(64), input: { name: 'i', layout: 'NCHW', dtype: 'float32', width: 8, height: 8 },
  resize: { mode: 'squash', interpolation: 'bilinear', cropFraction: 1, shrinkOnLoad: true }, colour: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1],
  output: { name: 'o', dim: 3, pooling: 'none', gemPower: 3 }, normalise: true, licence: 'MIT', source: 'test', nearDuplicate: { threshold: 0.9, floor: 0.5 }
}

/** A project with rows as a scan and an embedding would have left them; ids count from 1 in the order given. */
export class ProjectFixture {
  readonly project: Project
  readonly search: SearchHost
  readonly #folder: string
  readonly #db: Database.Database
  descriptorId = 0

  private constructor(folder: string, project: Project) {
    this.#folder = folder
    this.project = project
    this.search = new SearchHost()
    this.#db = new Database(join(project.folder, 'project.db'))
    this.#db.pragma('busy_timeout = 5000')
    this.#db.prepare("INSERT INTO root (path, added_at) VALUES ('/pictures', 0)").run()
  }

  static async create(): Promise<ProjectFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'winnow-dedupe-'))
    return new ProjectFixture(folder, await Project.create(join(folder, 'p'), 'test'))
  }

  run(sql: string, ...values: unknown[]): void {
    this.#db.prepare(sql).run(...values)
  }

  addImages(images: readonly TestImage[]): number[] {
    const insert = this.#db.prepare(`INSERT INTO image (root_id, path_raw, path, folder, bytes, mtime_ms, state, format, width, height, sha256, pixel_hash, phash, sharpness, contrast, compression)
      VALUES (1, ?, ?, '', 1000, ?, 'ready', 'jpeg', ?, ?, ?, ?, ?, ?, 0.2, ?)`)
    return this.#db.transaction(() => images.map((image) => {
      const { path, bytesOf = path, pixelsOf = bytesOf, width = 640, height = 480, sharpness = 100, compression = 0.1, mtimeMs = 1e12, phash } = image
      const orientations = phash ? Buffer.concat([Buffer.from(phash, 'hex'), hash(`${path} turned`), hash(`${path} again`).subarray(0, 24)]) : null
      return Number(insert.run(Buffer.from(path), path, mtimeMs, width, height, hash(bytesOf), hash(`pixels ${pixelsOf}`), orientations, sharpness, compression).lastInsertRowid)
    }))()
  }

  async addVectors(ids: readonly number[], vectors: readonly (readonly number[])[]): Promise<void> {
    const dim = vectors[0]?.length ?? 3
    const path = join(this.project.vectorsFolder, 'test.bin')
    const file = await VectorFile.open(path, { dim, dtype: 'float32' })
    const first = await file.append(Float32Array.from(vectors.flat()))
    await file.close()
    if (this.descriptorId === 0) {
      const record = await this.project.write.descriptors.findOrCreate({ model: 'test', fingerprint: 'test', card: { ...card, output: { ...card.output, dim } } as never, dim, dtype: 'float32', file: 'test.bin' }, 0)
      this.descriptorId = record.id
    }
    await this.project.write.descriptors.appendRows(this.descriptorId, first, Int32Array.from(ids))
  }

  /** What a job is given; what it reports is kept in the arrays. */
  context(signal: AbortSignal = new AbortController().signal, onReport: (stage: string, done: number) => void = () => undefined): JobContext & { readonly notes: string[]; readonly stages: string[] } {
    const notes: string[] = []
    const stages: string[] = []
    return {
      engine: { search: this.search } as unknown as Engine,
      project: this.project,
      signal,
      jobId: 1,
      report: (stage, done) => {
        if (stages.at(-1) !== stage) stages.push(stage)
        onReport(stage, done)
      },
      fail: () => undefined,
      note: (text) => void notes.push(text),
      notes,
      stages
    }
  }

  async close(): Promise<void> {
    this.#db.close()
    await this.search.close()
    await this.project.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
