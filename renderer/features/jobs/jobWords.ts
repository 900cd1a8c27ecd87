import type { Job } from '../../../core/contract/jobs.ts'

export type JobGroup = 'running' | 'queued' | 'attention' | 'done'

/** Where a job stands in the tray. */
export function groupOf(job: Job): JobGroup {
  if (job.state === 'running') return 'running'
  if (job.state === 'queued') return 'queued'
  if (job.state === 'failed' || job.state === 'interrupted' || job.state === 'cancelled') return 'attention'
  return 'done'
}

export const groupTitles: Record<JobGroup, string> = { running: 'Running', queued: 'Waiting', attention: 'Stopped', done: 'Done' }

/** Running first, what needs a hand next, the newest of each first. */
export function sortJobs(jobs: readonly Job[]): readonly { readonly group: JobGroup; readonly jobs: readonly Job[] }[] {
  const order: readonly JobGroup[] = ['running', 'attention', 'queued', 'done']
  return order
    .map((group) => ({ group, jobs: jobs.filter((job) => groupOf(job) === group).toSorted((a, b) => (group === 'queued' ? a.id - b.id : b.id - a.id)) }))
    .filter(({ jobs: list }) => list.length > 0)
}

/** One word on how it ended. */
export const stateWords: Record<Job['state'], string> = {
  queued: 'waiting', running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled', interrupted: 'interrupted'
}
