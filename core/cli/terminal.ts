import { createInterface } from 'node:readline/promises'
import type { Job } from '../contract/jobs.ts'
import { ProgressLine } from './progressLine.ts'
import { printable } from './words.ts'

/** What a command says in the end: one JSON document, or the same for people. */
export interface Outcome {
  readonly json: unknown
  readonly text: string
  readonly code?: number
}

/** The two outputs: the result on stdout, everything on the way there on stderr. */
export class Terminal {
  readonly json: boolean
  readonly #quiet: boolean
  readonly #progress: ProgressLine

  constructor({ json = false, quiet = false }: { json?: boolean | undefined; quiet?: boolean | undefined } = {}) {
    this.json = json
    this.#quiet = quiet
    this.#progress = new ProgressLine(process.stderr)
  }

  /** Whether a person can be asked. */
  get interactive(): boolean {
    return !this.json && process.stdin.isTTY === true && process.stderr.isTTY === true
  }

  /** A remark on the way, on stderr. */
  note(text: string): void {
    if (this.#quiet) return
    this.#progress.clear()
    process.stderr.write(`${printable(text)}\n`)
  }

  progress(job: Pick<Job, 'title' | 'state' | 'progress'>): void {
    if (!this.#quiet) this.#progress.show(job)
  }

  progressDone(): void {
    this.#progress.clear()
  }

  /** The result, on stdout. */
  result({ json, text }: Outcome): void {
    this.#progress.clear()
    process.stdout.write(this.json ? `${JSON.stringify(json, null, 2)}\n` : text === '' ? '' : `${printable(text)}\n`)
  }

  error(error: { readonly code: string; readonly message: string; readonly data?: unknown }): void {
    this.#progress.clear()
    if (this.json) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`)
    process.stderr.write(`winnow: ${printable(error.message)}\n`)
  }

  /** Asks a question with a suggested answer (Enter takes it). */
  async ask(question: string, suggestion: string): Promise<string> {
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    try {
      const answer = await lines.question(`${printable(question)} [${printable(suggestion)}] `)
      return answer.trim() === '' ? suggestion : answer.trim()
    } finally {
      lines.close()
    }
  }
}
