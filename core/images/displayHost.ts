import { Worker } from 'node:worker_threads'
import { connectThread, type Connection } from '../workers/channel.ts'
import type { DisplayThread } from './display.thread.ts'

const idleMilliseconds = 30_000

/** The thread that makes pictures fit for a browser: started when it is first needed, ended when nobody looks. */
class DisplayHost {
  #running: { worker: Worker; connection: Connection<DisplayThread> } | null = null
  #idle: NodeJS.Timeout | undefined

  async display(path: Uint8Array, svg: boolean, size: number | null): Promise<Buffer> {
    clearTimeout(this.#idle)
    const { worker, connection } = this.#running ?? this.#start()
    worker.ref()
    try {
      const bytes = await connection.call('display', [path, svg, size])
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    } finally {
      if (connection.open === 0) {
        worker.unref()
        clearTimeout(this.#idle)
        this.#idle = setTimeout(() => this.#end(), idleMilliseconds)
        this.#idle.unref()
      }
    }
  }

  #start(): { worker: Worker; connection: Connection<DisplayThread> } {
    const worker = new Worker(new URL('./display.thread.ts', import.meta.url))
    const running = { worker, connection: connectThread<DisplayThread>(worker) }
    const gone = (error: Error): void => {
      running.connection.close(error)
      if (this.#running === running) this.#running = null
    }
    worker.on('error', gone)
    worker.on('exit', () => gone(new Error('The display thread ended.')))
    this.#running = running
    return running
  }

  #end(): void {
    if (this.#running?.connection.open !== 0) return
    void this.#running.worker.terminate()
    this.#running = null
  }
}

export const displayHost = new DisplayHost()
