import type { Progress } from '../contract/common.ts'
import type { Job, JobRequest, JobState } from '../contract/jobs.ts'
import { isWinnowError, WinnowError } from '../domain/errors.ts'
import type { Engine } from '../engine.ts'
import type { Project } from '../project/project.ts'
import type { JobRecord, NewJobFailure } from '../project/repositories/jobs.ts'
import type { JobContext, JobHandlers, JobResult } from './job.ts'
import { Pace } from './pace.ts'
import { jobTitle } from './title.ts'

const reportEveryMilliseconds = 200

interface Running {
  readonly controller: AbortController
  readonly finished: Promise<void>
}

/** Runs the jobs of one project, one at a time in the order they were asked for: each already uses every core. */
export class JobRunner {
  readonly #engine: Engine
  readonly #project: Project
  readonly #handlers: JobHandlers
  readonly #queue: number[] = []
  readonly #cancelled = new Set<number>()
  readonly #live = new Map<number, { progress: Progress | null; notes: string[]; failures: number }>()
  #running: (Running & { id: number }) | null = null
  /** Announcements in their order: a late answer of one reader must not say "running" after "done" was said. */
  #announcing: Promise<void> = Promise.resolve()
  readonly #toAnnounce = new Set<number>()
  #closed = false

  constructor(engine: Engine, project: Project, handlers: JobHandlers) {
    this.#engine = engine
    this.#project = project
    this.#handlers = handlers
  }

  /** Marks what a killed engine left behind and queues it again: each job goes on from what is in the project. */
  async recover(): Promise<number[]> {
    const ids = await this.#project.write.jobs.markInterrupted()
    for (const id of ids) await this.resume(id)
    return ids
  }

  async start(request: JobRequest): Promise<Job> {
    const id = await this.#project.write.jobs.create(request, Date.now())
    this.#enqueue(id)
    return await this.byId(id)
  }

  async resume(id: number): Promise<Job> {
    const record = await this.#record(id)
    if (record.state === 'queued' || record.state === 'running') return this.#toJob(record)
    await this.#project.write.jobs.requeue(id)
    this.#enqueue(id)
    return await this.byId(id)
  }

  /** A new job over just the images that failed in job `id`; for jobs without images, the whole job again. */
  async retryFailed(id: number): Promise<Job> {
    const record = await this.#record(id)
    const images = await this.#project.read.jobs.failedImages(id)
    const { request } = record
    if (images.length > 0 && (request.kind === 'scan' || request.kind === 'embed')) return await this.start({ ...request, ids: images })
    return await this.resume(id)
  }

  async cancel(id: number): Promise<void> {
    const queued = this.#queue.indexOf(id)
    if (queued >= 0) {
      this.#queue.splice(queued, 1)
      await this.#finish(id, 'cancelled', null, null)
      return
    }
    if (this.#running?.id !== id) return
    this.#cancelled.add(id)
    this.#running.controller.abort(new Error('cancelled'))
    await this.#running.finished
  }

  async dismiss(id: number): Promise<void> {
    await this.#project.write.jobs.dismiss(id)
    this.#live.delete(id)
  }

  async list(): Promise<Job[]> {
    return (await this.#project.read.jobs.list()).map((record) => this.#toJob(record))
  }

  async byId(id: number): Promise<Job> {
    return this.#toJob(await this.#record(id))
  }

  /** Resolves when job `id` is no longer queued or running. */
  async done(id: number, signal?: AbortSignal): Promise<Job> {
    return await new Promise<Job>((resolve, reject) => {
      const settle = (job: Job): void => {
        if (job.state === 'queued' || job.state === 'running') return
        stop()
        resolve(job)
      }
      const stop = this.#project.onChange((change) => {
        if (change.topic === 'job' && change.job.id === id) settle(change.job)
      })
      signal?.addEventListener('abort', () => {
        stop()
        reject(signal.reason as Error)
      }, { once: true })
      this.byId(id).then(settle, reject)
    })
  }

  /** Runs `request` as a stage of the job in `context`: same progress bar, same failures. */
  async stage(request: JobRequest, context: JobContext): Promise<JobResult> {
    const handler = this.#handlers[request.kind] as (request: JobRequest, context: JobContext) => Promise<JobResult>
    return await handler(request, context)
  }

  /** Stops the running job (it stays resumable) and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    this.#queue.length = 0
    this.#running?.controller.abort(new Error('closing'))
    await this.#running?.finished
  }

  #enqueue(id: number): void {
    this.#queue.push(id)
    void this.#announce(id)
    this.#next()
  }

  #next(): void {
    if (this.#running || this.#closed) return
    const id = this.#queue.shift()
    if (id === undefined) return
    const controller = new AbortController()
    const finished = this.#run(id, controller).finally(() => {
      this.#running = null
      this.#next()
    })
    this.#running = { id, controller, finished }
  }

  async #run(id: number, controller: AbortController): Promise<void> {
    const { write } = this.#project
    const { request } = await this.#record(id)
    const live = { progress: null as Progress | null, notes: [] as string[], failures: 0 }
    this.#live.set(id, live)
    const pace = new Pace()
    const pending: NewJobFailure[] = []
    let lastReport = 0
    const flush = async (): Promise<void> => {
      if (pending.length > 0) await write.jobs.addFailures(id, pending.splice(0))
    }
    const context: JobContext = {
      engine: this.#engine,
      project: this.#project,
      signal: controller.signal,
      jobId: id,
      report: (stage, done, total, message) => {
        live.progress = pace.measure(stage, done, total, message)
        const now = Date.now()
        if (now - lastReport < reportEveryMilliseconds && done !== total) return
        lastReport = now
        void this.#announce(id)
      },
      fail: (failure) => {
        live.failures++
        pending.push(failure)
        if (pending.length >= 100) void flush()
      },
      note: (text) => {
        if (!live.notes.includes(text)) live.notes.push(text)
      }
    }
    await write.jobs.start(id, Date.now())
    await this.#announce(id)
    try {
      const handler = this.#handlers[request.kind] as (request: JobRequest, context: JobContext) => Promise<JobResult>
      const { result, data } = await handler(request, context)
      await flush()
      await this.#finish(id, 'done', { result, data: data ?? null, notes: live.notes }, null)
    } catch (error) {
      await flush()
      const outcome = { result: null, data: null, notes: live.notes }
      if (this.#cancelled.delete(id)) await this.#finish(id, 'cancelled', outcome, null)
      else if (controller.signal.aborted) await this.#finish(id, 'interrupted', outcome, null)
      else await this.#finish(id, 'failed', outcome, sentenceOf(error))
    }
  }

  async #finish(id: number, state: JobState, outcome: { result: string | null; data: unknown; notes: readonly string[] } | null, error: string | null): Promise<void> {
    const progress = this.#live.get(id)?.progress
    if (progress) await this.#project.write.jobs.setProgress(id, progress)
    await this.#project.write.jobs.finish(id, state, Date.now(), outcome, error)
    await this.#announce(id)
    this.#live.delete(id)
  }

  #announce(id: number): Promise<void> {
    if (this.#toAnnounce.has(id)) return this.#announcing
    this.#toAnnounce.add(id)
    this.#announcing = this.#announcing.then(async () => {
      this.#toAnnounce.delete(id)
      const record = await this.#project.read.jobs.byId(id)
      if (record) this.#project.emit({ topic: 'job', job: this.#toJob(record) })
    })
    return this.#announcing
  }

  async #record(id: number): Promise<JobRecord> {
    const record = await this.#project.read.jobs.byId(id)
    if (!record) throw new WinnowError('NOT_FOUND', `There is no job ${id} in this project.`)
    return record
  }

  #toJob(record: JobRecord): Job {
    const live = this.#live.get(record.id)
    return {
      id: record.id,
      kind: record.kind,
      title: jobTitle(record.request),
      state: record.state,
      createdAt: record.createdAt,
      startedAt: record.startedAt,
      finishedAt: record.finishedAt,
      progress: live?.progress ?? record.progress,
      result: record.outcome?.result ?? null,
      data: record.outcome?.data ?? null,
      error: record.error,
      failures: Math.max(record.failures, live?.failures ?? 0),
      notes: [...(live?.notes ?? record.outcome?.notes ?? [])]
    }
  }
}

/** What the user reads. A plain Error is our own mistake: its name and message are kept so that it can be reported. */
function sentenceOf(error: unknown): string {
  if (isWinnowError(error)) return error.message
  return error instanceof Error ? `Unexpected ${error.name}: ${error.message}` : String(error)
}
