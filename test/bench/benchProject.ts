import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootSpec } from '../../core/contract/project.ts'
import { jobRequest, type Job, type JobRequestInput } from '../../core/contract/jobs.ts'
import { Engine, type OpenProject } from '../../core/engine.ts'

export interface BenchProject {
  readonly engine: Engine
  readonly open: OpenProject
  /** Runs a job to its end; throws what it failed of. Returns the job and its seconds. */
  readonly run: (request: JobRequestInput) => Promise<{ job: Job; seconds: number }>
  readonly close: () => Promise<void>
}

/** A fresh project over a folder of images, in the engine as it ships. */
export async function benchProject(images: string | null): Promise<BenchProject> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const engine = new Engine({ home, program: 'Winnow bench' })
  const open = await engine.createProject(join(home, 'bench'), 'Bench')
  if (images) await open.roots.add(rootSpec.parse({ path: images }))
  return {
    engine,
    open,
    run: async (request) => {
      const start = performance.now()
      const { id } = await open.jobs.start(jobRequest.parse(request))
      const job = await open.jobs.done(id)
      if (job.state !== 'done') throw new Error(`${job.title}: ${job.error ?? job.state}`)
      return { job, seconds: (performance.now() - start) / 1000 }
    },
    close: async () => {
      await engine.close()
      rmSync(home, { recursive: true, force: true })
    }
  }
}
