import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { columnAmong, noColumn } from './csvTable.ts'
import { openTable } from './openTable.ts'
import { idNames, partNames, type Table } from './table.ts'

export interface NamedRows {
  readonly ids: string[]
  /** Which part of its image a row describes; null where the file does not say: the whole image. */
  readonly parts: number[] | null
}

/** Ids that lie in a file of their own, taken row by row in the order of the vectors. */
export interface IdRows {
  readonly name: string
  /** The next `count` ids, fewer at the end. */
  take(count: number): Promise<NamedRows>
  close(): Promise<void>
}

/** Where ids are looked for beside a file of vectors: what Winnow writes, what fastdup writes, and what people do. */
export function idsBeside(path: string): string | undefined {
  const stem = path.replace(/\.[^./\\]+$/u, '')
  return [`${stem}.ids.csv`, `${stem}.ids.npy`, `${stem}.ids.txt`, `${stem}_ids.npy`, `${stem}_ids.csv`, `${stem}_ids.txt`, `${path}.csv`].find((one) => one !== path && existsSync(one))
}

/** Opens a file of ids: .txt with one a line, or any table with one column of ids (`column` says which). Throws BAD_INPUT where there is none. */
export async function openIds(path: string, column?: string): Promise<IdRows> {
  if (/\.txt$/iu.test(path)) {
    const lines = linesOf(path)
    return { name: basename(path), take: taker(lines), close: async () => void (await lines.return(undefined)) }
  }
  const table = await openTable(path)
  const batches = idBatches(table, idColumnOf(table, column))
  return {
    name: table.name,
    take: taker(batches),
    async close() {
      await batches.return(undefined)
      await table.close()
    }
  }
}

function idColumnOf(table: Table, wanted: string | undefined): string {
  const part = partColumnOf(table)
  const readable = table.columns.filter(({ kind, name }) => (kind === 'text' || kind === 'integer') && name !== part)
  const found = wanted ?? (readable.length === 1 ? readable[0]?.name : columnAmong({ ...table, columns: readable }, [...idNames])?.name)
  if (found === undefined) throw noColumn(table, 'the id', idNames, 'idColumn')
  return found
}

/** The column that says which part of its image a row describes. */
export const partColumnOf = (table: Table): string | null => columnAmong({ ...table, columns: table.columns.filter(({ kind }) => kind === 'text' || kind === 'integer') }, partNames)?.name ?? null

/** Part ids as they were read. Throws BAD_INPUT where one is no whole number from 0. */
export function partsOf(values: Float64Array, name: string, place: (i: number) => string): number[] {
  const bad = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 65_535)
  if (bad >= 0) throw new WinnowError('BAD_INPUT', `${name}, ${place(bad)}: the part is ${values[bad] as number}; it should be a whole number, 0 for the whole image.`)
  return Array.from(values)
}

async function* idBatches(table: Table, column: string): AsyncGenerator<NamedRows> {
  const part = partColumnOf(table)
  const wanted = [{ as: 'text', name: column }, ...(part === null ? [] : [{ as: 'number', name: part } as const])] as const
  for await (const { values, place } of table.blocks(wanted)) yield { ids: values[0] as string[], parts: part === null ? null : partsOf(values[1] as Float64Array, table.name, place) }
}

async function* linesOf(path: string): AsyncGenerator<NamedRows> {
  const name = basename(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let left = ''
  let line = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 512 * 1024 }) as AsyncIterable<Buffer>) {
    try {
      left += decoder.decode(chunk, { stream: true })
    } catch {
      throw new WinnowError('BAD_INPUT', `${name}, after line ${line}: the text is not UTF-8. Save the ids in UTF-8.`)
    }
    const lines = left.split('\n')
    left = lines.pop() as string
    if (left.length > 2 ** 20) throw new WinnowError('BAD_INPUT', `${name}, line ${line + lines.length + 1} is longer than a megabyte. Write one id a line.`)
    line += lines.length
    yield { ids: lines.map((one) => one.trim()), parts: null }
  }
  if (left.trim() !== '') yield { ids: [left.trim()], parts: null }
}

function taker(batches: AsyncIterator<NamedRows>): (count: number) => Promise<NamedRows> {
  let held: NamedRows = { ids: [], parts: null }
  let at = 0
  return async (count) => {
    const ids: string[] = []
    let parts: number[] | null = null
    while (ids.length < count) {
      if (at === held.ids.length) {
        const { value, done } = await batches.next()
        if (done === true) break
        held = value
        at = 0
        continue
      }
      const to = Math.min(held.ids.length, at + count - ids.length)
      for (let i = at; i < to; i++) {
        ids.push(held.ids[i] as string)
        if (held.parts) (parts ??= []).push(held.parts[i] as number)
      }
      at = to
    }
    return { ids, parts }
  }
}
