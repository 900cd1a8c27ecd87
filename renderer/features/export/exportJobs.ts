import type { VerifyReport } from '../../../core/contract/exports.ts'
import type { Job, JobState } from '../../../core/contract/jobs.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { change, specOf, useExport } from './exportStore.ts'

const unfinished = new Set<JobState>(['queued', 'running'])
export const isRunning = (job: Job | undefined): boolean => job !== undefined && unfinished.has(job.state)

/** Starts the export that the form describes. */
export async function startExport(): Promise<void> {
  try {
    const job = await client.jobs.start({ kind: 'export', spec: specOf(useExport.getState()) })
    change({ jobId: job.id })
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  } catch (error) {
    showError(error, 'The export did not start.')
  }
}

/** Checks every file of an export against its manifest. */
export async function startVerify(target: string): Promise<void> {
  try {
    const job = await client.jobs.start({ kind: 'verify', target })
    change({ verifying: new Map(useExport.getState().verifying).set(target, job.id) })
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  } catch (error) {
    showError(error, 'The check did not start.')
  }
}

/** The report of a verify job that is done. */
export function verifyReportOf(job: Job | undefined): VerifyReport | null {
  const { data } = job ?? {}
  if (job?.state !== 'done' || typeof data !== 'object' || data === null || !('counts' in data) || !('checked' in data)) return null
  return data as VerifyReport
}
