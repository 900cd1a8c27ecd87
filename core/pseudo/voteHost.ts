import { Worker } from 'node:worker_threads'
import { connectThread, type Connection } from '../workers/channel.ts'
import type { VoteThread } from './vote.thread.ts'

/** The voting thread of one job. */
export class VoteHost {
  readonly connection: Connection<VoteThread>
  readonly #worker: Worker

  constructor() {
    this.#worker = new Worker(new URL('./vote.thread.ts', import.meta.url))
    this.connection = connectThread<VoteThread>(this.#worker)
    this.#worker.on('error', (error) => this.connection.close(error))
  }

  async close(): Promise<void> {
    this.connection.close()
    await this.#worker.terminate()
  }
}
