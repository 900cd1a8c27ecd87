/**
 * Typed calls across a process or thread border: one side `serve`s an object of functions, the other `connect`s and calls them.
 * Works over a forked process (`serialization: 'advanced'`, so that typed arrays stay typed arrays) and over a worker thread.
 * A call may carry an AbortSignal on the calling side; the served function gets its own signal as the last argument's sibling `context.signal`.
 */
import type { ChildProcess } from 'node:child_process'
import type { MessagePort, Transferable, Worker } from 'node:worker_threads'

/** What a served function is given besides its arguments. */
export interface CallContext {
  readonly signal: AbortSignal
  /** Sends an interim message to the caller (progress, partial results). */
  readonly notify: (message: unknown) => void
}

/** Functions served across a border: plain arguments first, the context last. */
// eslint-disable-next-line typescript/no-explicit-any -- the border's own base type; every use of it is a concrete interface
export type Served = Record<string, (...args: any[]) => unknown>

type Arguments<F> = F extends (...args: infer A) => unknown ? (A extends [...infer Rest, CallContext] ? Rest : A) : never
type Result<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onNotify?: (message: unknown) => void
  readonly transfer?: readonly Transferable[]
}

/** The caller's view of what the other side serves. */
export interface Connection<S> {
  call<K extends keyof S & string>(method: K, args: Arguments<S[K]>, options?: CallOptions): Promise<Result<S[K]>>
  /** Rejects every open call with `error` and accepts no more. */
  close(error?: Error): void
  readonly open: number
}

interface Wire {
  send(message: unknown, transfer?: readonly Transferable[]): void
  listen(handler: (message: unknown) => void): void
}

type Request = { type: 'call'; id: number; method: string; args: unknown[] } | { type: 'abort'; id: number }
type Reply =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError }
  | { type: 'notify'; id: number; message: unknown }

interface WireError {
  name: string
  message: string
  stack?: string | undefined
  code?: string | undefined
  data?: unknown
}

/** An error that came over a border: keeps the name, message, code and data of the original. */
export class RemoteError extends Error {
  readonly code: string | undefined
  readonly data: unknown
  constructor(wire: WireError) {
    super(wire.message)
    this.name = wire.name
    this.code = wire.code
    this.data = wire.data
    if (wire.stack) this.stack = wire.stack
  }
}

function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) }
  const { name, message, stack } = thrown
  const { code, data } = thrown as { code?: string; data?: unknown }
  return { name, message, stack, code, data }
}

/** A value marked so that its buffers are moved, not copied, to the caller (threads only). */
export class Transferred<T> {
  constructor(value: T, transfer: readonly Transferable[]) {
    this.value = value
    this.transfer = transfer
  }
  readonly value: T
  readonly transfer: readonly Transferable[]
}

function serveOn(wire: Wire, api: Served): void {
  const running = new Map<number, AbortController>()
  wire.listen((message) => {
    const request = message as Request
    if (request.type === 'abort') {
      running.get(request.id)?.abort()
      return
    }
    if (request.type !== 'call') return
    void answer(request)
  })
  async function answer(request: Extract<Request, { type: 'call' }>): Promise<void> {
    const { id, method, args } = request
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const served = Object.hasOwn(api, method) ? api[method] : undefined
      if (!served) throw new Error(`Nothing here answers to "${method}".`)
      const context: CallContext = {
        signal: controller.signal,
        notify: (interim) => wire.send({ type: 'notify', id, message: interim } satisfies Reply)
      }
      const value = await served(...args, context)
      if (value instanceof Transferred) wire.send({ type: 'result', id, value: value.value } satisfies Reply, value.transfer)
      else wire.send({ type: 'result', id, value } satisfies Reply)
    } catch (thrown) {
      wire.send({ type: 'error', id, error: toWireError(thrown) } satisfies Reply)
    } finally {
      running.delete(id)
    }
  }
}

function connectOn<S>(wire: Wire): Connection<S> {
  const calls = new Map<number, { resolve: (v: never) => void; reject: (e: Error) => void; onNotify?: ((m: unknown) => void) | undefined }>()
  let next = 1
  let closed: Error | undefined
  wire.listen((message) => {
    const reply = message as Reply
    const call = calls.get(reply.id)
    if (!call) return
    if (reply.type === 'notify') {
      call.onNotify?.(reply.message)
      return
    }
    calls.delete(reply.id)
    if (reply.type === 'result') call.resolve(reply.value as never)
    else call.reject(new RemoteError(reply.error))
  })
  return {
    get open() {
      return calls.size
    },
    async call(method, args, options = {}) {
      if (closed) throw closed
      options.signal?.throwIfAborted()
      const id = next++
      const { promise, resolve, reject } = Promise.withResolvers<never>()
      calls.set(id, { resolve, reject, onNotify: options.onNotify })
      const abort = (): void => wire.send({ type: 'abort', id } satisfies Request)
      options.signal?.addEventListener('abort', abort, { once: true })
      try {
        wire.send({ type: 'call', id, method, args: args as unknown[] } satisfies Request, options.transfer)
        return await promise
      } finally {
        calls.delete(id)
        options.signal?.removeEventListener('abort', abort)
      }
    },
    close(error = new Error('The connection is closed.')) {
      // The first reason is the true one: what follows from it says less.
      closed ??= error
      for (const call of calls.values()) call.reject(closed)
      calls.clear()
    }
  }
}

const threadWire = (port: Worker | MessagePort): Wire => ({
  send: (message, transfer) => port.postMessage(message, transfer as Transferable[] | undefined),
  listen: (handler) => void port.on('message', handler)
})

const childWire = (child: ChildProcess): Wire => ({
  send: (message) => {
    if (child.connected) child.send(message as object)
  },
  listen: (handler) => void child.on('message', handler)
})

const parentWire: Wire = {
  send: (message) => void (process.connected && process.send?.(message)),
  listen: (handler) => void process.on('message', handler)
}

/** Serves `api` to the thread's owner. */
export const serveThread = (port: MessagePort, api: object): void => serveOn(threadWire(port), api as Served)
/** Serves `api` to the process that forked this one. */
export const serveParent = (api: object): void => serveOn(parentWire, api as Served)
export const connectThread = <S>(worker: Worker | MessagePort): Connection<S> => connectOn<S>(threadWire(worker))
/** `child` must have been forked with `serialization: 'advanced'`. */
export const connectChild = <S>(child: ChildProcess): Connection<S> => connectOn<S>(childWire(child))
