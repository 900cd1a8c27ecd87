import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { ImageFailure } from '../contract/images.ts'
import type { EmbedItem } from './embedBatch.ts'

/** Why a file could not be handed to the decoder. `changed`: it is not the file that was scanned. */
export class ReadFailure extends Error {
  readonly reason: ImageFailure | 'changed'
  constructor(reason: ImageFailure | 'changed', message: string) {
    super(message)
    this.name = 'ReadFailure'
    this.reason = reason
  }
}

/**
 * The bytes of a file, if it still is the one that was scanned (same size and time): a vector must not describe another picture than the
 * hashes beside it. Throws ReadFailure.
 */
export async function readUnchanged({ path, bytes, mtimeMs }: Pick<EmbedItem, 'path' | 'bytes' | 'mtimeMs'>): Promise<Buffer> {
  const handle = await openFile(path)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new ReadFailure('unreadable', 'It is no longer a regular file.')
    // Some file systems and databases keep whole milliseconds only.
    if (found.size !== bytes || Math.abs(found.mtimeMs - mtimeMs) >= 1) throw new ReadFailure('changed', 'The file changed since it was scanned. Scan its folder again.')
    const content = Buffer.allocUnsafeSlow(bytes)
    const { bytesRead } = await handle.read(content, 0, bytes, 0)
    if (bytesRead !== bytes) throw new ReadFailure('changed', 'The file changed while it was being read. Scan its folder again.')
    return content
  } catch (error) {
    if (error instanceof ReadFailure) throw error
    throw new ReadFailure('unreadable', `The system could not read it (${(error as { code?: string }).code ?? 'unknown error'}).`)
  } finally {
    // Nobody needs to wait for this: the content is here.
    void handle.close().catch(() => undefined)
  }
}

async function openFile(path: Uint8Array): Promise<FileHandle> {
  try {
    // Non-blocking: a pipe that took the file's place would otherwise hold the worker for ever.
    return await open(Buffer.from(path.buffer, path.byteOffset, path.byteLength), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ReadFailure('vanished', 'The file is gone since it was scanned. Scan its folder again.')
    throw new ReadFailure('unreadable', `The system refused to open it (${code ?? 'unknown error'}).`)
  }
}
