/** A project with the parts of the engine that scanning uses, in a temporary folder. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootSpec, type Root, type RootSpec } from '../../../core/contract/project.ts'
import type { Engine } from '../../../core/engine.ts'
import { ImageService } from '../../../core/images/imageService.ts'
import { RootService } from '../../../core/images/rootService.ts'
import { scanJob } from '../../../core/images/scanJob.ts'
import type { JobContext, JobResult } from '../../../core/jobs/job.ts'
import { Project } from '../../../core/project/project.ts'
import type { NewJobFailure } from '../../../core/project/repositories/jobs.ts'
import { ViewStore } from '../../../core/project/views.ts'
import { VisionPool, type VisionPoolOptions } from '../../../core/workers/visionPool.ts'

export interface ScanRun extends JobResult {
  readonly failures: NewJobFailure[]
  readonly stages: string[]
}

export interface ScanBench {
  readonly folder: string
  readonly images: string
  readonly project: Project
  readonly vision: VisionPool
  readonly roots: RootService
  readonly service: ImageService
  add(spec?: Partial<RootSpec>): Promise<Root>
  scan(request?: { rootIds?: number[]; ids?: number[] }, signal?: AbortSignal): Promise<ScanRun>
  /** Paths by state, as the library shows them. */
  states(): Promise<Record<string, string>>
  idOf(path: string): Promise<number>
  close(): Promise<void>
}

/** `folder`: one of an earlier bench, to go on with its project. */
export async function scanBench(pool: VisionPoolOptions = {}, folder = mkdtempSync(join(tmpdir(), 'winnow-scan-'))): Promise<ScanBench> {
  const images = join(folder, 'images')
  mkdirSync(images, { recursive: true })
  const project = existsSync(join(folder, 'test.winnow')) ? await Project.open(join(folder, 'test.winnow')) : await Project.create(join(folder, 'test'), 'Test')
  const vision = new VisionPool({ workers: 2, ...pool })
  const engine = { vision, current: { views: new ViewStore() }, models: { list: async () => [] } } as unknown as Engine
  const roots = new RootService({ engine, project })
  const service = new ImageService({ engine, project })
  const all = async () => await project.read.images.rows([...(await project.read.images.view({}, 'path')).ids])
  return {
    folder, images, project, vision, roots, service,
    add: async (spec = {}) => await roots.add(rootSpec.parse({ path: images, ...spec })),
    async scan(request = {}, signal = new AbortController().signal) {
      const failures: NewJobFailure[] = []
      const stages = new Set<string>()
      const context: JobContext = {
        engine, project, signal, jobId: 1,
        report: (stage) => void stages.add(stage),
        fail: (failure) => void failures.push(failure),
        note: () => undefined
      }
      const result = await scanJob({ kind: 'scan', ...request }, context)
      return { ...result, failures, stages: [...stages] }
    },
    states: async () => Object.fromEntries((await all()).map(({ path, state, failure }) => [path, failure ?? state])),
    async idOf(path) {
      const row = (await all()).find((one) => one.path === path)
      if (!row) throw new Error(`${path} is not in the project`)
      return row.id
    },
    async close() {
      await vision.close()
      await project.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
