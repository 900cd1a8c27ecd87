import { availableParallelism } from 'node:os'
import { WinnowError } from '../domain/errors.ts'
import { columnsOf, type FeatureBatch, type FeatureReply, type PairBatch, type PairReply, joinColumns } from '../verify/verifyBatch.ts'
import { noEvidence } from '../verify/verifyFeatures.ts'
import type { VerifyWorker } from './verify.ts'
import { WorkerGone, WorkerProcess } from './workerProcess.ts'

export interface VerifyPoolOptions {
  /** Processes; one a core unless said otherwise. */
  readonly workers?: number
  /** How long a worker may work without a sign of life before it counts as hanging; a single pair takes milliseconds, loading OpenCV or a model seconds. */
  readonly hangMilliseconds?: number
  /** Workers without work end after this long. */
  readonly idleMilliseconds?: number
  /** The script of the worker process. */
  readonly entry?: URL
}

interface CallerOptions {
  readonly signal?: AbortSignal | undefined
  /** Hears now and then how many more images or pairs are finished. */
  readonly onProgress?: ((finished: number) => void) | undefined
}

interface Task {
  readonly method: 'features' | 'pairs'
  readonly batch: FeatureBatch | PairBatch
  /** Runs in a worker of its own: whatever kills that one is known by name. */
  readonly alone: boolean
  readonly options: CallerOptions
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  falseStarts: number
  /** How many workers ended while they had it. */
  deaths: number
}

type Worker = WorkerProcess<VerifyWorker>

/** Two calls a worker, so that it finds the next one waiting. */
const callsPerWorker = 2
const mostFalseStarts = 2

/**
 * The verification workers: started when there is work, restarted when they die. An image or pair that kills or hangs its worker every time comes back as failed,
 * the others of its batch as if nothing had happened.
 */
export class VerifyPool {
  readonly size: number
  readonly #options: Required<Omit<VerifyPoolOptions, 'workers'>>
  readonly #queue: Task[] = []
  readonly #workers = new Set<Worker>()
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor({ workers, hangMilliseconds = 120_000, idleMilliseconds = 60_000, entry = new URL('./verify.ts', import.meta.url) }: VerifyPoolOptions = {}) {
    this.size = Math.max(1, workers ?? availableParallelism())
    this.#options = { hangMilliseconds, idleMilliseconds, entry }
  }

  /** The process ids of the workers that run now. */
  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => pid ?? [])
  }

  /** Sees to it that the features of images are kept. Throws `signal.reason` on abort, and what makes all of it impossible (a model that does not load, a full disk). */
  async features(batch: FeatureBatch, options: CallerOptions = {}): Promise<FeatureReply> {
    try {
      return await this.#run<FeatureReply>('features', batch, options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      const replies = await Promise.all(batch.images.map(async (image, i): Promise<FeatureReply> => {
        try {
          return await this.#run<FeatureReply>('features', { ...batch, images: [image], first: [batch.first[i] as boolean] }, options, true)
        } catch (gone) {
          if (!(gone instanceof WorkerGone)) throw gone
          return { found: 0, failures: [{ imageId: image.imageId, reason: 'crashed', detail: crashDetail(gone) }] }
        }
      }))
      return { found: replies.reduce((sum, { found }) => sum + found, 0), failures: replies.flatMap(({ failures }) => failures) }
    }
  }

  /** Verifies pairs; columns in their order. Throws as `features` does. */
  async pairs(batch: PairBatch, options: CallerOptions = {}): Promise<PairReply> {
    try {
      return await this.#run<PairReply>('pairs', batch, options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      const replies = await Promise.all(batch.pairs.map(async (pair): Promise<PairReply> => {
        try {
          return await this.#run<PairReply>('pairs', { ...batch, pairs: [pair] }, options, true)
        } catch (gone) {
          if (!(gone instanceof WorkerGone)) throw gone
          return { pairs: columnsOf([noEvidence('crashed')], batch), failures: [] }
        }
      }))
      return { pairs: joinColumns(replies.map(({ pairs }) => pairs)), failures: replies.flatMap(({ failures }) => failures) }
    }
  }

  /** Starts all workers now and answers once they run. */
  async warm(): Promise<void> {
    while (!this.#closed && this.#workers.size < this.size) this.#start()
    await Promise.allSettled([...this.#workers].map(({ ready }) => ready))
    this.#endWhenIdle()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    for (const task of this.#queue.splice(0)) task.reject(closedError())
    await Promise.all([...this.#workers].map((worker) => worker.end()))
  }

  async #run<R>(method: Task['method'], batch: Task['batch'], options: CallerOptions, alone = false): Promise<R> {
    const { signal } = options
    if (this.#closed) throw closedError()
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<R>()
    const task: Task = { method, batch, alone, options, resolve: resolve as (value: never) => void, reject, falseStarts: 0, deaths: 0 }
    const abort = (): void => {
      const queued = this.#queue.indexOf(task)
      if (queued >= 0) this.#queue.splice(queued, 1)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#queue.push(task)
    this.#dispatch()
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #dispatch(): void {
    clearTimeout(this.#idle)
    for (let i = 0; i < this.#queue.length;) {
      const task = this.#queue[i] as Task
      const worker = this.#workerFor(task)
      if (!worker) {
        i++
        continue
      }
      this.#queue.splice(i, 1)
      void this.#work(worker, task)
    }
    this.#endWhenIdle()
  }

  /** The least busy worker that may take it; a new one while there are fewer than there may be and none is free. */
  #workerFor({ alone }: Task): Worker | null {
    const free = [...this.#workers].filter(({ load, reserved, alive }) => alive && !reserved && load < (alone ? 1 : callsPerWorker))
    const best = free.reduce<Worker | null>((least, worker) => (least && least.load <= worker.load ? least : worker), null)
    if (best?.load === 0) return best
    return this.#workers.size < this.size ? this.#start() : best
  }

  #start(): Worker {
    const worker = new WorkerProcess<VerifyWorker>(this.#options.entry)
    this.#workers.add(worker)
    void this.#forgetWhenGone(worker)
    return worker
  }

  async #forgetWhenGone(worker: Worker): Promise<void> {
    await worker.gone
    this.#workers.delete(worker)
    if (!this.#closed) this.#dispatch()
  }

  async #work(worker: Worker, task: Task): Promise<void> {
    const { method, batch, alone, options: { signal, onProgress }, resolve, reject } = task
    worker.load++
    worker.reserved = alone
    try {
      const failed = await worker.ready.then(() => null, (error: unknown) => error as Error)
      if (failed) this.#afterFalseStart(task, failed)
      else {
        const answer = await worker.call(method, [batch] as never, this.#options.hangMilliseconds, {
          ...(signal ? { signal } : {}),
          onNotify: (message) => onProgress?.((message as { finished?: number }).finished ?? 0)
        })
        resolve(answer as never)
      }
    } catch (error) {
      if (!this.#mayTryAgain(task, error)) reject(error)
    } finally {
      worker.load--
      worker.reserved = false
      this.#dispatch()
    }
  }

  /**
   * A worker can be killed by something else, or be dead already without anybody having noticed: what runs alone is blamed only once a
   * second worker ends over it. Puts it back into the queue.
   */
  #mayTryAgain(task: Task, error: unknown): boolean {
    if (!task.alone || !(error instanceof WorkerGone) || error.hung || this.#closed || task.options.signal?.aborted || task.deaths++ > 0) return false
    this.#queue.push(task)
    return true
  }

  #afterFalseStart(task: Task, error: Error): void {
    if (this.#closed || task.options.signal?.aborted) task.reject(error)
    else if (task.falseStarts++ < mostFalseStarts) this.#queue.push(task)
    else task.reject(new WinnowError('UNAVAILABLE', `The process that verifies pairs could not start: ${error.message}. Install the app again (npm ci); if it stays so, report it.`))
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle)
    if (this.#queue.length > 0 || [...this.#workers].some(({ load }) => load > 0)) return
    this.#idle = setTimeout(() => {
      for (const worker of this.#workers) if (worker.load === 0) void worker.end()
    }, this.#options.idleMilliseconds)
    this.#idle.unref()
  }
}

const closedError = (): Error => new WinnowError('UNAVAILABLE', 'The engine is closing: no pair can be verified.')

const crashDetail = ({ hung, message }: WorkerGone): string =>
  hung ? 'Finding its features never ended, so the process that tried was stopped. It is set aside; the others go on.' : `Finding its features brings down the process that tries: ${message}. It is set aside; the others go on.`
