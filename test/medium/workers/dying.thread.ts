/** A thread for tests: it can be asked to die. */
import { parentPort } from 'node:worker_threads'
import { type CallContext, serveThread } from '../../../core/workers/channel.ts'

const dyingThread = {
  add: (a: number, b: number, _context: CallContext): number => a + b,
  exit: async (_context: CallContext): Promise<void> => {
    process.exit(0)
    await Promise.resolve()
  },
  crash: async (_context: CallContext): Promise<void> => {
    setImmediate(() => {
      throw new RangeError('out of its mind')
    })
    await new Promise(() => undefined)
  }
}
export type DyingThread = typeof dyingThread

if (!parentPort) throw new Error('dying.thread.ts is the entry of a worker thread')
serveThread(parentPort, dyingThread)
