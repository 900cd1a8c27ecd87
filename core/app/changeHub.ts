import type { Change } from '../contract/contract.ts'

const gatherMilliseconds = 100

/** What two changes have in common when the later one makes the earlier one superfluous. */
const keyOf = (change: Change): string => (change.topic === 'job' ? `job ${change.job.id}` : change.topic)

/** Ends when its signal aborts, when its reader lets go, or when the hub closes. */
export type ChangeStream = AsyncIteratorObject<Change, undefined, void>
type Result = IteratorResult<Change, undefined>

/**
 * One window's stream of changes: `hello`, then what happens. The first change goes out at once; what follows within 100 ms, or while the reader is
 * busy, is gathered, and of several about the same thing only the last is told. So a job that reports a thousand times a second costs ten small messages.
 */
class ChangeFeed implements ChangeStream {
  readonly #feeds: Set<ChangeFeed>
  readonly #gathered = new Map<string, Change>()
  #ready: Change[] = [{ topic: 'hello' }]
  #waiting: ((result: Result) => void)[] = []
  #pause: NodeJS.Timeout | null = null
  #ended = false

  constructor(signal: AbortSignal | undefined, feeds: Set<ChangeFeed>) {
    this.#feeds = feeds
    feeds.add(this)
    if (signal?.aborted) this.end()
    else signal?.addEventListener('abort', () => this.end(), { once: true })
  }

  push(change: Change): void {
    if (this.#ended) return
    const key = keyOf(change)
    // Taken out first, so that the newest news also comes last.
    this.#gathered.delete(key)
    this.#gathered.set(key, change)
    this.#tell()
  }

  next(): Promise<Result> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#tell()
    })
  }

  return(): Promise<Result> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#pause) clearTimeout(this.#pause)
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined })
    this.#feeds.delete(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end()
    return Promise.resolve()
  }

  #tell(): void {
    while (this.#waiting.length > 0) {
      if (this.#ready.length === 0 && !this.#pause && this.#gathered.size > 0) {
        this.#ready = [...this.#gathered.values()]
        this.#gathered.clear()
        this.#pause = setTimeout(() => {
          this.#pause = null
          this.#tell()
        }, gatherMilliseconds)
      }
      const value = this.#ready.shift()
      if (!value) return
      this.#waiting.shift()?.({ done: false, value })
    }
  }
}

/** Tells every window (and the CLI) what changed: the open project's changes and those of the app itself. */
export class ChangeHub {
  readonly #feeds = new Set<ChangeFeed>()

  emit(change: Change): void {
    for (const feed of this.#feeds) feed.push(change)
  }

  subscribe(signal?: AbortSignal): ChangeStream {
    return new ChangeFeed(signal, this.#feeds)
  }

  get readers(): number {
    return this.#feeds.size
  }

  close(): void {
    for (const feed of this.#feeds) feed.end()
  }
}
