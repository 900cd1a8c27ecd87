import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the numbers of the seeds' original code lie. WINNOW_GOLDEN names another folder of the same structure: other cases, other sizes. */
const folder = process.env['WINNOW_GOLDEN'] ?? import.meta.dirname

/** One golden file, parsed. Nothing in a test may know its sizes, ids or counts: they differ from folder to folder. */
export function golden<T>(name: string): T {
  const text = readFileSync(join(folder, `${name}.json`), 'utf8')
  try {
    return JSON.parse(text) as T
  } catch {
    // Python's json writes NaN and Infinity as bare words, which JSON does not know.
    return JSON.parse(text.replace(/(?<=[[:,]\s*)(NaN|(-?)Infinity)(?=\s*[\]},])/g, (word: string, _: string, sign: string | undefined) => (word === 'NaN' ? 'null' : `${sign ?? ''}1e999`))) as T
  }
}
