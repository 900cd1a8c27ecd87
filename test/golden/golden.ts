import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the numbers of the seeds' original code lie. WINNOW_GOLDEN names another folder of the same structure: other cases, other sizes. */
const folder = process.env['WINNOW_GOLDEN'] ?? import.meta.dirname

/** One golden file, parsed. Nothing in a test may know its sizes, ids or counts: they differ from folder to folder. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
}
