import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where the engine writes what only a developer needs. */
export interface Log {
  error(text: string): void
  info(text: string): void
  /** In words, where it can be read. */
  readonly place: string
}

const most = 1_000_000

/** A file of at most 1 MB (the one before it is kept as `.1`), and stderr. A log that cannot be written never stops the work. */
export function fileLog(file: string): Log {
  try {
    mkdirSync(dirname(file), { recursive: true })
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > most) renameSync(file, `${file}.1`)
  } catch {
    // Only the file is lost; stderr still has every line.
  }
  const write = (text: string): void => {
    process.stderr.write(`${text}\n`)
    try {
      appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
    } catch {
      // As above.
    }
  }
  return { error: write, info: write, place: file }
}

/** Lines on stderr only. */
export const stderrLog: Log = {
  error: (text) => void process.stderr.write(`${text}\n`),
  info: (text) => void process.stderr.write(`${text}\n`),
  place: 'the messages above'
}
