import { type ChildProcess, fork } from 'node:child_process'
import { type CallContext, type CallOptions, connectChild, type Connection } from './channel.ts'

/** The process that was working on a call ended, or was ended because it hung. Not an answer to the call: the pool finds out which file did it. */
export class WorkerGone extends Error {
  readonly hung: boolean
  constructor(reason: string, hung: boolean) {
    super(reason)
    this.name = 'WorkerGone'
    this.hung = hung
  }
}

const keptOfStderr = 2000

/** What every worker process serves. */
export interface Greeting {
  /** Answers once everything is loaded. */
  hello(context: CallContext): true
}

/** One worker process that serves `S`. */
export class WorkerProcess<S extends Greeting> {
  readonly ready: Promise<void>
  readonly gone: Promise<void>
  /** Calls in progress. */
  load = 0
  /** Given to a single call: no other may share its fate. */
  reserved = false
  readonly #child: ChildProcess
  readonly #connection: Connection<S>
  #stderr = ''
  #alive = true
  #hung = false

  constructor(entry: URL) {
    this.#child = fork(entry, [], { execPath: process.execPath, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#connection = connectChild<S>(this.#child)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptOfStderr)
    })
    this.gone = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (!this.#alive) return
        this.#alive = false
        this.#connection.close(new WorkerGone(reason, this.#hung))
        resolve()
      }
      this.#child.on('exit', (code, signal) => end(this.#hung ? 'it did not answer any more' : `its process ended (${signal ?? `exit code ${code}`})${this.#lastWords()}`))
      this.#child.on('error', (error) => end(`its process could not run: ${error.message}`))
    })
    this.ready = this.#connection.call('hello', [] as never).then(() => undefined)
    this.ready.catch(() => undefined)
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Calls the worker; after `hangMilliseconds` without an answer or a sign of life it is killed and the call rejects with WorkerGone. */
  async call<K extends keyof S & string>(method: K, args: Parameters<Connection<S>['call']>[1], hangMilliseconds: number, options: CallOptions = {}): Promise<unknown> {
    const watchdog = setTimeout(() => {
      this.#hung = true
      this.#child.kill('SIGKILL')
    }, hangMilliseconds)
    watchdog.unref()
    try {
      return await this.#connection.call(method, args as never, {
        ...options,
        onNotify: (message) => {
          watchdog.refresh()
          options.onNotify?.(message)
        }
      })
    } finally {
      clearTimeout(watchdog)
    }
  }

  /** Lets the process end by itself, and ends it after two seconds. */
  async end(): Promise<void> {
    if (!this.#alive) return
    if (this.#child.connected) this.#child.disconnect()
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 2000)
    await this.gone
    clearTimeout(force)
  }

  #lastWords(): string {
    const line = this.#stderr.trim().split('\n').findLast((text) => text.trim() !== '')
    return line ? `: ${line.trim()}` : ''
  }
}
