import { Button } from '@mantine/core'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { isRunning } from './cleanRun.ts'
import css from './RunForm.module.css'

/** The run on its way: which step, how far; or why it stopped. */
export function RunCard({ job }: { job: Job }) {
  const resume = (): void => void client.jobs.resume({ jobId: job.id }).catch((error: unknown) => showError(error, 'The run did not go on.'))
  if (isRunning(job)) {
    return (
      <section className={css.card} aria-live="polite">
        <div className={css.head}>
          <b>{job.state === 'queued' ? 'Waiting for the work before it' : `Step ${job.progress?.stage ?? 'starting'}`}</b>
          <Button variant="default" onClick={() => void client.jobs.cancel({ jobId: job.id }).catch((error: unknown) => showError(error, 'The run was not stopped.'))}>Stop</Button>
        </div>
        <ProgressBar share={progressShare(job.progress)} label="Cleaning" />
        <span className={css.dim}>{job.progress && (job.progress.done > 0 || job.progress.total !== null) ? progressText(job.progress) : 'just begun'}</span>
        <span className={css.dim}>The grid appears here when the run is done. Each finished step is kept: a run that was stopped goes on where it was.</span>
      </section>
    )
  }
  if (job.state === 'failed') return <ErrorNote title="The cleaning stopped." error={job.error ?? job.result ?? ''} onRetry={resume} />
  if (job.state === 'cancelled' || job.state === 'interrupted') {
    return <section className={css.card}><b>The run was stopped; what it made is kept.</b><div><Button variant="default" onClick={resume}>Go on</Button></div></section>
  }
  return null
}
