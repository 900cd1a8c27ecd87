import type { Job, JobFailure, JobRequest } from '../contract/jobs.ts'
import type { OpenProject } from '../engine.ts'
import type { Service } from '../services.ts'

const done = { ok: true } as const

/** The open project's jobs, in the contract's words. */
export class JobService implements Service<'jobs'> {
  readonly #open: OpenProject
  constructor(open: OpenProject) {
    this.#open = open
  }

  async list(): Promise<Job[]> {
    return await this.#open.jobs.list()
  }
  async start(request: JobRequest): Promise<Job> {
    return await this.#open.jobs.start(request)
  }
  async cancel({ jobId }: { jobId: number }): Promise<{ ok: true }> {
    await this.#open.jobs.cancel(jobId)
    return done
  }
  async resume({ jobId }: { jobId: number }): Promise<Job> {
    return await this.#open.jobs.resume(jobId)
  }
  async retryFailed({ jobId }: { jobId: number }): Promise<Job> {
    return await this.#open.jobs.retryFailed(jobId)
  }
  async failures({ jobId, offset, limit }: { jobId: number; offset: number; limit: number }): Promise<JobFailure[]> {
    return await this.#open.project.read.jobs.failures(jobId, offset, limit)
  }
  async dismiss({ jobId }: { jobId: number }): Promise<{ ok: true }> {
    await this.#open.jobs.dismiss(jobId)
    return done
  }
}
