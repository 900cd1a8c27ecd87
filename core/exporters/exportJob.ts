import type { JobHandler } from '../jobs/job.ts'
import { exportScope } from './entries.ts'
import { runExport } from './runExport.ts'

/** Exports, and notes it in the project's history. Run again after a crash, it finds what is done. */
export const exportJob: JobHandler<'export'> = async ({ spec }, { engine, project, signal, jobId, report, fail, note }) => {
  const { images, duplicates } = engine.current
  const scope = await exportScope(project, spec.selection ? await images.resolve(spec.selection) : null)
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
  project.emit({ topic: 'exports' })
  if (resumed) note('The export was already in place: it had been finished just before the engine ended.')
  if (copiedInsteadOfLinked > 0) note(`${copiedInsteadOfLinked.toLocaleString('en')} images lie on another volume and were copied instead of linked.`)
  return { result: `${summary.images.toLocaleString('en')} images exported to ${summary.target}, ${summary.excluded.toLocaleString('en')} left out.`, data: { id, ...summary } }
}
