import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { WinnowError } from '../domain/errors.ts'

const mostRecordBytes = 1_000_000

export interface CsvRow {
  /** The line of the file that the row begins on, from 1. Blank lines are no rows, but they count. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * The rows of a CSV file, header first, one at a time: RFC 4180 quotes, CRLF or LF, with or without a byte-order mark, separated by comma,
 * semicolon or tab (whichever the first line has most of). Throws NOT_FOUND, or BAD_INPUT naming the line: not UTF-8 text, a quote that
 * never ends, a row with more or fewer fields than the header.
 */
export async function* csvRows(file: string, signal?: AbortSignal): AsyncGenerator<CsvRow> {
  const name = basename(file)
  const delimiter = await delimiterOf(file, name)
  // csv-parse's own count of lines goes wrong at CRLF inside quotes and at blank lines; the raw text of each record tells.
  let line = 1
  let width = 0
  const parser: Transform = parse({
    bom: true, delimiter, raw: true, relax_column_count: true, skip_empty_lines: false, max_record_size: mostRecordBytes,
    on_record: (wrapped: unknown) => {
      const { raw, record: fields } = wrapped as { raw: string; record: string[] }
      const row = { line, fields }
      line += raw.match(/\r\n|\n|\r/gu)?.length ?? 0
      if (fields.length <= 1 && (fields[0] ?? '').trim() === '') return null
      width ||= fields.length
      if (fields.length !== width) {
        throw new WinnowError('BAD_INPUT', `${name}, line ${row.line}: there ${fields.length === 1 ? 'is 1 field' : `are ${fields.length} fields`} where the header has ${width}. Nothing was imported.`)
      }
      return row as never
    }
  })
  const fed = pipeline(createReadStream(file), checkedText(name), parser, signal ? { signal } : {})
  // The loop below meets the error first; without this the pipeline's own rejection would go unheard.
  fed.catch(() => undefined)
  try {
    yield* parser as AsyncIterable<CsvRow>
    await fed
  } catch (error) {
    throw sentenceOf(error, `${name}, line ${line}`)
  }
}

async function delimiterOf(file: string, name: string): Promise<string> {
  let handle
  try {
    handle = await open(file, 'r')
  } catch (error) {
    const { code } = error as { code?: string }
    throw new WinnowError('NOT_FOUND', code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code ?? String(error)}).`)
  }
  try {
    if (!(await handle.stat()).isFile()) throw new WinnowError('BAD_INPUT', `${file} is not a file.`)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const head = buffer.subarray(0, bytesRead)
    if (bytesRead === 0) throw new WinnowError('BAD_INPUT', `${name} is empty. It should have a header line and a row for each image.`)
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
      throw new WinnowError('BAD_INPUT', `${name} is UTF-16 text. Save it as CSV in UTF-8 and import it again.`)
    }
    const first = head.toString('utf8').split(/\r?\n/u)[0] ?? ''
    const count = (delimiter: string): number => first.split(delimiter).length
    return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
  } finally {
    await handle.close()
  }
}

/** Passes UTF-8 on as it is and refuses everything else, with the line. */
const checkedText = (name: string) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    let line = 1
    for await (const chunk of source) {
      if (chunk.includes(0)) throw new WinnowError('BAD_INPUT', `${name}, line ${line + lines(chunk.subarray(0, chunk.indexOf(0)))}: there is a zero byte. This is not a text file.`)
      yield decode(() => decoder.decode(chunk, { stream: true }), chunk)
      line += lines(chunk)
    }
    yield decode(() => decoder.decode(), Buffer.of())
    function decode(work: () => string, chunk: Buffer): string {
      try {
        return work()
      } catch {
        const bad = chunk.toString('utf8').indexOf('\ufffd')
        const at = line + (bad < 0 ? 0 : chunk.toString('utf8').slice(0, bad).split('\n').length - 1)
        throw new WinnowError('BAD_INPUT', `${name}, line ${at}: the text is not UTF-8. Save it as CSV in UTF-8 and import it again.`)
      }
    }
  }

const lines = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}

function sentenceOf(error: unknown, where: string): unknown {
  if (!(error instanceof CsvError)) return error
  const { column } = error as CsvError & { column?: number | string }
  const field = typeof column === 'number' ? `, field ${column + 1}` : ''
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE': return new WinnowError('BAD_INPUT', `${where}: a quote (") is opened and never closed. Nothing was imported.`)
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE': return new WinnowError('BAD_INPUT', `${where}${field}: a quote (") stands inside a field. Double it and quote the whole field. Nothing was imported.`)
    default: return new WinnowError('BAD_INPUT', `${where}: ${error.message} Nothing was imported.`)
  }
}
