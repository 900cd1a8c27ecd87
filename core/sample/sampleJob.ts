import { jobRequest } from '../contract/jobs.ts'
import { rootSpec } from '../contract/project.ts'
import type { JobHandler } from '../jobs/job.ts'
import { drawSample, sampleFolder } from './drawSample.ts'

/** Draws the sample where it is missing, adds it to the project, and prepares the project: read, embed, find near-duplicates, predict. */
export const sampleJob: JobHandler<'sample'> = async ({ count, seed }, context) => {
  const { engine, project, signal, report } = context
  const folder = sampleFolder(engine.home)
  const drawn = await drawSample({ folder, count, seed, signal, onProgress: (done, total) => report('Drawing', done, total) })
  const roots = await project.read.roots.list()
  if (!roots.some(({ path }) => path === folder.images)) await engine.current.roots.add(rootSpec.parse({ path: folder.images }))
  signal.throwIfAborted()
  const prepared = await engine.current.jobs.stage(jobRequest.parse({ kind: 'prepare' }), context)
  return { result: `${drawn === 0 ? 'The sample was already drawn.' : `${drawn.toLocaleString('en')} pictures drawn.`} ${prepared.result}`, data: prepared.data }
}
