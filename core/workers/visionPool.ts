import { availableParallelism } from 'node:os'
import type { RegionBatch, RegionOutcome } from '../descriptors/regionBatch.ts'
import { WinnowError } from '../domain/errors.ts'
import type { EditBatch, EditOutcome } from '../generator/editBatch.ts'
import type { BatchProgress, MeasureRequest } from '../images/measureBatch.ts'
import type { FileOutcome, HashOutcome } from '../images/measurement.ts'
import { type EmbedBatch, type EmbedReply, failedReply, mergeReplies } from '../models/embedBatch.ts'
import { DeviceAssignment } from './deviceAssignment.ts'
import { cudaDevices } from './gpuDevices.ts'
import { VisionProcess, WorkerGone } from './visionProcess.ts'

export interface VisionPoolOptions {
  /** Processes; one a core unless said otherwise. */
  readonly workers?: number
  /** How long a worker may work without finishing a single file before it counts as hanging. */
  readonly hangMilliseconds?: number
  /** The same for embedding, where the first call loads a model. */
  readonly embedHangMilliseconds?: number
  /** Workers without work end after this long. */
  readonly idleMilliseconds?: number
  /** The script of the worker process. */
  readonly entry?: URL
  /** The CUDA devices of this machine; asked once, when the first model is to run on one. */
  readonly devices?: () => Promise<readonly number[]>
}

interface Task {
  readonly method: 'measure' | 'hash' | 'embed' | 'regions' | 'edits'
  readonly args: readonly unknown[]
  /** Runs in a worker of its own: whatever kills that one is known by name. */
  readonly alone: boolean
  /** Runs on a GPU, and there are several. */
  readonly onDevice: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((finished: number) => void) | undefined
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  /** How often a worker ended before it could take this up. */
  falseStarts: number
  /** How many workers ended while they had it. */
  deaths: number
}

/** A worker that was killed while it started may be bad luck; three in a row are not. */
const mostFalseStarts = 2

interface CallerOptions {
  readonly signal?: AbortSignal | undefined
  /** Hears now and then how many more files are finished, before their batch is. */
  readonly onProgress?: ((finished: number) => void) | undefined
}

/** Providers whose sessions take a deviceId that we can count. */
const onCuda = ({ model }: EmbedBatch): boolean => ['cuda', 'tensorrt'].includes(model.providers[0] ?? '')

/** Two calls a worker, so that it decodes the next batch while the last file of one is finished. */
const callsPerWorker = 2

/**
 * The vision worker processes: started when there is work, restarted when they die. A file that kills or hangs its worker comes back as a
 * failure 'crashed', the others of its batch as if nothing had happened.
 */
export class VisionPool {
  readonly size: number
  readonly #options: Required<Omit<VisionPoolOptions, 'workers'>>
  readonly #queue: Task[] = []
  readonly #workers = new Set<VisionProcess>()
  #assignment: DeviceAssignment<VisionProcess> = new DeviceAssignment([])
  #devices: Promise<readonly number[]> | undefined
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor({ workers, hangMilliseconds = 120_000, embedHangMilliseconds = 600_000, idleMilliseconds = 60_000, entry = new URL('./vision.ts', import.meta.url), devices = cudaDevices }: VisionPoolOptions = {}) {
    this.size = Math.max(1, workers ?? availableParallelism())
    this.#options = { hangMilliseconds, embedHangMilliseconds, idleMilliseconds, entry, devices }
  }

  /** The process ids of the workers that run now. */
  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => pid ?? [])
  }

  /** Starts all workers now, because there will be work for them: loading the decoders takes as long as reading a hundred small photographs. Answers once they run. */
  async warm(): Promise<void> {
    while (!this.#closed && this.#workers.size < this.size) this.#start()
    this.#endWhenIdle()
    await Promise.allSettled([...this.#workers].map(({ ready }) => ready))
  }

  /** Measures files; one outcome each, in their order. Throws `signal.reason` on abort, UNAVAILABLE where workers cannot start, and what is wrong with the project's disk. */
  async measure(request: MeasureRequest, options: CallerOptions = {}): Promise<FileOutcome[]> {
    try {
      return await this.#run<FileOutcome[]>('measure', [request], options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      return await this.#oneByOne(request.files, async (file) => (await this.#run<FileOutcome[]>('measure', [{ ...request, files: [file] }], { ...options, alone: true }))[0] as FileOutcome,
        ({ imageId }, gone): FileOutcome => ({ kind: 'failed', imageId, failure: 'crashed', detail: crashDetail(gone), stamp: null }))
    }
  }

  /** SHA-256 of files' content, null where one cannot be read. */
  async hash(paths: readonly Uint8Array[], options: CallerOptions = {}): Promise<HashOutcome[]> {
    try {
      return await this.#run<HashOutcome[]>('hash', [paths], options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      return paths.map((_, index) => ({ index, sha256: null }))
    }
  }

  /**
   * Embeds a batch. On a machine with several CUDA devices each worker computes on one of them. Throws `signal.reason` on abort, and what makes the
   * whole batch impossible (the model cannot be loaded).
   */
  async embed(batch: EmbedBatch, signal?: AbortSignal): Promise<EmbedReply> {
    const onDevice = onCuda(batch) && (await this.devices()).length > 1
    try {
      return await this.#run<EmbedReply>('embed', [batch], { signal, onDevice })
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      return mergeReplies(await this.#oneByOne(batch.items, (item) => this.#run<EmbedReply>('embed', [{ ...batch, items: [item] }], { signal, alone: true, onDevice }),
        ({ imageId }, gone): EmbedReply => failedReply(imageId, 'crashed', crashDetail(gone))))
    }
  }

  /** The CUDA devices that models are spread over; found out once. */
  async devices(): Promise<readonly number[]> {
    this.#devices ??= this.#options.devices().then((found) => {
      this.#assignment = new DeviceAssignment(found)
      return found
    })
    return await this.#devices
  }

  /** Region proposals and detector boxes; one outcome an image, in their order. Throws `signal.reason` on abort, and what makes the whole batch impossible (the detector cannot be loaded). */
  async regions(batch: RegionBatch, options: CallerOptions = {}): Promise<RegionOutcome[]> {
    try {
      return await this.#run<RegionOutcome[]>('regions', [batch], options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      return await this.#oneByOne(batch.items, async (item) => (await this.#run<RegionOutcome[]>('regions', [{ ...batch, items: [item] }], { ...options, alone: true }))[0] as RegionOutcome,
        ({ imageId }, gone): RegionOutcome => ({ imageId, failure: { reason: 'crashed', detail: crashDetail(gone) } }))
    }
  }

  /** Makes files of a generated set; one outcome a task, in their order. Throws `signal.reason` on abort, and what is wrong with the disk that is written to. */
  async edits(batch: EditBatch, options: CallerOptions = {}): Promise<EditOutcome[]> {
    try {
      return await this.#run<EditOutcome[]>('edits', [batch], options)
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error
      return await this.#oneByOne(batch.tasks, async (task) => (await this.#run<EditOutcome[]>('edits', [{ tasks: [task] }], { ...options, alone: true }))[0] as EditOutcome,
        ({ number }, gone): EditOutcome => ({ number, failure: { reason: 'crashed', detail: crashDetail(gone) } }))
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    for (const task of this.#queue.splice(0)) task.reject(new Error('The vision workers are closed.'))
    await Promise.all([...this.#workers].map((worker) => worker.end()))
  }

  /** Which of these kills a worker? Each runs alone; those that do are replaced by `crashed`. */
  async #oneByOne<T, R>(items: readonly T[], run: (item: T) => Promise<R>, crashed: (item: T, gone: WorkerGone) => R): Promise<R[]> {
    return await Promise.all(items.map(async (item) => {
      try {
        return await run(item)
      } catch (error) {
        if (!(error instanceof WorkerGone)) throw error
        return crashed(item, error)
      }
    }))
  }

  async #run<R>(method: Task['method'], args: readonly unknown[], { signal, onProgress, alone = false, onDevice = false }: CallerOptions & { alone?: boolean; onDevice?: boolean }): Promise<R> {
    if (this.#closed) throw new Error('The vision workers are closed.')
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<R>()
    const task: Task = { method, args, alone, onDevice, signal, onProgress, resolve: resolve as (value: never) => void, reject, falseStarts: 0, deaths: 0 }
    // The caller is free at once; a worker that is busy with the call finishes its files in flight and drops the rest.
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
    if (this.#queue.length === 0 && [...this.#workers].every(({ load }) => load === 0)) this.#endWhenIdle()
  }

  /** The least busy worker that may take it, on the least busy device; a new one while there are fewer than there may be. */
  #workerFor({ alone, onDevice }: Task): VisionProcess | null {
    const free = [...this.#workers].filter(({ load, reserved, alive }) => alive && !reserved && load < (alone ? 1 : callsPerWorker))
    const best = onDevice
      ? this.#assignment.choose(free, this.#workers, ({ load }) => load)
      : free.reduce<VisionProcess | null>((least, worker) => (least && least.load <= worker.load ? least : worker), null)
    if (best?.load === 0) return best
    // A device without a worker would stand idle: one each, even where there are fewer cores.
    if (this.#workers.size < (onDevice ? Math.max(this.size, this.#assignment.count) : this.size)) return this.#start()
    return best
  }

  #start(): VisionProcess {
    const worker = new VisionProcess(this.#options.entry)
    this.#workers.add(worker)
    void this.#forgetWhenGone(worker)
    return worker
  }

  async #forgetWhenGone(worker: VisionProcess): Promise<void> {
    await worker.gone
    this.#workers.delete(worker)
    this.#assignment.forget(worker)
    if (!this.#closed) this.#dispatch()
  }

  async #work(worker: VisionProcess, task: Task): Promise<void> {
    const { method, alone, signal, onProgress, resolve, reject } = task
    worker.load++
    worker.reserved = alone
    try {
      const failed = await worker.ready.then(() => null, (error: unknown) => error as Error)
      if (failed) this.#afterFalseStart(task, failed)
      else {
        const hang = method === 'embed' ? this.#options.embedHangMilliseconds : this.#options.hangMilliseconds
        resolve(await worker.call(method, this.#argumentsFor(worker, task) as never, hang, { ...(signal ? { signal } : {}), onNotify: (message) => onProgress?.((message as Partial<BatchProgress>).finished ?? 0) }) as never)
      }
    } catch (error) {
      if (!this.#mayTryAgain(task, error)) reject(error)
    } finally {
      worker.load--
      worker.reserved = false
      this.#dispatch()
    }
  }

  /** What a worker is sent: a model for a GPU comes with the worker's own device. */
  #argumentsFor(worker: VisionProcess, { args, onDevice }: Task): readonly unknown[] {
    const deviceId = onDevice ? this.#assignment.deviceOf(worker) : null
    if (deviceId === null) return args
    const [batch] = args as readonly [EmbedBatch]
    return [{ ...batch, model: { ...batch.model, deviceId } } satisfies EmbedBatch]
  }

  /**
   * A worker can be killed by something else, or be dead already without anybody having noticed: what runs alone is blamed only once a
   * second worker ends over it. Puts it back into the queue.
   */
  #mayTryAgain(task: Task, error: unknown): boolean {
    if (!task.alone || !(error instanceof WorkerGone) || error.hung || this.#closed || task.signal?.aborted || task.deaths++ > 0) return false
    this.#queue.push(task)
    return true
  }

  #afterFalseStart(task: Task, error: Error): void {
    if (this.#closed || task.signal?.aborted) task.reject(error)
    else if (task.falseStarts++ < mostFalseStarts) this.#queue.push(task)
    else task.reject(new WinnowError('UNAVAILABLE', `The process that reads pictures could not start: ${error.message}. Install the app again (npm ci); if it stays so, report it.`))
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      for (const worker of this.#workers) if (worker.load === 0) void worker.end()
    }, this.#options.idleMilliseconds)
    this.#idle.unref()
  }
}

const crashDetail = ({ hung, message }: WorkerGone): string =>
  hung ? 'Reading it never ended, so the process that tried was stopped. It is set aside; the others go on.' : `Reading it brings down the process that tries: ${message}. It is set aside; the others go on.`
