/** Reads a CSV of labels and finds its images, away from the engine's loop, with a read-only connection of its own. */
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { checkClassName, classKey } from '../domain/className.ts'
import { WinnowError, isWinnowError } from '../domain/errors.ts'
import { openForReading } from '../project/connection.ts'
import { ImageMatcher, type Match } from '../project/repositories/imageMatch.ts'
import type { MatchedLabels } from '../project/repositories/labels.ts'
import { type CallContext, serveThread } from '../workers/channel.ts'
import { csvColumns } from './csvColumns.ts'
import { csvRows, type CsvRow } from './csvRows.ts'

export interface CsvLabelRequest {
  readonly database: string
  readonly file: string
  readonly imageColumn?: string | undefined
  readonly labelColumn?: string | undefined
}

export interface CsvLabelReply {
  readonly labels: MatchedLabels
  readonly rows: number
  readonly missing: number
  readonly duplicated: number
  readonly problems: { line: number; message: string }[]
}

const mostProblems = 20

const api = {
  /** Throws BAD_INPUT or NOT_FOUND for a file that cannot be read as a table of labels; single rows that do not fit are reported. */
  async read({ database, file, imageColumn, labelColumn }: CsvLabelRequest, { signal }: CallContext): Promise<CsvLabelReply> {
    const name = basename(file)
    const rows = csvRows(file, signal)
    const header = (await rows.next()).value as CsvRow | undefined
    if (!header) throw new WinnowError('BAD_INPUT', `${name} is empty. It should have a header line and a row for each image.`)
    const columns = csvColumns(header.fields, name, { imageColumn, labelColumn })
    const db = openForReading(database)
    try {
      const matcher = new ImageMatcher(db)
      const names: string[] = []
      const placeOf = new Map<string, number>()
      const classOf = new Map<number, number>()
      const reply = { rows: 0, missing: 0, duplicated: 0, problems: [] as { line: number; message: string }[] }
      const problem = (line: number, message: string): void => {
        if (reply.problems.length < mostProblems) reply.problems.push({ line, message })
      }
      for await (const { line, fields } of rows) {
        reply.rows++
        const key = (fields[columns.image] ?? '').trim()
        const className = nameOf(fields[columns.label] ?? '')
        if (className instanceof WinnowError) {
          problem(line, className.message)
          continue
        }
        const match = key === '' ? ({ imageId: null, why: 'missing', count: 0 } as const) : matcher.match(key)
        if (match.imageId === null) {
          reply.missing++
          problem(line, whyNot(key, match))
          continue
        }
        const nameKey = classKey(className)
        let place = placeOf.get(nameKey)
        if (place === undefined) {
          place = names.push(className) - 1
          placeOf.set(nameKey, place)
        }
        const earlier = classOf.get(match.imageId)
        if (earlier === undefined) classOf.set(match.imageId, place)
        else {
          reply.duplicated++
          if (earlier !== place) problem(line, `"${shortened(key)}" was labelled ${names[earlier] ?? ''} by an earlier row, which stands.`)
        }
      }
      return { ...reply, labels: { imageIds: Int32Array.from(classOf.keys()), classes: Int32Array.from(classOf.values()), names } }
    } finally {
      db.close()
    }
  }
}
export type CsvLabelThread = typeof api

function nameOf(field: string): string | WinnowError {
  try {
    return checkClassName(field)
  } catch (error) {
    if (isWinnowError(error)) return field.trim() === '' ? new WinnowError('BAD_INPUT', 'The row has no label.') : error
    throw error
  }
}

function whyNot(key: string, match: Extract<Match, { imageId: null }>): string {
  if (key === '') return 'The row names no image.'
  return match.why === 'missing' ? `No image is called "${shortened(key)}".` : `"${shortened(key)}" could be any of ${match.count} images. Give its path.`
}

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)

if (!parentPort) throw new Error('csvLabels.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
