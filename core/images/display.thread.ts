/** A thread that turns pictures into what a browser shows: bitmaps are decoded in JavaScript, which would hold the engine up. */
import { parentPort } from 'node:worker_threads'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { openImage } from './openImage.ts'
import { readImageFile } from './readImageFile.ts'

const displayThread = {
  /** JPEG bytes; `size` is the longest side in pixels, null for all of it. Throws DecodeFailure. */
  async display(path: Uint8Array, svg: boolean, size: number | null, _context: CallContext): Promise<Uint8Array> {
    const { bytes } = await readImageFile(path)
    const image = await openImage(bytes, { svg })
    const pipeline = size === null ? image.pipeline() : image.pipeline().resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    try {
      return await pipeline.jpeg({ quality: 90, optimiseCoding: false }).toBuffer()
    } catch (error) {
      throw image.failureOf(error)
    }
  }
}
export type DisplayThread = typeof displayThread

if (!parentPort) throw new Error('display.thread.ts is the entry of a worker thread')
serveThread(parentPort, displayThread)
