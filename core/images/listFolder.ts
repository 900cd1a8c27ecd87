import type { Dirent } from 'node:fs'
import { open, opendir, realpath, stat } from 'node:fs/promises'
import type { ImageFailure } from '../contract/images.ts'
import type { ListedFile } from '../project/repositories/imageWrites.ts'
import type { PathFilter } from './pathFilter.ts'
import { claimsToBeImage, isReadable, sniff, sniffLength } from './sniff.ts'

export interface ListOptions {
  readonly filter: PathFilter
  /** Whether files that do not claim to be pictures are opened to see whether they are. */
  readonly sniff: boolean
  readonly svg: boolean
  /** Real paths of all folders that the project may read: a link must lead into one of them. */
  readonly allowed: readonly Buffer[]
  readonly signal?: AbortSignal
}

export type Listing =
  | { readonly kind: 'files'; readonly files: readonly ListedFile[] }
  /** A folder that could not be listed; nothing is known of what is in it. */
  | { readonly kind: 'unlisted'; readonly path: Buffer; readonly failure: ImageFailure; readonly detail: string }
  /** A link that is not followed. */
  | { readonly kind: 'refused'; readonly path: Buffer; readonly failure: ImageFailure; readonly detail: string }

const chunk = 256
const atOnce = 16
/** Larger folders are taken in the order of the file system: sorting them would hold the engine up. */
const mostSorted = 10_000
const slash = Buffer.from('/')

export const joinPath = (folder: Uint8Array, name: Uint8Array): Buffer => (folder.length === 0 ? Buffer.from(name) : Buffer.concat([folder, slash, name]))

interface Folder {
  readonly path: Buffer
  readonly link: boolean
}

/**
 * Lists the pictures below `root` (an absolute path) as paths relative to it, folder by folder, names as bytes. Real folders come before
 * links to folders, and every folder is visited once, however many links lead to it or round in circles. Throws only where `root` itself cannot
 * be listed, or the signal's reason.
 */
export async function* listFolder(root: string, options: ListOptions): AsyncGenerator<Listing> {
  const { filter, signal } = options
  const base = Buffer.from(root)
  const visited = new Set<string>()
  const links: Folder[] = []
  const stack: Folder[] = [{ path: Buffer.alloc(0), link: false }]
  let pending: ListedFile[] = []
  for (let folder = stack.pop() ?? links.shift(); folder; folder = stack.pop() ?? links.shift()) {
    signal?.throwIfAborted()
    const absolute = joinPath(base, folder.path)
    let entries: Dirent<Buffer>[]
    try {
      if (folder.link) {
        const refusal = await refusalOf(absolute, options.allowed)
        if (refusal) {
          yield { kind: 'refused', path: folder.path, failure: 'unreadable', detail: refusal }
          continue
        }
      }
      const { dev, ino } = await stat(absolute, { bigint: true })
      const identity = `${dev}:${ino}`
      if (visited.has(identity)) continue
      visited.add(identity)
      entries = await entriesOf(absolute)
    } catch (error) {
      if (folder.path.length === 0) throw error
      yield { kind: 'unlisted', path: folder.path, ...listFailure(error) }
      continue
    }
    const files: { path: Buffer; link: boolean }[] = []
    const folders: Folder[] = []
    for (const entry of entries) {
      const path = joinPath(folder.path, entry.name)
      if (entry.isDirectory()) folders.push({ path, link: false })
      else if (entry.isFile()) files.push({ path, link: false })
      else if (entry.isSymbolicLink()) files.push({ path, link: true })
    }
    stack.push(...folders.filter(({ path }) => filter.entersFolder(path.toString())).toReversed())
    for (let from = 0; from < files.length; from += atOnce) {
      signal?.throwIfAborted()
      const seen = await Promise.all(files.slice(from, from + atOnce).map((file) => look(base, file.path, file.link, options)))
      for (const found of seen) {
        if (!found) continue
        if ('folder' in found) links.push(found.folder)
        else if ('kind' in found) yield found
        else pending.push(found)
      }
      if (pending.length >= chunk) {
        yield { kind: 'files', files: pending }
        pending = []
      }
    }
  }
  if (pending.length > 0) yield { kind: 'files', files: pending }
}

async function entriesOf(path: Buffer): Promise<Dirent<Buffer>[]> {
  const entries: Dirent<Buffer>[] = []
  // The types of opendir know strings only; with this encoding it gives bytes, as readdir does.
  const folder = await opendir(path as unknown as string, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
  for await (const entry of folder) entries.push(entry as unknown as Dirent<Buffer>)
  return entries.length <= mostSorted ? entries.sort((a, b) => Buffer.compare(a.name, b.name)) : entries
}

/** What a directory entry is: a picture, a link to a folder, something to be told, or nothing. */
async function look(base: Buffer, path: Buffer, link: boolean, options: ListOptions): Promise<ListedFile | { folder: Folder } | Listing | null> {
  const { filter, allowed } = options
  const text = path.toString()
  const absolute = joinPath(base, path)
  const claims = claimsToBeImage(text)
  try {
    const { size, mtimeMs, ...kind } = await stat(absolute).then((s) => ({ size: s.size, mtimeMs: s.mtimeMs, file: s.isFile(), folder: s.isDirectory() }))
    if (kind.folder) return link && filter.entersFolder(text) ? { folder: { path, link: true } } : null
    if (!kind.file || !filter.takesFile(text)) return null
    if (!claims && !(options.sniff && await showsPicture(absolute, options.svg))) return null
    if (link) {
      const refusal = await refusalOf(absolute, allowed)
      if (refusal) return { kind: 'refused', path, failure: 'unreadable', detail: refusal }
    }
    return { pathRaw: path, bytes: size, mtimeMs }
  } catch (error) {
    // Something that does not claim to be a picture and cannot be looked at is none of our business.
    if (!claims || !filter.takesFile(text)) return null
    if (link) return { kind: 'refused', path, failure: 'unreadable', detail: `The link leads nowhere (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).` }
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : { kind: 'refused', path, ...listFailure(error) }
  }
}

async function showsPicture(path: Buffer, svg: boolean): Promise<boolean> {
  await using file = await open(path, 'r')
  const head = Buffer.alloc(sniffLength)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  const format = sniff(head.subarray(0, bytesRead))
  return format !== null && isReadable(format) && (format !== 'svg' || svg)
}

/** Why a link is not followed: it leaves the folders that the user gave the project. Null where it stays inside. */
async function refusalOf(path: Buffer, allowed: readonly Buffer[]): Promise<string | null> {
  const target = await realpath(path, { encoding: 'buffer' })
  if (allowed.some((folder) => isInside(target, folder))) return null
  return `A link to ${target.toString()}, which is in no folder of this project. Add that folder to the project if it should be read.`
}

/** Whether an absolute real path is `folder` or lies below it. */
export function isInside(path: Uint8Array, folder: Uint8Array): boolean {
  const bytes = Buffer.from(path.buffer, path.byteOffset, path.byteLength)
  const bare = folder.at(-1) === 0x2f || folder.at(-1) === 0x5c ? folder.subarray(0, -1) : folder
  if (bytes.length < bare.length || Buffer.compare(bytes.subarray(0, bare.length), bare) !== 0) return false
  return bytes.length === bare.length || bytes[bare.length] === 0x2f || (process.platform === 'win32' && bytes[bare.length] === 0x5c)
}

function listFailure(error: unknown): { failure: ImageFailure; detail: string } {
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  if (code === 'ENOENT' || code === 'ENOTDIR') return { failure: 'vanished', detail: 'It went away while the folder was listed.' }
  if (code === 'EACCES' || code === 'EPERM') return { failure: 'unreadable', detail: `Listing or opening it is not permitted (${code}). Change its permissions and scan again.` }
  if (code === 'ELOOP') return { failure: 'unreadable', detail: 'A link that leads to itself.' }
  return { failure: 'unreadable', detail: `It could not be listed: ${message}` }
}
