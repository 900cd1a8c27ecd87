import { fork } from 'node:child_process'
import { connectChild, type Connection, RemoteError } from '../workers/channel.ts'
import type { TrialProcess } from './trial.process.ts'

/** A trial that gave no answer: the process died, or took too long. `stderr` holds the last of what it printed. */
export class TrialError extends Error {
  readonly stderr: string
  readonly kind: 'crashed' | 'timed-out' | 'refused'
  /** What the process threw, where it could still say so. */
  readonly remote: RemoteError | null
  constructor(kind: TrialError['kind'], message: string, stderr: string, remote: RemoteError | null = null) {
    super(message)
    this.name = 'TrialError'
    this.kind = kind
    this.stderr = stderr
    this.remote = remote
  }
}

const keptCharacters = 8000

/**
 * Starts a process, asks it one thing, ends it. Throws TrialError: `refused` where ONNX Runtime or our own checks said no, `crashed`, or
 * `timed-out` after `seconds`.
 */
export async function inTrial<T>(ask: (connection: Connection<TrialProcess>) => Promise<T>, { seconds = 120, signal }: { seconds?: number; signal?: AbortSignal } = {}): Promise<T> {
  signal?.throwIfAborted()
  const child = fork(new URL('./trial.process.ts', import.meta.url), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-keptCharacters)
  })
  const connection = connectChild<TrialProcess>(child)
  const died = new Promise<never>((_resolve, reject) => {
    child.once('error', (error) => reject(new TrialError('crashed', `the process could not be started: ${error.message}`, '')))
    // 'close', not 'exit': by then the last of stderr has arrived.
    child.once('close', (code, killedBy) => reject(new TrialError('crashed', `the process ended with ${killedBy ?? `code ${code}`}`, stderr)))
  })
  died.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TrialError('timed-out', `it gave no answer within ${seconds} s`, stderr)), seconds * 1000)
  })
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', stop, { once: true })
  })
  aborted.catch(() => undefined)
  try {
    return await Promise.race([ask(connection), died, late, aborted])
  } catch (error) {
    if (error instanceof RemoteError) throw new TrialError('refused', error.message, stderr, error)
    throw error
  } finally {
    clearTimeout(timer)
    if (stop) signal?.removeEventListener('abort', stop)
    connection.close()
    child.kill('SIGKILL')
  }
}
