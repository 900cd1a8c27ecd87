import { mkdir } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { jobRequest } from '../contract/jobs.ts'
import { rootSpec } from '../contract/project.ts'
import type { JobContext, JobHandler } from '../jobs/job.ts'
import { drawSample, sampleFolder } from './drawSample.ts'

const showEveryMilliseconds = 4000

/** Draws the sample where it is missing, adds it to the project, and prepares the project: read, embed, find near-duplicates, predict. */
export const sampleJob: JobHandler<'sample'> = async ({ count, seed }, context) => {
  const { engine, project, signal, report } = context
  const folder = sampleFolder(engine.home)
  await mkdir(folder.images, { recursive: true })
  const roots = await project.read.roots.list()
  if (!roots.some(({ path }) => path === folder.images)) await engine.current.roots.add(rootSpec.parse({ path: folder.images }))
  const drawing = drawSample({ folder, count, seed, signal, onProgress: (done, total) => report('Drawing', done, total) })
  await showMeanwhile(drawing, context)
  const drawn = await drawing
  signal.throwIfAborted()
  const prepared = await engine.current.jobs.stage(jobRequest.parse({ kind: 'prepare' }), context)
  return { result: `${drawn === 0 ? 'The sample was already drawn.' : `${drawn.toLocaleString('en')} pictures drawn.`} ${prepared.result}`, data: prepared.data }
}

/**
 * Reads what has been drawn every few seconds until the drawing has ended, so that there is something to look at from the start.
 * Quietly: the progress shown is the drawing's, and what cannot be read is told by the scan that follows.
 */
async function showMeanwhile(drawing: Promise<unknown>, context: JobContext): Promise<void> {
  const quiet: JobContext = { ...context, report: () => undefined, fail: () => undefined, note: () => undefined }
  const ended = drawing.then(() => true, () => true)
  for (;;) {
    const over = await Promise.race([ended, pause(showEveryMilliseconds, false, { ref: false })])
    if (over) return
    await context.engine.current.jobs.stage(jobRequest.parse({ kind: 'scan' }), quiet).catch(() => undefined)
  }
}
