import { Button } from '@mantine/core'
import { IconWand } from '@tabler/icons-react'
import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient, useJobs } from '../../app/queries.ts'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'

const unfinished = new Set<Job['state']>(['queued', 'running'])

/** Starts a run of predictions, and shows how far it is. */
export function PredictButton({ again = false }: { again?: boolean }) {
  const { data: jobs } = useJobs()
  const running = jobs?.find((job) => (job.kind === 'pseudo' || job.kind === 'prepare') && unfinished.has(job.state))
  const start = (): void => {
    client.jobs.start({ kind: 'pseudo' })
      .then(() => queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey }))
      .catch((error: unknown) => showError(error, 'The prediction did not start.'))
  }
  if (running) {
    return (
      <div style={{ width: '100%' }}>
        <ProgressBar share={progressShare(running.progress)} label="Predicting" />
        <small>Predicting: {progressText(running.progress)}</small>
      </div>
    )
  }
  return <Button fullWidth={again} variant={again ? 'default' : 'filled'} leftSection={<IconWand size={14} />} onClick={start}>{again ? 'Predict again with the new labels' : 'Predict labels'}</Button>
}
