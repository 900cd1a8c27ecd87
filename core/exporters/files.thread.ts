/** A thread that copies, links and hashes files: hashing is arithmetic, of which the engine's loop should do none. */
import { parentPort } from 'node:worker_threads'
import { serveThread } from '../workers/channel.ts'
import { check, type Check, type Checked, place, type Placed, type PlaceOptions, type Placement } from './fileWork.ts'

const atOnce = 4

/** Results in the order of the items; a few at once, so that the disk has something to do while a hash is worked out. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T)
  }))
  return results
}

const filesThread = {
  async place(items: readonly Placement[], options: PlaceOptions): Promise<Placed[]> {
    return await each(items, async (item) => await place(item, options))
  },
  async check(items: readonly Check[]): Promise<Checked[]> {
    return await each(items, check)
  }
}
export type FilesThread = typeof filesThread

if (!parentPort) throw new Error('files.thread.ts is the entry of a worker thread')
serveThread(parentPort, filesThread)
