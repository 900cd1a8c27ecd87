import type { IncomingMessage, ServerResponse } from 'node:http'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { WinnowError } from '../domain/errors.ts'
import { readWithoutWaiting } from '../images/readImageFile.ts'
import { etagOf } from './assets.ts'

/** A picture's bytes, or the file that already holds them as a browser can show them. */
export type Picture =
  | { readonly bytes: Buffer; readonly type: string }
  /** `version` names the content (its hash); `path` is bytes, as file names need not be UTF-8. */
  | { readonly path: Buffer; readonly type: string; readonly version: string | null }

/** What the open project shows, by id alone; null where there is nothing. Throws NOT_FOUND where no project is open. */
export interface ProjectFiles {
  thumb(imageId: number): Promise<{ bytes: Buffer; type: string } | null>
  /** `size`: the longest side in pixels that is needed. */
  image(imageId: number, size: number | null): Promise<Picture | null>
  view(viewId: string): Int32Array
}

/**
 * Ids start again in every project, so an address says nothing about its content: the browser asks each time and mostly hears "not modified".
 * Where the address carries `?v=…` (the asker names the content) it need not ask for an hour.
 */
const cacheControl = (request: IncomingMessage): string => (/[?&]v=/.test(request.url ?? '') ? 'private, max-age=3600' : 'private, no-cache')

export async function answerThumb(files: ProjectFiles, imageId: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const thumb = await files.thumb(imageId)
  if (!thumb) throw new WinnowError('NOT_FOUND', 'This image has no thumbnail: it has not been read yet, or could not be.')
  sendBytes(thumb, request, response)
}

export async function answerImage(files: ProjectFiles, imageId: number, size: string | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (size !== null && !/^\d{1,5}$/.test(size)) throw new WinnowError('BAD_INPUT', 'size is the longest side in pixels.')
  const picture = await files.image(imageId, size === null ? null : Math.max(16, Number(size)))
  if (!picture) throw new WinnowError('NOT_FOUND', 'There is no such image in this project.')
  if ('bytes' in picture) sendBytes(picture, request, response)
  else await sendFile(picture, request, response)
}

/** The ids of a view: little-endian Int32, in order. */
export function answerView(files: ProjectFiles, viewId: string, request: IncomingMessage, response: ServerResponse): void {
  const ids = files.view(viewId)
  response.setHeader('Content-Type', 'application/octet-stream')
  response.setHeader('Content-Length', ids.byteLength)
  response.setHeader('Cache-Control', 'no-store')
  response.end(request.method === 'HEAD' ? undefined : Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength))
}

function sendBytes({ bytes, type }: { bytes: Buffer; type: string }, request: IncomingMessage, response: ServerResponse): void {
  if (notModified(etagOf(bytes), request, response)) return
  response.setHeader('Content-Type', type)
  response.setHeader('Content-Length', bytes.byteLength)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

async function sendFile({ path, type, version }: Extract<Picture, { path: Buffer }>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = await open(path, readWithoutWaiting)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new WinnowError('NOT_FOUND', 'This is not an ordinary file any more. Scan its folder again.')
    const { size, mtimeMs } = stat
    // With the size and time the file has now, so that one changed after the last scan is not shown as the old one.
    if (notModified(`"${version ?? ''}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`, request, response)) return
    response.setHeader('Content-Type', type)
    response.setHeader('Content-Length', size)
    if (request.method === 'HEAD') response.end()
    else if (size === 0) response.end()
    else await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response)
  } catch (error) {
    // The window scrolled on and hung up.
    if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  } finally {
    await file.close()
  }
}

function notModified(etag: string, request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', cacheControl(request))
  if (request.headers['if-none-match'] !== etag) return false
  response.writeHead(304).end()
  return true
}
