import { open } from 'node:fs/promises'
import { DecodeFailure } from './decodeFailure.ts'
import type { FileStamp } from './measurement.ts'

/** No picture that is worth reading is larger, and one Buffer holds at most about that much. */
const maxBytes = 2 ** 31 - 1

/** The whole file, with the size and time of what was read. `path` may be any bytes. Throws DecodeFailure: vanished, unreadable, empty, too-large. */
export async function readImageFile(path: Uint8Array): Promise<{ bytes: Buffer; stamp: FileStamp }> {
  try {
    await using file = await open(Buffer.from(path.buffer, path.byteOffset, path.byteLength), 'r')
    const { size, mtimeMs, ...stat } = await file.stat().then((s) => ({ size: s.size, mtimeMs: s.mtimeMs, isFile: s.isFile() }))
    if (!stat.isFile) throw new DecodeFailure('unreadable', 'This is not an ordinary file any more.')
    if (size === 0) throw new DecodeFailure('empty', 'The file has no content.')
    if (size > maxBytes) throw new DecodeFailure('too-large', `The file has ${(size / 2 ** 30).toFixed(1)} GB; the limit is 2 GB.`)
    return { bytes: await file.readFile(), stamp: { bytes: size, mtimeMs } }
  } catch (error) {
    throw readFailure(error)
  }
}

/** The typed reason why the system would not let a file be read. */
export function readFailure(error: unknown): DecodeFailure {
  if (error instanceof DecodeFailure) return error
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DecodeFailure('vanished', 'The file went away after the folder was listed.', { cause: error })
  if (code === 'EACCES' || code === 'EPERM') return new DecodeFailure('unreadable', `Reading it is not permitted (${code}). Change its permissions and scan again.`, { cause: error })
  return new DecodeFailure('unreadable', `It could not be read: ${message}`, { cause: error })
}
