import { closeSync, constants, fstatSync, open, read } from 'node:fs'
import { promisify } from 'node:util'
import { DecodeFailure } from './decodeFailure.ts'
import type { FileStamp } from './measurement.ts'

/** No picture that is worth reading is larger, and one Buffer holds at most about that much. */
const maxBytes = 2 ** 31 - 1

/** For opening what was a file when it was listed: a pipe that has taken its place must not hold the thread up until somebody writes to it. (Windows has no such flag.) */
export const readWithoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK

/**
 * The whole file, with the size and time of what was read. `path` may be any bytes. Throws DecodeFailure: vanished, unreadable, empty, too-large.
 * Opening and reading wait for the disk and so happen in another thread; asking and closing do not, and a trip there costs more than they do.
 */
export async function readImageFile(path: Uint8Array): Promise<{ bytes: Buffer; stamp: FileStamp }> {
  let file: number | null = null
  try {
    file = await openFile(Buffer.from(path.buffer, path.byteOffset, path.byteLength), readWithoutWaiting)
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new DecodeFailure('unreadable', 'This is not an ordinary file any more.')
    const { size, mtimeMs } = stat
    if (size === 0) throw new DecodeFailure('empty', 'The file has no content.')
    if (size > maxBytes) throw new DecodeFailure('too-large', `The file has ${(size / 2 ** 30).toFixed(1)} GB; the limit is 2 GB.`)
    return { bytes: await readWhole(file, size), stamp: { bytes: size, mtimeMs } }
  } catch (error) {
    throw readFailure(error)
  } finally {
    if (file !== null) closeSync(file)
  }
}

const openFile = promisify(open)
const readSome = promisify(read)

/** A file that became shorter meanwhile gives what there is: its decoder will miss the rest, and the next scan sees that it changed. */
async function readWhole(file: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  let done = 0
  for (let got = 1; done < size && got > 0; done += got) got = (await readSome(file, bytes, done, size - done, done)).bytesRead
  return bytes.subarray(0, done)
}

/** The typed reason why the system would not let a file be read. */
export function readFailure(error: unknown): DecodeFailure {
  if (error instanceof DecodeFailure) return error
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DecodeFailure('vanished', 'The file went away after the folder was listed.', { cause: error })
  if (code === 'EACCES' || code === 'EPERM') return new DecodeFailure('unreadable', `Reading it is not permitted (${code}). Change its permissions and scan again.`, { cause: error })
  return new DecodeFailure('unreadable', `It could not be read: ${message}`, { cause: error })
}
