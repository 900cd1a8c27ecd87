import { type ResourceLimits, Worker } from 'node:worker_threads'
import { WinnowError } from '../domain/errors.ts'
import { connectThread, type Connection } from './channel.ts'

/** A worker thread that serves `S`. */
export interface Thread<S> {
  readonly worker: Worker
  readonly connection: Connection<S>
  /** Ends it at once; whatever it was asked and has not answered is rejected. */
  end(): Promise<void>
}

/** Starts a thread. When it dies, every open call rejects (nobody waits for an answer that cannot come), and `onEnd` hears of it. */
export function startThread<S>(entry: URL, workerData?: unknown, onEnd?: () => void, resourceLimits: ResourceLimits = {}): Thread<S> {
  const worker = new Worker(entry, { workerData, resourceLimits })
  const connection = connectThread<S>(worker)
  const name = entry.pathname.slice(entry.pathname.lastIndexOf('/') + 1)
  worker.once('error', (error) => connection.close(error))
  worker.once('exit', () => {
    connection.close(new WinnowError('UNAVAILABLE', `A part of the engine (${name}) ended before it answered. Try again.`))
    onEnd?.()
  })
  return {
    worker,
    connection,
    async end() {
      connection.close()
      await worker.terminate()
    }
  }
}
