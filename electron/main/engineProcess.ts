import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { EnginePlace } from './enginePlace.ts'

/** Where the engine listens and what opens it. */
export interface EngineAddress {
  readonly url: string
  readonly token: string
}

interface Events {
  /** It listens (again). `again` is true after a crash. */
  listening: [address: EngineAddress, again: boolean]
  /** Something that the user asked for at the start did not work out (a project that cannot be opened). */
  problem: [message: string]
  /** It died more often than makes sense to restart. */
  lost: [reason: string]
}

type Message = { type: 'problem'; message: string } | { type: 'listening'; url: string; token: string } | { type: 'project'; folder: string | null }

const startsWithinAMinute = 5

/**
 * Owns the engine: a plain Node 24 process beside Electron (never Electron's own Node: FACTS). Restarts it when it dies, on the same port with
 * the same token and project, so that the window's connection comes back by itself. Nothing confirmed is lost: it is on disk before it is confirmed.
 */
export class EngineProcess extends EventEmitter<Events> {
  readonly #place: EnginePlace
  readonly #home: string | undefined
  #child: ChildProcess | null = null
  #address: EngineAddress | null = null
  #project: string | null
  #starts: number[] = []
  #stopping = false
  #lastWords = ''

  constructor(place: EnginePlace, { home, project }: { home?: string | undefined; project: string | null }) {
    super()
    this.#place = place
    this.#home = home
    this.#project = project
  }

  start(): void {
    const now = Date.now()
    this.#starts = [...this.#starts.filter((at) => now - at < 60_000), now]
    if (this.#starts.length > startsWithinAMinute) {
      this.emit('lost', this.#lastWords.trim().split('\n').at(-1) ?? '')
      return
    }
    const again = this.#address !== null
    const args = [this.#place.entry, '--program', 'Winnow']
    if (this.#home) args.push('--home', this.#home)
    if (this.#address) args.push('--port', new URL(this.#address.url).port)
    if (this.#project) args.push('--project', this.#project)
    const child = spawn(this.#place.node, args, {
      cwd: this.#place.folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, ...(this.#address ? { WINNOW_TOKEN: this.#address.token } : {}) }
    })
    this.#child = child
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-4000)
      process.stderr.write(chunk)
    })
    child.on('message', (message) => this.#hear(message as Message, again))
    child.on('error', (error) => {
      this.#lastWords += error.message
    })
    // 'exit', not 'close': workers of the engine may hold its stderr a moment longer.
    child.on('exit', () => {
      if (this.#child === child) this.#child = null
      if (!this.#stopping) setTimeout(() => this.start(), 300)
    })
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Asks it to finish its commit and end; the closed IPC channel would do the same. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(timer)
  }

  #hear(message: Message, again: boolean): void {
    if (message.type === 'project') this.#project = message.folder
    if (message.type === 'problem') this.emit('problem', message.message)
    if (message.type !== 'listening') return
    this.#address = { url: message.url, token: message.token }
    this.emit('listening', this.#address, again)
  }
}
