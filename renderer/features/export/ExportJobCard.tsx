import { Button } from '@mantine/core'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { isRunning } from './exportJobs.ts'
import css from './ExportRoom.module.css'

/** The export on its way, or why it stopped. */
export function ExportJobCard({ job }: { job: Job }) {
  if (isRunning(job)) {
    return (
      <section className={css.card} aria-live="polite">
        <div className={css.cardHead}>
          <b>{job.state === 'queued' ? 'Waiting for the work before it' : `Exporting: ${job.progress?.stage ?? 'starting'}`}</b>
          <Button variant="default" onClick={() => void client.jobs.cancel({ jobId: job.id }).catch((error: unknown) => showError(error, 'The export was not stopped.'))}>Cancel</Button>
        </div>
        <ProgressBar share={progressShare(job.progress)} label="Export" />
        <span className={css.dim}>{progressText(job.progress)}</span>
      </section>
    )
  }
  if (job.state === 'failed') return <ErrorNote title="The export failed; nothing was left in the folder." error={job.error ?? job.result ?? ''} />
  if (job.state === 'cancelled' || job.state === 'interrupted') return <section className={css.card}>The export was stopped; nothing was left in the folder.</section>
  return null
}
