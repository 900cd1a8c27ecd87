import type { Job } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient, useJobs } from '../../app/queries.ts'

const unfinished = new Set<Job['state']>(['queued', 'running'])

/** The search for duplicate pairs: whether it is running, and how to start it. */
export function useDuplicateSearch(descriptorId: number | null): { running: Job | undefined; start: () => void } {
  const { data: jobs } = useJobs()
  const running = jobs?.find((job) => (job.kind === 'duplicates' || job.kind === 'prepare') && unfinished.has(job.state))
  const start = (): void => {
    client.jobs.start({ kind: 'duplicates', ...(descriptorId === null ? {} : { descriptorId }) })
      .then(() => queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey }))
      .catch((error: unknown) => showError(error, 'The search did not start.'))
  }
  return { running, start }
}
