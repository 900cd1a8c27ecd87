import { createReadStream } from 'node:fs'
import { WinnowError } from '../domain/errors.ts'
import { openForeign } from './wholeFile.ts'

const mostRecordCharacters = 4 * 2 ** 20

export interface CsvBatch {
  readonly rows: readonly (readonly string[])[]
  /** The line of the file that each row begins on, from 1. Blank lines are no rows, but they count. */
  readonly lines: readonly number[]
}

/**
 * The rows of a CSV, the header among them, in batches of about half a megabyte: made for tables of millions of rows. RFC 4180 quotes, LF,
 * CRLF or CR, with or without a byte-order mark, separated by comma, semicolon or tab (whichever the first line has most of), UTF-8. Throws
 * NOT_FOUND, or BAD_INPUT naming the line: not UTF-8 text, a quote that never ends or stands inside a field, a row with more or fewer fields
 * than the first.
 */
export async function* csvBatches(file: string, signal?: AbortSignal, chunkBytes = 512 * 1024): AsyncGenerator<CsvBatch> {
  const { name, delimiter, lineEnd } = await look(file)
  const splitter = new RecordSplitter(name, delimiter, lineEnd)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Buffer): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      const bad = bytes?.toString('utf8').indexOf('\ufffd') ?? -1
      throw new WinnowError('BAD_INPUT', `${name}, line ${splitter.lineAt(bad < 0 ? '' : (bytes as Buffer).toString('utf8').slice(0, bad))}: the text is not UTF-8. Save it as CSV in UTF-8.`)
    }
  }
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes, ...(signal ? { signal } : {}) }) as AsyncIterable<Buffer>) {
    const zero = chunk.indexOf(0)
    if (zero >= 0) throw new WinnowError('BAD_INPUT', `${name}, line ${splitter.lineAt(chunk.toString('latin1', 0, zero))}: there is a zero byte. This is not a text file.`)
    const batch = splitter.take(decode(chunk), false)
    if (batch.rows.length > 0) yield batch
  }
  const last = splitter.take(decode(), true)
  if (last.rows.length > 0) yield last
}

async function look(file: string): Promise<{ name: string; delimiter: string; lineEnd: '\n' | '\r' }> {
  const { handle, size, name } = await openForeign(file)
  try {
    if (size === 0) throw new WinnowError('BAD_INPUT', `${name} is empty. It should have a row for each image or pair.`)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const head = buffer.subarray(0, bytesRead)
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) throw new WinnowError('BAD_INPUT', `${name} is UTF-16 text. Save it as CSV in UTF-8.`)
    const text = head.toString('utf8')
    const lineEnd = !text.includes('\n') && text.includes('\r') ? '\r' : '\n'
    const first = text.split(lineEnd)[0] ?? ''
    const count = (delimiter: string): number => first.split(delimiter).length
    return { name, lineEnd, delimiter: [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best)) }
  } finally {
    await handle.close()
  }
}

class RecordSplitter {
  readonly #name: string
  readonly #delimiter: string
  readonly #lineEnd: '\n' | '\r'
  #left = ''
  #line = 1
  #width = 0

  constructor(name: string, delimiter: string, lineEnd: '\n' | '\r') {
    this.#name = name
    this.#delimiter = delimiter
    this.#lineEnd = lineEnd
  }

  /** The line that `text`, read after all that was taken, ends on. */
  lineAt(text: string): number {
    return this.#line + this.#ends(this.#left) + this.#ends(text)
  }

  #ends(text: string): number {
    return text.split(this.#lineEnd).length - 1
  }

  take(chunk: string, isLast: boolean): CsvBatch {
    const text = this.#left + chunk
    const rows: string[][] = []
    const lines: number[] = []
    let at = 0
    while (at < text.length) {
      let end = text.indexOf(this.#lineEnd, at)
      if (end < 0 && !isLast) break
      if (end < 0) end = text.length
      let line = text.slice(at, end)
      let fields: string[]
      let taken = 1
      if (line.includes('"')) {
        const record = this.#quoted(text, at, isLast)
        if (record === null) break
        fields = record.fields
        end = record.end
        line = text.slice(at, end)
        taken += this.#ends(line)
      } else {
        if (line.endsWith('\r')) line = line.slice(0, -1)
        fields = line.split(this.#delimiter)
      }
      if (fields.length > 1 || (fields[0] as string).trim() !== '') {
        this.#width ||= fields.length
        if (fields.length !== this.#width) {
          throw this.#wrong(`there ${fields.length === 1 ? 'is 1 field' : `are ${fields.length} fields`} where the first row has ${this.#width}. Nothing was read.`)
        }
        rows.push(fields)
        lines.push(this.#line)
      }
      this.#line += taken
      at = end + 1
    }
    this.#left = text.slice(at)
    if (this.#left.length > mostRecordCharacters) throw this.#tooLong()
    return { rows, lines }
  }

  /** A record with quotes, which may reach over several lines. Null where its end has not been read yet. */
  #quoted(text: string, from: number, isLast: boolean): { fields: string[]; end: number } | null {
    const fields: string[] = []
    for (let at = from; ; ) {
      if (text[at] === '"') {
        let value = ''
        for (at++; ; ) {
          const quote = text.indexOf('"', at)
          if (quote < 0) {
            if (isLast) throw this.#wrong('a quote (") is opened and never closed. Nothing was read.')
            return null
          }
          value += text.slice(at, quote)
          at = quote + 1
          if (text[at] !== '"') break
          value += '"'
          at++
        }
        fields.push(value)
        if (text[at] === '\r' && this.#lineEnd === '\n' && (at + 1 === text.length || text[at + 1] === '\n')) at++
        // The next character tells whether a quote was doubled or closed; it may not have been read yet.
        if (at === text.length) return isLast ? { fields, end: at } : null
        if (text[at] === this.#lineEnd) return { fields, end: at }
        if (text[at] !== this.#delimiter) throw this.#insideField(fields.length)
        at++
      } else {
        const delimiter = text.indexOf(this.#delimiter, at)
        const lineEnd = text.indexOf(this.#lineEnd, at)
        if (lineEnd < 0 && !isLast) return null
        const stop = lineEnd < 0 ? text.length : lineEnd
        const end = delimiter >= 0 && delimiter < stop ? delimiter : stop
        let value = text.slice(at, end)
        if (value.includes('"')) throw this.#insideField(fields.length + 1)
        if (end === stop && value.endsWith('\r')) value = value.slice(0, -1)
        fields.push(value)
        if (end === stop) return { fields, end }
        at = end + 1
      }
    }
  }

  #insideField(field: number): WinnowError {
    return this.#wrong(`a quote (") stands inside field ${field}. Double it and quote the whole field. Nothing was read.`)
  }

  #tooLong(): WinnowError {
    return this.#wrong(this.#left.includes('"') ? 'a quote (") is opened and never closed. Nothing was read.' : `the line is longer than ${mostRecordCharacters} characters. This is no table.`)
  }

  #wrong(how: string): WinnowError {
    return new WinnowError('BAD_INPUT', `${this.#name}, line ${this.#line}: ${how}`)
  }
}

/** A field as CSV wants it: quoted where it has a separator, a quote, a line end or spaces at its ends. */
export const csvField = (text: string): string => (/[",;\t\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
