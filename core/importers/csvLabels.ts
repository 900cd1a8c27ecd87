import { join } from 'node:path'
import type { CsvImportReport } from '../contract/labels.ts'
import type { Project } from '../project/project.ts'
import { startThread } from '../workers/thread.ts'
import type { CsvLabelThread } from './csvLabels.thread.ts'

const namesReported = 1000

/**
 * Labels from a CSV with a header: one column names the image (path, file name, stem or content hash), one the class. They become the given
 * labels of their images, under a run of their own, all at once or not at all. Throws BAD_INPUT or NOT_FOUND naming file, line and field.
 */
export async function importCsvLabels(project: Project, file: string, columns: { imageColumn?: string | undefined; labelColumn?: string | undefined } = {}): Promise<CsvImportReport> {
  const { connection, end } = startThread<CsvLabelThread>(new URL('./csvLabels.thread.ts', import.meta.url))
  try {
    const { labels, ...report } = await connection.call('read', [{ database: join(project.folder, 'project.db'), file, ...columns }])
    const { runId, made } = await project.write.labels.importLabels(labels, { file, ...columns }, Date.now())
    project.emit({ topic: 'images' })
    return { runId, ...report, matched: labels.imageIds.length, classes: labels.names.length, newClasses: made.slice(0, namesReported) }
  } finally {
    await end()
  }
}
