import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'

const chunk = 20_000

export interface FolderLabelResult {
  /** Images whose given label was set or changed. */
  readonly labelled: number
  /** Images that lost it: they lie directly in the root now, or went away. */
  readonly removed: number
  /** The run that made the changes; null where nothing changed. */
  readonly runId: number | null
}

/**
 * Gives every image of a root the class that its first folder below the root names: `ROOT/cat/a/1.jpg` is a cat, `ROOT/1.jpg` is nothing.
 * Scanning again changes nothing; labels that a CSV gave are left alone; a root with labelsFromFolders off loses its folder labels.
 * Works in chunks, so that the writer is never held for long. Throws NOT_FOUND for an unknown root.
 */
export async function applyFolderLabels(project: Project, rootId: number, signal?: AbortSignal): Promise<FolderLabelResult> {
  const root = await project.read.roots.byId(rootId)
  if (!root) throw new WinnowError('NOT_FOUND', `There is no folder ${rootId} in this project.`)
  let labelled = 0
  let removed = 0
  let runId: number | null = null
  for (let afterId: number | null = 0; afterId !== null; ) {
    signal?.throwIfAborted()
    const step = await project.write.labels.labelFromFolders({ rootId, enabled: root.labelsFromFolders, afterId, limit: chunk, runId, at: Date.now() })
    labelled += step.labelled
    removed += step.removed
    runId = step.runId
    afterId = step.lastId
  }
  if (runId !== null) {
    await project.write.labels.finishRun(runId, Date.now(), { rootId, labelled, removed })
    project.emit({ topic: 'images' })
  }
  return { labelled, removed, runId }
}
