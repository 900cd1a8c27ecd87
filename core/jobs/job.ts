import type { JobRequest } from '../contract/jobs.ts'
import type { Engine } from '../engine.ts'
import type { Project } from '../project/project.ts'
import type { NewJobFailure } from '../project/repositories/jobs.ts'

/** What a running job may use. */
export interface JobContext {
  readonly engine: Engine
  readonly project: Project
  readonly signal: AbortSignal
  /** The job's id, for what it stores. */
  readonly jobId: number
  /** Says how far it is; rate and ETA are worked out from these calls. Cheap: call it after every chunk. */
  readonly report: (stage: string, done: number, total: number | null, message?: string) => void
  /** One item that did not work out; the job goes on. */
  readonly fail: (failure: NewJobFailure) => void
  /** A remark that the user should see beside the result, such as which execution provider runs. */
  readonly note: (text: string) => void
}

export interface JobResult {
  /** One sentence: "1,204 images read, 3 could not be read." */
  readonly result: string
  readonly data?: unknown
}

export type JobOf<K extends JobRequest['kind']> = Extract<JobRequest, { kind: K }>
/** Does the work. Must be resumable (skip what is already in the project) and must throw `signal.reason` soon after an abort. */
export type JobHandler<K extends JobRequest['kind']> = (request: JobOf<K>, context: JobContext) => Promise<JobResult>
export type JobHandlers = { readonly [K in JobRequest['kind']]: JobHandler<K> }
