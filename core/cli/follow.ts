import { verifyReport } from '../contract/exports.ts'
import type { Job, JobFailure, JobRequestInput } from '../contract/jobs.ts'
import { WinnowError } from '../domain/errors.ts'
import { exitCodes } from './exitCodes.ts'
import type { Session } from './session.ts'
import type { Outcome, Terminal } from './terminal.ts'
import { count, counted } from './words.ts'

const failuresShown = 10

/** Starts a job and follows it to its end. */
export const runJob = async (session: Session, request: JobRequestInput, terminal: Terminal): Promise<Job> =>
  await follow(session, async () => await session.client.jobs.start(request), terminal)

/**
 * Follows a job to its end, with its progress on stderr. The first Ctrl-C cancels it and waits (what is done is kept),
 * a second one ends this process. Throws UNAVAILABLE when the engine goes away.
 */
export async function follow({ client }: Session, start: () => Promise<Job>, terminal: Terminal): Promise<Job> {
  const listening = new AbortController()
  const changes = await client.app.changes(undefined, { signal: listening.signal })
  // Not before `hello` has come is it sure that nothing is missed.
  await changes.next()
  let job = await start()
  let asked = false
  const interrupt = (): void => {
    if (asked) process.exit(exitCodes.cancelled)
    asked = true
    terminal.note('Cancelling. What is done is kept; press Ctrl-C again to leave at once.')
    void client.jobs.cancel({ jobId: job.id }).catch(() => undefined)
  }
  process.on('SIGINT', interrupt)
  try {
    while (job.state === 'queued' || job.state === 'running') {
      // A job is always queued for a moment; that is worth a line only while others are before it.
      if (job.state === 'running' || (await isWaiting(client, job))) terminal.progress(job)
      const { value, done } = await changes.next().catch(() => ({ value: undefined, done: true as const }))
      if (done) throw new WinnowError('UNAVAILABLE', 'The engine has gone. What was done until then is kept; run the command again to go on.')
      if (value.topic === 'job' && value.job.id === job.id) job = value.job
    }
    return job
  } finally {
    process.off('SIGINT', interrupt)
    terminal.progressDone()
    listening.abort()
  }
}

const isWaiting = async (client: Session['client'], job: Job): Promise<boolean> =>
  (await client.jobs.list()).some(({ id, state }) => id !== job.id && state === 'running')

/** How a finished job is told: its sentence, its remarks, the first failures, and the exit code. */
export async function outcomeOf({ client }: Session, job: Job): Promise<Outcome> {
  const failures = job.failures > 0 ? await client.jobs.failures({ jobId: job.id }) : []
  const lines = [
    job.result ?? (job.state === 'cancelled' ? `${job.title} was cancelled. What was done until then is kept.` : (job.error ?? `${job.title}: ${job.state}`)),
    ...job.notes,
    ...failureLines(failures, job.failures)
  ]
  return { json: { job, failures }, text: lines.join('\n'), code: codeOf(job) }
}

function failureLines(failures: readonly JobFailure[], total: number): string[] {
  if (failures.length === 0) return []
  const shown = failures.slice(0, failuresShown).map(({ subject, reason, detail }) => `  ${subject}: ${reason}${detail ? ` (${detail})` : ''}`)
  const more = total - shown.length
  return [`${counted(total, 'item')} failed:`, ...shown, ...(more > 0 ? [`  … and ${count(more)} more: winnow jobs failures`] : [])]
}

function codeOf(job: Job): number {
  if (job.state === 'cancelled') return exitCodes.cancelled
  if (job.state === 'interrupted') return exitCodes.unavailable
  if (job.state !== 'done') return exitCodes.failed
  const report = job.kind === 'verify' ? verifyReport.safeParse(job.data) : null
  if (report?.success && !report.data.ok) return exitCodes.differs
  return job.failures > 0 ? exitCodes.withFailures : exitCodes.ok
}
