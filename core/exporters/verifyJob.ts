import type { JobHandler } from '../jobs/job.ts'
import { verifyExport } from './verifyExport.ts'

/** Compares an exported folder with its manifest. A folder that is not as it was exported is a result, not a failure of the job. */
export const verifyJob: JobHandler<'verify'> = async ({ target }, { signal, report, fail }) => {
  const found = await verifyExport(target, { signal, onProgress: (done, total) => report('Checking', done, total) })
  for (const reason of ['changed', 'missing', 'extra'] as const) for (const name of found[reason]) fail({ imageId: null, subject: name, reason, detail: '' })
  return { result: found.message, data: found }
}
