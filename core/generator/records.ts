import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { EditKey, MadeEdit } from './editPicture.ts'
import type { Homography } from './homography.ts'
import type { Polygon } from './region.ts'
import type { PlannedFile } from './plan.ts'
import { writeLines } from './writeLines.ts'

/** A line of manifest.jsonl: how one file was made. */
export interface ManifestRecord {
  readonly number: number
  readonly file: string
  readonly role: PlannedFile['role']
  readonly sha256: string
  readonly bytes: number
  readonly width: number
  readonly height: number
  readonly source: { readonly path: string; readonly sha256: string; readonly width: number; readonly height: number }
  /** What the edits were drawn from, and the edits in their order; none for a source as it is. */
  readonly key: EditKey | null
  readonly edits: readonly MadeEdit[]
  /** From the upright source to the file, 3 x 3 rows first, corners at (0, 0) and (width, height). */
  readonly homography: Homography
  /** Where in the file the source is (corners of a convex polygon), as far as frames and crops go; and how much of the source that shows, 0..1. */
  readonly region: Polygon
  readonly visible: number
  readonly companion: { readonly path: string; readonly sha256: string } | null
}

export const manifestName = 'manifest.jsonl'

/** What an earlier run wrote down, by number; a last line that a kill cut short is passed over. */
export async function readRecords(file: string): Promise<Map<number, ManifestRecord>> {
  const records = new Map<number, ManifestRecord>()
  const stream = createReadStream(file)
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const record = parsed(line)
      if (record) records.set(record.number, record)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return records
}

function parsed(line: string): ManifestRecord | null {
  try {
    return JSON.parse(line) as ManifestRecord
  } catch {
    return null
  }
}

/** manifest.jsonl in the order of the plan, without the files of `left`. */
export async function writeRecords(folder: string, records: ReadonlyMap<number, ManifestRecord>, left: readonly string[]): Promise<void> {
  const away = new Set(left)
  await writeLines(folder, manifestName, linesOf(records, away))
}

function* linesOf(records: ReadonlyMap<number, ManifestRecord>, away: ReadonlySet<string>): Generator<string> {
  for (const number of [...records.keys()].sort((a, b) => a - b)) {
    const { number: _, ...record } = records.get(number) as ManifestRecord
    if (!away.has(record.file)) yield `${JSON.stringify(record)}\n`
  }
}
