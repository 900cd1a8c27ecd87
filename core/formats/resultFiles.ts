import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import type { Connection } from '../workers/channel.ts'
import { startThread } from '../workers/thread.ts'
import type { ExportedResult, ExportOptions, ResultFormat } from './exportResult.ts'
import { idsPathOf } from './idsPath.ts'
import type { IscDescriptorFacts, IscMatchFacts } from './iscCheck.ts'
import { tableFormat } from './openTable.ts'
import type { ResultFilesThread } from './resultFiles.thread.ts'
import { resultTarget } from './resultTarget.ts'

const graceMs = 3000

/**
 * One piece of work of resultFiles.thread.ts, in a thread of its own that is ended with it. After an abort the thread has a moment to clean up;
 * then it goes, in whatever loop a damaged file holds it. Throws UNAVAILABLE where its memory does not suffice.
 */
export async function inFileThread<T>(signal: AbortSignal | undefined, work: (connection: Connection<ResultFilesThread>) => Promise<T>): Promise<T> {
  const { connection, end } = startThread<ResultFilesThread>(new URL('./resultFiles.thread.ts', import.meta.url), undefined, undefined, { maxOldGenerationSizeMb: 3072 })
  let timer: NodeJS.Timeout | undefined
  const give = (): void => {
    timer = setTimeout(() => connection.close(signal?.reason instanceof Error ? signal.reason : new Error('Cancelled')), graceMs)
  }
  signal?.addEventListener('abort', give, { once: true })
  try {
    return await work(connection)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') throw new WinnowError('UNAVAILABLE', 'The file needs more memory than reading it may take. Split it, or write it with smaller row groups.')
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', give)
    await end()
  }
}

/**
 * Writes a step's result (its artefact folder) to a file of the given format. The file must lie outside of the image folders and the project and
 * may not be there yet unless `overwrite`. Throws what resultTarget and exportResult throw; then nothing is left behind.
 */
export async function exportResultFile(project: Project, folder: string, format: ResultFormat, file: string, { overwrite = false, signal, ...options }: ExportOptions & { overwrite?: boolean; signal?: AbortSignal } = {}): Promise<ExportedResult> {
  const roots = await project.read.roots.list()
  const closed = [...roots.map(({ path }) => ({ path, what: 'the image folder' })), { path: project.folder, what: 'the project' }]
  const target = await resultTarget(file, closed, overwrite)
  // Ids that go beside the vectors must not take the place of somebody's file either.
  const beside = format === 'npy' || format === 'faiss' ? [await resultTarget(idsPathOf(target), closed, overwrite)] : []
  try {
    return await inFileThread(signal, async (connection) => await connection.call('export', [{ database: join(project.folder, 'project.db'), folder, format, file: target, options }], signal ? { signal } : {}))
  } catch (error) {
    // A thread that had to be ended leaves its unfinished file.
    if (signal?.aborted) for (const path of [target, ...beside]) await dropParts(path)
    throw error
  }
}

/** Whether a file may be sent to the Image Similarity Challenge: its counts, or the error that says what is wrong. HDF5 is the descriptor track, all else the matching track. */
export async function checkIscFile(file: string, signal?: AbortSignal): Promise<IscDescriptorFacts | IscMatchFacts> {
  const track = (await tableFormat(file)) === 'hdf5' ? 'descriptors' : 'matches'
  return await inFileThread(signal, async (connection) => await connection.call('checkIsc', [{ file, track }], signal ? { signal } : {}))
}

async function dropParts(target: string): Promise<void> {
  const start = `${basename(target)}.`
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (name.startsWith(start) && /^[0-9a-f-]{36}\.part$/u.test(name.slice(start.length))) await rm(join(dirname(target), name), { force: true })
  }
}
