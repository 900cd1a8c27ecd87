import type { ExportSpec } from '../contract/exports.ts'
import type { JobContext, JobHandler } from '../jobs/job.ts'
import { exportScope } from './entries.ts'
import { runExport } from './runExport.ts'

/** Exports, and notes it in the project's history. Run again after a crash, it finds what is done. */
export const exportJob: JobHandler<'export'> = async ({ spec }, { engine, project, signal, jobId, report, fail, note }) => {
  const { duplicates } = engine.current
  const scope = await exportScope(project, await selectedBy(spec, { engine, project, jobId }))
  const { resumed, copiedInsteadOfLinked, ...summary } = await runExport({
    project,
    spec,
    scope,
    exportId: `${project.meta.id}/${jobId}`,
    duplicates: await duplicates.settings(),
    signal,
    onProgress: report,
    onFailure: fail
  })
  const id = await project.write.exports.add(spec, summary)
  await project.write.exports.releaseSelection(jobId)
  project.emit({ topic: 'exports' })
  if (resumed) note('The export was already in place: it had been finished just before the engine ended.')
  if (copiedInsteadOfLinked > 0) note(`${copiedInsteadOfLinked.toLocaleString('en')} images lie on another volume and were copied instead of linked.`)
  return { result: `${summary.images.toLocaleString('en')} images exported to ${summary.target}, ${summary.excluded.toLocaleString('en')} left out.`, data: { id, ...summary } }
}

/** The images that were chosen when the job first ran; null for all. */
async function selectedBy({ selection }: ExportSpec, { engine, project, jobId }: Pick<JobContext, 'engine' | 'project' | 'jobId'>): Promise<Int32Array | null> {
  if (!selection) return null
  const held = await project.read.exports.heldSelection(jobId)
  if (held) return held
  const ids = await engine.current.images.resolve(selection)
  if ('viewId' in selection) await project.write.exports.holdSelection(jobId, ids)
  return ids
}
