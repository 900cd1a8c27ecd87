import { startThread, type Thread } from '../workers/thread.ts'
import type { DisplayThread } from './display.thread.ts'

const idleMilliseconds = 30_000

/** The thread that makes pictures fit for a browser: started when it is first needed, ended when nobody looks. */
class DisplayHost {
  #running: Thread<DisplayThread> | null = null
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

  #start(): Thread<DisplayThread> {
    const thread: Thread<DisplayThread> = startThread(new URL('./display.thread.ts', import.meta.url), undefined, () => {
      if (this.#running === thread) this.#running = null
    })
    this.#running = thread
    return thread
  }

  #end(): void {
    if (this.#running?.connection.open !== 0) return
    void this.#running.end()
    this.#running = null
  }
}

export const displayHost = new DisplayHost()
