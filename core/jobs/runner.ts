import type { Progress } from '../contract/common.ts'
import type { Job, JobRequest, JobState } from '../contract/jobs.ts'
import { isWinnowError, WinnowError } from '../domain/errors.ts'
import { systemError } from '../domain/systemErrors.ts'
import type { Engine } from '../engine.ts'
import type { Project } from '../project/project.ts'
import type { JobOutcome, JobRecord, NewJobFailure } from '../project/repositories/jobs.ts'
import type { JobContext, JobHandlers, JobResult } from './job.ts'
import { Pace } from './pace.ts'
import { jobTitle } from './title.ts'

const reportEveryMilliseconds = 200

interface Running {
  readonly controller: AbortController
  readonly finished: Promise<void>
}

/** What is known of a running job before it is stored. */
interface Live {
  progress: Progress | null
  notes: string[]
  failures: number
  /** Why its end could not be stored. */
  broken: string | null
}

/** Runs the jobs of one project, one at a time in the order they were asked for: each already uses every core. */
export class JobRunner {
  readonly #engine: Engine
  readonly #project: Project
  readonly #handlers: JobHandlers
  readonly #queue: number[] = []
  readonly #cancelled = new Set<number>()
  readonly #live = new Map<number, Live>()
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

  /** Queues again what an engine that was killed or closed left unfinished: each job goes on from what is in the project. */
  async recover(): Promise<number[]> {
    const ids = await this.#project.write.jobs.requeueUnfinished()
    for (const id of ids) this.#enqueue(id)
    return ids
  }

  async start(request: JobRequest): Promise<Job> {
    const id = await this.#project.write.jobs.create(request, Date.now())
    this.#enqueue(id)
    return await this.byId(id)
  }

  async resume(id: number): Promise<Job> {
    await this.#record(id)
    if (!this.#holds(id)) {
      await this.#project.write.jobs.requeue(id)
      this.#live.delete(id)
      this.#enqueue(id)
    }
    return await this.byId(id)
  }

  /** A new job over just the images that failed in job `id`; where something else failed (a folder, an export), the whole job again. */
  async retryFailed(id: number): Promise<Job> {
    const { request } = await this.#record(id)
    const { images, others } = await this.#project.read.jobs.failed(id)
    if (images.length > 0 && others === 0 && (request.kind === 'scan' || request.kind === 'embed')) return await this.start({ ...request, ids: images })
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

  /** Stops the running job and takes no more. What is unfinished stays queued, for whoever opens the project next. */
  async close(): Promise<void> {
    this.#closed = true
    this.#queue.length = 0
    this.#running?.controller.abort(new Error('closing'))
    await this.#running?.finished
  }

  #enqueue(id: number): void {
    // A window may ask for a job while those of an earlier engine are taken up again.
    if (this.#holds(id)) return
    this.#queue.push(id)
    void this.#announce(id)
    this.#next()
  }

  /** Whether it runs or waits here, whatever the database says: an earlier engine may have written that. */
  #holds(id: number): boolean {
    return this.#running?.id === id || this.#queue.includes(id)
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
    const live: Live = { progress: null, notes: [], failures: 0, broken: null }
    this.#live.set(id, live)
    this.#cancelled.delete(id)
    try {
      await this.#project.write.jobs.start(id, Date.now())
      await this.#announce(id)
      await this.#finish(id, ...(await this.#outcome(id, live, controller.signal)))
    } catch (error) {
      // Not even its end can be written (a full disk): until the next start, only memory knows.
      live.broken = sentenceOf(error)
      await this.#announce(id)
    }
  }

  /** Does the work; every way in which it can end is an outcome. */
  async #outcome(id: number, live: Live, signal: AbortSignal): Promise<[JobState, JobOutcome, string | null]> {
    const pace = new Pace()
    const pending: NewJobFailure[] = []
    let lastReport = 0
    let storing: Promise<void> = Promise.resolve()
    const store = (): void => {
      if (pending.length === 0) return
      const failures = pending.splice(0)
      storing = storing.then(async () => await this.#project.write.jobs.addFailures(id, failures))
      // Heard of at the end.
      storing.catch(() => undefined)
    }
    const context: JobContext = {
      engine: this.#engine,
      project: this.#project,
      signal,
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
        if (pending.length >= 100) store()
      },
      note: (text) => {
        if (!live.notes.includes(text)) live.notes.push(text)
      }
    }
    const nothing = { result: null, data: null, notes: live.notes }
    try {
      const { request } = await this.#record(id)
      signal.throwIfAborted()
      const { result, data } = await this.stage(request, context)
      store()
      await storing
      return ['done', { result, data: data ?? null, notes: live.notes }, null]
    } catch (error) {
      store()
      await storing.catch(() => undefined)
      if (this.#cancelled.delete(id)) return ['cancelled', nothing, null]
      return signal.aborted ? ['queued', nothing, null] : ['failed', nothing, sentenceOf(error)]
    }
  }

  async #finish(id: number, state: JobState, outcome: JobOutcome | null, error: string | null): Promise<void> {
    const progress = this.#live.get(id)?.progress
    if (progress) await this.#project.write.jobs.setProgress(id, progress)
    await this.#project.write.jobs.finish(id, state, Date.now(), outcome, error)
    await this.#announce(id)
    this.#live.delete(id)
  }

  #announce(id: number): Promise<void> {
    if (!this.#toAnnounce.has(id)) {
      this.#toAnnounce.add(id)
      this.#announcing = this.#announceAfter(this.#announcing, id)
    }
    return this.#announcing
  }

  async #announceAfter(before: Promise<void>, id: number): Promise<void> {
    await before
    this.#toAnnounce.delete(id)
    // News that cannot be read now is no reason to stop the work.
    const record = await this.#project.read.jobs.byId(id).catch(() => null)
    if (record) this.#project.emit({ topic: 'job', job: this.#toJob(record) })
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
      state: live?.broken ? 'failed' : record.state,
      createdAt: record.createdAt,
      startedAt: record.startedAt,
      finishedAt: record.finishedAt,
      progress: live?.progress ?? record.progress,
      result: record.outcome?.result ?? null,
      data: record.outcome?.data ?? null,
      error: live?.broken ?? record.error,
      failures: Math.max(record.failures, live?.failures ?? 0),
      notes: [...(live?.notes ?? record.outcome?.notes ?? [])]
    }
  }
}

/** What the user reads. A plain Error is our own mistake: its name and message are kept so that it can be reported. */
function sentenceOf(error: unknown): string {
  if (isWinnowError(error)) return error.message
  const known = systemError(error)
  if (known) return known.message
  return error instanceof Error ? `Unexpected ${error.name}: ${error.message}` : String(error)
}
