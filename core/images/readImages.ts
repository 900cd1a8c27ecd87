import type { JobContext } from '../jobs/job.ts'
import type { FileOutcome } from './measurement.ts'
import { joinPath } from './listFolder.ts'

export interface ReadCounts {
  readonly read: number
  /** Looked at because of a new time or path, and found to have the content that was read before. */
  readonly same: number
  readonly failed: number
}

const mostInBatch = 32
const emitEveryMilliseconds = 1000

/**
 * Reads and measures these images in the vision workers, batch by batch; every batch is committed as soon as it is there, so a kill loses at
 * most the batches in progress. Throws the signal's reason on abort.
 */
export async function readImages(ids: Int32Array, context: JobContext): Promise<ReadCounts> {
  const { engine, project, signal, report, fail } = context
  const total = ids.length
  // Two batches a worker, so that none waits for the database; small at the end, so that all finish together.
  const lanes = engine.vision.size * 2
  let next = 0
  /** Files of batches that are committed, and of those that are being read. */
  let committed = 0
  const inProgress = new Map<Int32Array, number>()
  let read = 0
  let same = 0
  let failed = 0
  let emitted = 0
  const stage = 'Reading images'
  const tell = (): void => report(stage, Math.min(total, committed + [...inProgress.values()].reduce((sum, files) => sum + files, 0)), total)
  const takeBatch = (): Int32Array => {
    const size = Math.max(1, Math.min(mostInBatch, Math.ceil((total - next) / (lanes * 2))))
    const batch = ids.subarray(next, next + size)
    next += batch.length
    return batch
  }
  report(stage, 0, total)

  const lane = async (): Promise<void> => {
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) {
      signal.throwIfAborted()
      const files = await project.read.images.filesToRead(batch)
      const outcomes = await engine.vision.measure({
        thumbsFolder: project.thumbsFolder,
        files: files.map(({ imageId, root, pathRaw, svg, known }) => ({ imageId, svg, known, path: joinPath(Buffer.from(root), pathRaw) }))
      }, {
        signal,
        onProgress: (finished) => {
          inProgress.set(batch, Math.min(batch.length, (inProgress.get(batch) ?? 0) + finished))
          tell()
        }
      })
      const byId = new Map(files.map((file) => [file.imageId, file]))
      // An image that was missing before and is still not there stays missing.
      const kept = outcomes.filter((outcome) => !(outcome.kind === 'failed' && outcome.failure === 'vanished' && byId.get(outcome.imageId)?.state === 'missing'))
      await project.write.images.commit(kept)
      inProgress.delete(batch)
      committed += batch.length
      tell()
      for (const outcome of outcomes) {
        if (outcome.kind === 'measured') read++
        if (outcome.kind === 'same') same++
        if (outcome.kind !== 'failed') continue
        failed++
        fail(toFailure(outcome, byId.get(outcome.imageId)?.path ?? String(outcome.imageId)))
      }
      if (Date.now() - emitted > emitEveryMilliseconds) {
        emitted = Date.now()
        project.emit({ topic: 'images' })
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  report(stage, total, total)
  return { read, same, failed }
}

const toFailure = ({ imageId, failure, detail }: Extract<FileOutcome, { kind: 'failed' }>, subject: string): Parameters<JobContext['fail']>[0] =>
  ({ imageId, subject, reason: failure, detail })
