import { type ChildProcess, fork } from 'node:child_process'
import { WinnowError } from '../domain/errors.ts'
import { connectChild, type Connection } from '../workers/channel.ts'
import { KeyTurns } from './keyTurns.ts'
import type { StepCall, StepNews, StepProcess } from './stepProcess.ts'

/** A process that does not answer an abort within this time is ended. */
const abortPatience = 2000
const keptOfStderr = 2000

interface Running {
  readonly child: ChildProcess
  readonly connection: Connection<StepProcess>
}

export interface StepOptions {
  readonly signal: AbortSignal
  readonly onNews: (news: StepNews) => void
  /** Use the process that stays for quick steps, instead of one of its own (whose peak of memory is then the step's alone). */
  readonly shared: boolean
}

/** Starts step processes. One call at a time each; what a crash leaves is removed by the next attempt. */
export class StepHost {
  /** What is being made, for all who make results. */
  readonly making = new KeyTurns()
  #shared: Running | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  /** Runs one step. Throws what the step threw, UNAVAILABLE where its process died, or the signal's reason. */
  async run(call: StepCall, options: StepOptions): Promise<{ peakBytes: number }> {
    if (!options.shared) {
      const own = start(() => undefined)
      try {
        return await this.#call(own, call, options)
      } finally {
        own.child.kill('SIGKILL')
      }
    }
    const before = this.#turn
    const { promise, resolve: leave } = Promise.withResolvers<void>()
    this.#turn = promise
    try {
      await before
      clearTimeout(this.#idle)
      options.signal.throwIfAborted()
      const running = (this.#shared ??= start((ended) => {
        if (this.#shared === ended) this.#shared = null
      }))
      return await this.#call(running, call, options)
    } finally {
      this.#idle = setTimeout(() => this.close(), 60_000)
      this.#idle.unref()
      leave()
    }
  }

  close(): void {
    clearTimeout(this.#idle)
    this.#shared?.child.kill('SIGKILL')
    this.#shared = null
  }

  async #call({ child, connection }: Running, call: StepCall, { signal, onNews }: StepOptions): Promise<{ peakBytes: number }> {
    let timer: NodeJS.Timeout | undefined
    const onAbort = (): void => {
      timer = setTimeout(() => child.kill('SIGKILL'), abortPatience)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await connection.call('run', [call], { signal, onNotify: (news) => onNews(news as StepNews) })
    } catch (error) {
      throw signal.aborted ? (signal.reason as Error) : error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }
}

function start(onEnd: (running: Running) => void): Running {
  const child = fork(new URL('./step.process.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Typed arrays of a million pairs live outside this limit; it is for what is made on the way.
    execArgv: ['--max-old-space-size=4096'],
    env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', NVIDIA_TF32_OVERRIDE: '0' }
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (complaint = (complaint + text).slice(-keptOfStderr)))
  const running: Running = { child, connection: connectChild<StepProcess>(child) }
  const end = (how: string): void => {
    const last = complaint.trim().split('\n').findLast((line) => line.trim() !== '')
    running.connection.close(new WinnowError('UNAVAILABLE', `The process of this step ended unexpectedly (${how}${last ? `: ${last.trim()}` : ''}). If it happens again, close other programs to free memory, or choose fewer images.`))
    onEnd(running)
  }
  child.once('exit', (code, signal) => end(signal ?? `status ${code}`))
  child.once('error', (error) => end(error.message))
  return running
}
