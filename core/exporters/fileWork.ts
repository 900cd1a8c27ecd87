import { createHash } from 'node:crypto'
import { constants, copyFile, link, lstat, mkdir, open, realpath, stat, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { MediaMode } from '../contract/exports.ts'

/** One original and where it goes. Paths as bytes: a name need not be UTF-8. */
export interface Placement {
  readonly source: Uint8Array
  /** null: nothing is placed, the original is only compared (list only). */
  readonly target: string | null
  readonly bytes: number
  readonly mtimeMs: number
  readonly sha256: string
}

export type PlacementProblem = 'changed' | 'vanished' | 'unreadable' | 'other-volume' | 'no-space' | 'not-allowed' | 'failed'
export interface Placed {
  readonly problem: PlacementProblem | null
  readonly detail: string
  /** A link was asked for and a copy was made. */
  readonly copied: boolean
}

export interface PlaceOptions {
  readonly media: MediaMode
  readonly copyIfLinkFails: boolean
}

const chunk = 1 << 18

/** SHA-256 of a file's bytes as hexadecimal, and how many there were. With `sync`, what was written of it is on disk afterwards. */
export async function hashOfFile(path: string | Buffer, sync = false): Promise<{ sha256: string; bytes: number }> {
  const handle = await open(path, sync ? 'r+' : 'r').catch(async (error: NodeJS.ErrnoException) => {
    // A copy keeps the mode of its original, which may forbid writing: reading is enough to flush it on most systems.
    if (sync && (error.code === 'EACCES' || error.code === 'EPERM')) return await open(path, 'r')
    throw error
  })
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(chunk)
    let bytes = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunk, null)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      bytes += bytesRead
    }
    if (sync) await handle.sync().catch(() => undefined)
    return { sha256: hash.digest('hex'), bytes }
  } finally {
    await handle.close()
  }
}

const problemOf: Record<string, PlacementProblem> = { ENOENT: 'vanished', ENOTDIR: 'vanished', EACCES: 'unreadable', EPERM: 'not-allowed', EXDEV: 'other-volume', ENOSPC: 'no-space', EDQUOT: 'no-space' }
const failed = (error: unknown): Placed => {
  const { code, message } = error as NodeJS.ErrnoException
  return { problem: problemOf[code ?? ''] ?? 'failed', detail: message, copied: false }
}
const changed = (detail: string): Placed => ({ problem: 'changed', detail, copied: false })

/** Puts one original in its place, then reads back what lies there and compares it with what the project knows. The original is only ever read. */
export async function place({ source, target, bytes, mtimeMs, sha256 }: Placement, { media, copyIfLinkFails }: PlaceOptions): Promise<Placed> {
  const original = Buffer.from(source)
  let copied = false
  try {
    const found = await stat(original)
    if (!found.isFile()) return changed('it is no longer a file')
    if (found.size !== bytes) return changed(`it has ${found.size} bytes; it had ${bytes}`)
    if (target === null) {
      if (found.mtimeMs === mtimeMs) return { problem: null, detail: '', copied: false }
      return (await hashOfFile(original)).sha256 === sha256 ? { problem: null, detail: '', copied: false } : changed('its content is another')
    }
    await mkdir(dirname(target), { recursive: true })
    const copy = async (): Promise<void> => await copyFile(original, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    if (media === 'copy') await copy()
    else if (media === 'symlink') await symlink(original, target)
    else {
      try {
        // The file itself, where the original is a link to it.
        await link(await realpath(original, { encoding: 'buffer' }), target)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code
        if (!copyIfLinkFails || (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK' && code !== 'ENOTSUP')) throw error
        await copy()
        copied = true
      }
    }
    const written = await hashOfFile(target, media === 'copy' || copied)
    if (written.sha256 !== sha256) return changed('its content is another')
    return { problem: null, detail: '', copied }
  } catch (error) {
    return failed(error)
  }
}

export interface Check {
  readonly path: string | Uint8Array
  readonly bytes: number
  readonly sha256: string
  /** Whether a link is what should be there; null where either will do (an original). */
  readonly link: boolean | null
}
export type Checked = 'same' | 'changed' | 'missing'

/** Compares a file with what a manifest says of it. What cannot be read counts as changed. */
export async function check({ path, bytes, sha256, link: linked }: Check): Promise<Checked> {
  const where = typeof path === 'string' ? path : Buffer.from(path)
  try {
    if (linked !== null && (await lstat(where)).isSymbolicLink() !== linked) return 'changed'
    const found = await stat(where)
    if (!found.isFile() || found.size !== bytes) return 'changed'
    return (await hashOfFile(where)).sha256 === sha256 ? 'same' : 'changed'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'changed'
  }
}
