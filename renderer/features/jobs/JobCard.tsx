import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { formatCount, formatDuration, formatWhen } from '../../components/format.ts'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { JobFailures } from './JobFailures.tsx'
import { stateWords } from './jobWords.ts'
import css from './JobsTray.module.css'

/** One job: how far, or how it ended, what it could not do, and what can be done about that. */
export function JobCard({ job, startOpen }: { job: Job; startOpen: boolean }) {
  const [open, setOpen] = useState(startOpen && job.failures > 0)
  const [told, setTold] = useState(false)
  const [busy, setBusy] = useState(false)
  const act = async (what: string, call: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    try {
      await call()
      await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
    } catch (error) {
      showError(error, what)
    } finally {
      setBusy(false)
    }
  }
  const jobId = job.id
  const { state } = job
  const over = state !== 'running' && state !== 'queued'
  return (
    <article className={css.job} aria-label={`${job.title}, ${stateWords[state]}`}>
      <div className={css.line}>
        {state === 'done' && <StateMark mark="accept" size={15} title="done" />}
        {state === 'failed' && <StateMark mark="reject" size={15} title="failed" />}
        {(state === 'interrupted' || state === 'cancelled') && <StateMark mark="unsure" size={15} title={stateWords[state]} />}
        <span className={css.title}>{job.title}</span>
        <span className={css.when}>{over && job.finishedAt ? `${formatWhen(job.finishedAt)}${job.startedAt ? ` · ${formatDuration((job.finishedAt - job.startedAt) / 1000)}` : ''}` : state === 'running' ? '' : stateWords[state]}</span>
      </div>
      {state === 'running' && (
        <div className={css.progress}>
          <ProgressBar share={progressShare(job.progress)} label={job.title} />
          <div className={css.dim}>{[job.progress?.stage, progressText(job.progress)].filter(Boolean).join(' · ')}</div>
          {job.progress?.message && <div className={css.dim}>{job.progress.message}</div>}
        </div>
      )}
      {job.result && <div>{job.result}</div>}
      {state === 'cancelled' && !job.result && <div className={css.dim}>Cancelled. What was done until then is kept.</div>}
      {job.error && <div className={css.error}>{job.error}</div>}
      {state === 'interrupted' && !job.error && <div className={css.dim}>The engine ended while this ran. What was done is kept.</div>}
      {(state !== 'done' || told) && job.notes.map((note) => <div key={note} className={css.dim}>{note}</div>)}
      <div className={css.actions}>
        {job.failures > 0 && <Button variant="default" size="compact-xs" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Hide' : 'Show'} {formatCount(job.failures, 'failure')}</Button>}
        {job.failures > 0 && over && <Button variant="default" size="compact-xs" loading={busy} onClick={() => void act('The retry did not start.', () => client.jobs.retryFailed({ jobId }))}>Retry failed</Button>}
        {(state === 'interrupted' || state === 'failed' || state === 'cancelled') && <Button variant="default" size="compact-xs" loading={busy} onClick={() => void act('The job did not go on.', () => client.jobs.resume({ jobId }))}>Go on</Button>}
        {!over && <Button variant="default" size="compact-xs" loading={busy} onClick={() => void act('The job was not cancelled.', () => client.jobs.cancel({ jobId }))}>Cancel</Button>}
        {state === 'done' && job.notes.length > 0 && <Button variant="default" size="compact-xs" aria-expanded={told} onClick={() => setTold(!told)}>{told ? 'Less' : 'How it ran'}</Button>}
        {over && <Button variant="subtle" color="gray" size="compact-xs" disabled={busy} onClick={() => void act('The job stays in the list.', () => client.jobs.dismiss({ jobId }))}>Dismiss</Button>}
      </div>
      {open && <JobFailures job={job} />}
    </article>
  )
}
