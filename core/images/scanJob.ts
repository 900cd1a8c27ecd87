import { realpath, stat } from 'node:fs/promises'
import { WinnowError } from '../domain/errors.ts'
import { applyFolderLabels } from '../importers/folderLabels.ts'
import type { JobContext, JobHandler, JobResult } from '../jobs/job.ts'
import type { RootRecord } from '../project/repositories/roots.ts'
import { listFolder } from './listFolder.ts'
import { pathFilter } from './pathFilter.ts'
import { readFailure } from './readImageFile.ts'
import { readImages } from './readImages.ts'
import { recogniseMoved } from './recogniseMoved.ts'
import { lostPacks } from './thumbPack.ts'

const missingStep = 5000
const addStep = 500

/**
 * Brings the project in line with its folders: new and changed files are read, moved ones recognised by content, the ones that have gone marked.
 * A file that cannot be read is a failure of its own and an image of state 'failed'; the next scan tries it again. With `ids`, only those
 * images are read again. What is committed stays: a killed scan goes on where it was.
 */
export const scanJob: JobHandler<'scan'> = async ({ rootIds, ids }, context) => {
  await forgetLostThumbs(context)
  if (ids) return await readAgain(ids, context)
  const roots = await rootsToScan(rootIds, context)
  if (roots.some(({ scannedAt }) => scannedAt === null)) void context.engine.vision.warm()
  const listed = await listRoots(roots, context)
  const moved = await recogniseMoved(context, listed.roots)
  for (let added = 1; added > 0;) {
    context.signal.throwIfAborted()
    added = await context.project.write.images.addNew(addStep)
  }
  context.project.emit({ topic: 'images' })
  const todo = await context.project.write.images.toRead(listed.roots.map(({ id }) => id))
  const read = await readImages(todo, context)
  for (const root of listed.roots) {
    await context.project.write.roots.markScanned(root.id, Date.now())
    await applyFolderLabels(context.project, root.id, context.signal)
  }
  context.project.emit({ topic: 'images' })
  context.project.emit({ topic: 'project' })
  const counts: ScanCounts = { read: read.read, failed: read.failed, moved, missing: listed.missing, unchanged: listed.unchanged + read.same }
  return { result: sentence(counts), data: counts }
}

/** Thumbnails whose pack was lost are drawn again with the images that this scan reads. */
async function forgetLostThumbs({ project }: JobContext): Promise<void> {
  const lost = await lostPacks(project.thumbsFolder, await project.read.images.thumbPacks())
  if (lost.length > 0) await project.write.images.forgetThumbs(lost)
}

async function rootsToScan(rootIds: readonly number[] | undefined, { project }: JobContext): Promise<RootRecord[]> {
  const roots = await project.read.roots.list()
  if (roots.length === 0) throw new WinnowError('BAD_INPUT', 'This project has no folder of images yet. Add one first.')
  if (!rootIds) return roots
  return rootIds.map((id) => {
    const root = roots.find((one) => one.id === id)
    if (!root) throw new WinnowError('NOT_FOUND', `There is no folder ${id} in this project.`)
    return root
  })
}

interface Listed {
  /** Those that could be listed. */
  readonly roots: RootRecord[]
  readonly unchanged: number
  readonly missing: number
}

/** Compares every root with what is known of it. A root that cannot be reached is a failure, and its images stay as they are. */
async function listRoots(roots: readonly RootRecord[], context: JobContext): Promise<Listed> {
  const { project, signal, report, fail } = context
  await project.write.images.startListing()
  const allowed = await realRoots(await project.read.roots.list())
  const reached: RootRecord[] = []
  let found = 0
  let unchanged = 0
  let missing = 0
  for (const root of roots) {
    signal.throwIfAborted()
    report('Looking through folders', found, null, root.path)
    const unlisted: Uint8Array[] = []
    try {
      if (!(await stat(root.path)).isDirectory()) throw new Error('it is no folder')
      for await (const event of listFolder(root.path, { filter: pathFilter(root), sniff: true, svg: root.svg, allowed, signal })) {
        if (event.kind === 'files') {
          unchanged += (await project.write.images.listed(root.id, event.files)).unchanged
          found += event.files.length
          report('Looking through folders', found, null, root.path)
          continue
        }
        // A folder that went away is listed: nothing is in it.
        if (event.failure === 'vanished') continue
        if (event.kind === 'unlisted') unlisted.push(event.path)
        fail({ imageId: null, subject: `${root.path}/${event.path.toString()}`, reason: event.failure, detail: event.detail })
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!isSystemError(error)) throw error
      fail({ imageId: null, subject: root.path, reason: 'unreadable', detail: `The folder cannot be reached (${(error as Error).message}). Connect its disk, or change its path. Its images stay as they are.` })
      continue
    }
    reached.push(root)
    for (let afterId: number | null = 0; afterId !== null;) {
      const step = await project.write.images.markMissing(root.id, unlisted, afterId, missingStep)
      missing += step.marked
      afterId = step.lastId
    }
  }
  return { roots: reached, unchanged, missing }
}

const isSystemError = (error: unknown): boolean => error instanceof Error && ('syscall' in error || error.message === 'it is no folder')

/** The real paths of all roots that can be reached: links may lead into any of them. */
async function realRoots(roots: readonly RootRecord[]): Promise<Buffer[]> {
  const paths = await Promise.all(roots.map(async ({ path }) => await realpath(path, { encoding: 'buffer' }).catch(() => null)))
  return paths.filter((path) => path !== null)
}

/** Only these images, whatever their state. */
async function readAgain(ids: readonly number[], context: JobContext): Promise<JobResult> {
  const { project, fail } = context
  const files = await project.read.images.filesToRead(Int32Array.from(ids))
  const away = new Set<number>()
  for (const { rootId, root } of new Map(files.map((file) => [file.rootId, file])).values()) {
    const failure = await stat(root).then(() => null, readFailure)
    if (!failure) continue
    away.add(rootId)
    fail({ imageId: null, subject: root, reason: 'unreadable', detail: `The folder cannot be reached (${failure.message}). Connect its disk, or change its path.` })
  }
  const reachable = files.filter(({ rootId }) => !away.has(rootId))
  const read = await readImages(Int32Array.from(reachable, ({ imageId }) => imageId), context)
  for (const rootId of new Set(reachable.map((file) => file.rootId))) await applyFolderLabels(project, rootId, context.signal)
  project.emit({ topic: 'images' })
  const counts: ScanCounts = { read: read.read, failed: read.failed, moved: 0, missing: 0, unchanged: read.same }
  return { result: sentence(counts), data: counts }
}

/** What a scan did, in images. */
interface ScanCounts {
  readonly read: number
  readonly unchanged: number
  readonly moved: number
  readonly missing: number
  readonly failed: number
}

const counted = (count: number): string => count.toLocaleString('en')

function sentence({ read, failed, moved, missing, unchanged }: ScanCounts): string {
  const parts = [`${counted(read)} ${read === 1 ? 'image' : 'images'} read`]
  if (unchanged > 0) parts.push(`${counted(unchanged)} unchanged`)
  if (moved > 0) parts.push(`${counted(moved)} moved`)
  if (missing > 0) parts.push(`${counted(missing)} missing now`)
  if (failed > 0) parts.push(`${counted(failed)} could not be read`)
  return `${parts.join(', ')}.`
}
