import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { WinnowError } from '../domain/errors.ts'

const marker = z.object({ target: z.string(), pid: z.number(), host: z.string() })

const noteSuffix = '.json'
const noteOf = (folder: string): string => `${folder}${noteSuffix}`

/** Begins the names of all unfinished builds of one target; short, whatever the target is called. */
const partPrefix = (target: string): string => `.winnow-part-${createHash('sha256').update(basename(target)).digest('hex').slice(0, 10)}-`

/** The nearest folder above (or at) `path` that is there. */
async function nearestFolder(path: string): Promise<string> {
  let folder = path
  while (!(await stat(folder).catch(() => null))?.isDirectory() && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** `path` with its links resolved as far as it is there. */
async function realPath(path: string): Promise<string> {
  const there = await nearestFolder(path)
  return join(await realpath(there).catch(() => there), relative(there, path))
}

const holds = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)

/** What stands in the way of a target before anything is written, as sentences. `folders`: places that an export must keep out of. */
export async function targetConflicts(target: string, folders: readonly { readonly path: string; readonly what: string }[]): Promise<string[]> {
  if (!isAbsolute(target)) return [`${target} is not a whole path. Give the folder from the root of the disk.`]
  const conflicts: string[] = []
  const path = resolve(target)
  const entry = await lstat(path).catch(() => null)
  if (entry && !entry.isDirectory()) conflicts.push(`${path} is a file or a link. Choose a folder that is not there yet.`)
  else if (entry && (await readdir(path).catch(() => ['it cannot be read'])).length > 0) conflicts.push(`There is already something in ${path}. Choose a folder that is empty or not there yet.`)
  const real = await realPath(path)
  for (const folder of folders) {
    const other = await realPath(folder.path)
    if (holds(other, real)) conflicts.push(`${path} lies inside ${folder.what} ${folder.path}, which is never written to. Choose a folder outside of it.`)
    else if (holds(real, other)) conflicts.push(`${folder.what[0]?.toUpperCase()}${folder.what.slice(1)} ${folder.path} lies inside ${path}. Choose another folder.`)
  }
  const parent = await nearestFolder(dirname(path))
  const writable = await access(parent, constants.W_OK | constants.X_OK).then(() => true, () => false)
  if (!writable) conflicts.push(`${parent} cannot be written to. Choose another folder, or change its permissions.`)
  return conflicts
}

/** Bytes that are free where the target would be; null where the system does not say. */
export async function freeBytes(target: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(await nearestFolder(dirname(resolve(target))))
    return bavail * bsize
  } catch {
    return null
  }
}

/** Number of the volume on which the target would be; null where it cannot be told. */
export const volumeOf = async (path: string): Promise<number | null> => (await stat(await nearestFolder(resolve(path))).catch(() => null))?.dev ?? null

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** An export in the making: a hidden folder beside its target, which takes the target's place only when all is done. */
export class UnfinishedExport {
  readonly folder: string
  readonly target: string

  private constructor(folder: string, target: string) {
    this.folder = folder
    this.target = target
  }

  /** Clears what a killed export of the same target has left, and starts anew. Throws CONFLICT where one is being built right now. */
  static async begin(target: string): Promise<UnfinishedExport> {
    const path = resolve(target)
    const parent = dirname(path)
    await mkdir(parent, { recursive: true })
    await clearLeftovers(path)
    const folder = join(parent, `${partPrefix(path)}${randomUUID().slice(0, 8)}`)
    // The note comes before the folder and goes after it, so that whenever this process is killed, the next one knows whose it was.
    await writeFile(noteOf(folder), JSON.stringify({ target: path, pid: process.pid, host: hostname() }))
    await mkdir(folder)
    return new UnfinishedExport(folder, path)
  }

  /** Puts the folder in its place, in one step; `folders` are those made in it, to be flushed. Throws CONFLICT where something has come there meanwhile. */
  async finish(folders: Iterable<string>): Promise<void> {
    for (const folder of folders) await flushFolder(join(this.folder, folder))
    await flushFolder(this.folder)
    try {
      // An empty folder gives way; one that is not empty stays, and the export with it.
      await rmdir(this.target).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      await rename(this.folder, this.target)
    } catch (error) {
      throw new WinnowError('CONFLICT', `${this.target} could not be put in place: something came there while it was being built (${(error as Error).message}). Choose another folder.`)
    }
    await flushFolder(dirname(this.target))
    await rm(noteOf(this.folder), { force: true })
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
    await rm(noteOf(this.folder), { force: true })
  }
}

async function clearLeftovers(target: string): Promise<void> {
  const parent = dirname(target)
  for (const name of await readdir(parent)) {
    if (!name.startsWith(partPrefix(target)) || !name.endsWith(noteSuffix)) continue
    const note = join(parent, name)
    const owner = await readFile(note, 'utf8').then((text) => marker.safeParse(JSON.parse(text)).data, () => undefined)
    if (owner && owner.target !== target) continue
    if (owner && owner.host === hostname() && owner.pid !== process.pid && isAlive(owner.pid)) {
      throw new WinnowError('CONFLICT', `Another Winnow (process ${owner.pid}) is exporting to ${target} right now. Wait for it, or choose another folder.`)
    }
    await rm(note.slice(0, -noteSuffix.length), { recursive: true, force: true, maxRetries: 3 })
    await rm(note, { force: true })
  }
}

/** Makes the names in a folder durable; Windows has no such call and needs none. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
