import { type ChildProcess, fork } from 'node:child_process'
import { WinnowError } from '../domain/errors.ts'
import { connectChild, type Connection } from '../workers/channel.ts'
import type { SearchApi } from './searchProcess.ts'

export type SearchEngine = 'exact' | 'faiss'

const entries = { exact: './exactSearch.process.ts', faiss: './faissSearch.process.ts' } as const
/** A process that does not answer an abort within this time is ended. */
const abortPatience = 3_000
const idleMilliseconds = 120_000
/** The faiss library keeps every query: beyond this its process is replaced. */
const leakLimit = 256 * 2 ** 20

interface Running {
  readonly child: ChildProcess
  readonly connection: Connection<SearchApi>
  readonly ended: Promise<void>
}

export interface SearchSession {
  readonly connection: Connection<SearchApi>
}

/** Thrown into open calls when the process dies under them. */
export class SearchProcessEnded extends WinnowError {
  constructor(engine: SearchEngine, how: string) {
    super('UNAVAILABLE', `The ${engine} search process ended unexpectedly (${how}). If it happens again, close other programs to free memory, or use the other engine.`)
  }
}

/** One search process: started when first needed, restarted after a crash, replaced when it has leaked too much, ended when idle. Calls go one by one. */
export class SearchProcessHost {
  readonly #engine: SearchEngine
  readonly #leakLimit: number
  #running: Running | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | null = null
  #closed = false

  constructor(engine: SearchEngine, mostLeakedBytes = leakLimit) {
    this.#engine = engine
    this.#leakLimit = mostLeakedBytes
  }

  /** The process's id while it runs (for tests and diagnostics). */
  get pid(): number | undefined {
    return this.#running?.child.pid
  }

  /** Runs `work` with the process to itself. A crash of the process is answered by one more try in a new one. */
  async use<T>(work: (session: SearchSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#turn
    const { promise: turn, resolve: leave } = Promise.withResolvers<void>()
    this.#turn = turn
    try {
      await before
      if (this.#idle) clearTimeout(this.#idle)
      signal?.throwIfAborted()
      try {
        return await this.#attempt(work, signal)
      } catch (error) {
        if (!(error instanceof SearchProcessEnded) || signal?.aborted || this.#closed) throw signal?.aborted ? (signal.reason as Error) : error
        return await this.#attempt(work, signal)
      }
    } finally {
      this.#idle = setTimeout(() => void this.#end(), idleMilliseconds)
      this.#idle.unref()
      leave()
    }
  }

  /** Says how much the process has leaked so far; it is replaced where that is too much. */
  async leaked(bytes: number): Promise<void> {
    if (bytes > this.#leakLimit) await this.#end()
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#idle) clearTimeout(this.#idle)
    await this.#end()
  }

  async #attempt<T>(work: (session: SearchSession) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#closed) throw new WinnowError('UNAVAILABLE', 'The engine is closing: no search can be started.')
    const running = (this.#running ??= this.#start())
    let timer: NodeJS.Timeout | undefined
    const onAbort = (): void => {
      timer = setTimeout(() => running.child.kill('SIGKILL'), abortPatience)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await work(running)
    } catch (error) {
      throw signal?.aborted ? (signal.reason as Error) : error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  #start(): Running {
    const child = fork(new URL(entries[this.#engine], import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Threads that wait must not spin: the cores belong to the other workers. TF32 would round products to ten bits.
      env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', NVIDIA_TF32_OVERRIDE: '0' }
    })
    let complaint = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => void (complaint = (complaint + text).slice(-2000)))
    const connection = connectChild<SearchApi>(child)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const running: Running = { child, connection, ended }
    const onEnd = (how: string): void => {
      if (this.#running === running) this.#running = null
      const last = complaint.trim().split('\n').at(-1)
      connection.close(new SearchProcessEnded(this.#engine, last ? `${how}: ${last}` : how))
      resolve()
    }
    child.once('exit', (code, signal) => onEnd(signal ?? `status ${code}`))
    child.once('error', (error) => onEnd(error.message))
    return running
  }

  async #end(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#running = null
    running.child.kill('SIGKILL')
    await running.ended
  }
}
