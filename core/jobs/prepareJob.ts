import type { JobRequest } from '../contract/jobs.ts'
import { jobRequest } from '../contract/jobs.ts'
import type { JobHandler } from './job.ts'

/** From folders to proposals: read, embed, find near-duplicates, predict labels. Each stage resumes by itself. */
export const prepareJob: JobHandler<'prepare'> = async ({ modelId }, context) => {
  const { jobs } = context.engine.current
  const stages: JobRequest[] = [
    jobRequest.parse({ kind: 'scan' }),
    jobRequest.parse({ kind: 'embed', modelId }),
    jobRequest.parse({ kind: 'duplicates' }),
    jobRequest.parse({ kind: 'pseudo' })
  ]
  const sentences: string[] = []
  for (const stage of stages) {
    context.signal.throwIfAborted()
    sentences.push((await jobs.stage(stage, context)).result)
  }
  return { result: sentences.join(' ') }
}
