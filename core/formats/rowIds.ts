import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { columnAmong, noColumn } from './csvTable.ts'
import { openTable } from './openTable.ts'
import { idNames, type Table } from './table.ts'

/** Ids that lie in a file of their own, taken row by row in the order of the vectors. */
export interface IdRows {
  readonly name: string
  /** The next `count` ids, fewer at the end. */
  take(count: number): Promise<string[]>
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
  const readable = table.columns.filter(({ kind }) => kind === 'text' || kind === 'integer')
  const found = wanted ?? (readable.length === 1 ? readable[0]?.name : columnAmong({ ...table, columns: readable }, [...idNames])?.name)
  if (found === undefined) throw noColumn(table, 'the id', idNames, 'idColumn')
  return found
}

async function* idBatches(table: Table, column: string): AsyncGenerator<string[]> {
  for await (const { values } of table.blocks([{ as: 'text', name: column }])) yield values[0] as string[]
}

async function* linesOf(path: string): AsyncGenerator<string[]> {
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
    yield lines.map((one) => one.trim())
  }
  if (left.trim() !== '') yield [left.trim()]
}

function taker(batches: AsyncIterator<string[]>): (count: number) => Promise<string[]> {
  let held: string[] = []
  let at = 0
  return async (count) => {
    const ids: string[] = []
    while (ids.length < count) {
      if (at === held.length) {
        const { value, done } = await batches.next()
        if (done === true) break
        held = value
        at = 0
        continue
      }
      const part = held.slice(at, at + count - ids.length)
      for (const one of part) ids.push(one)
      at += part.length
    }
    return ids
  }
}
