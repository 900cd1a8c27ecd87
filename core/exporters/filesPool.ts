import { availableParallelism } from 'node:os'
import type { Connection } from '../workers/channel.ts'
import { startThread, type Thread } from '../workers/thread.ts'
import type { FilesThread } from './files.thread.ts'
import type { Check, Checked, Placed, PlaceOptions, Placement } from './fileWork.ts'

const batch = 24

/** Threads that do the file work of one export or verification. */
export class FilesPool {
  readonly #threads: readonly Thread<FilesThread>[]

  constructor(threads = Math.min(4, Math.max(1, availableParallelism()))) {
    this.#threads = Array.from({ length: threads }, () => startThread<FilesThread>(new URL('./files.thread.ts', import.meta.url)))
  }

  /** Results in the order of the items. `onDone` hears how many more are done. Stops taking new ones when `signal` aborts, and throws its reason. */
  async place(items: readonly Placement[], options: PlaceOptions, signal?: AbortSignal, onDone?: (count: number) => void): Promise<Placed[]> {
    return await this.#spread(items, async (line, part) => await line.call('place', [part, options]), signal, onDone)
  }

  async check(items: readonly Check[], signal?: AbortSignal, onDone?: (count: number) => void): Promise<Checked[]> {
    return await this.#spread(items, async (line, part) => await line.call('check', [part]), signal, onDone)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  async #spread<T, R>(items: readonly T[], work: (line: Connection<FilesThread>, part: readonly T[]) => Promise<R[]>, signal?: AbortSignal, onDone?: (count: number) => void): Promise<R[]> {
    const results: R[] = []
    let next = 0
    await Promise.all(this.#threads.map(async ({ connection: line }) => {
      while (next < items.length) {
        signal?.throwIfAborted()
        const from = next
        next += batch
        const part = items.slice(from, from + batch)
        const done = await work(line, part)
        done.forEach((one, i) => {
          results[from + i] = one
        })
        onDone?.(part.length)
      }
    }))
    signal?.throwIfAborted()
    return results
  }
}
