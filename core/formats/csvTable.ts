import { basename } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { csvBatches, type CsvBatch } from './csvBatches.ts'
import { columnOf, idNames, listed, partNames, shorten, type Table, type TableBlock, type TableColumn, type Wanted } from './table.ts'

/**
 * A CSV as a table. `header`: whether its first row names the columns; 'guess' says yes unless that row holds a number. Columns without a
 * name are called 1, 2, 3. Throws what csvBatches throws; a field that is no number names line and column.
 */
export async function openCsv(file: string, header: 'guess' | 'yes' | 'no' = 'guess'): Promise<Table & { readonly hasHeader: boolean }> {
  const name = basename(file)
  const first = await firstRow(file)
  if (!first) throw new WinnowError('BAD_INPUT', `${name} is empty. It should have a row for each image or pair.`)
  const hasHeader = header === 'guess' ? namesColumns(first) : header === 'yes'
  const names = first.map((field, i) => (hasHeader ? field.trim() : String(i + 1)))
  const twice = names.find((one, i) => one !== '' && names.indexOf(one) !== i)
  if (twice !== undefined) throw new WinnowError('BAD_INPUT', `${name}, line 1: two columns are called "${shorten(twice)}". Rename one of them.`)
  const columns: TableColumn[] = names.map((one) => ({ name: one, kind: 'text', dim: 1, rows: null }))
  const table: Table & { readonly hasHeader: boolean } = {
    name, format: 'csv', columns, hasHeader,
    async close() {},
    async *blocks(wanted, signal) {
      const reads = wanted.map((one) => readerOf(table, one))
      let first = 0
      let header = hasHeader
      for await (const batch of csvBatches(file, signal)) {
        const body = header ? { rows: batch.rows.slice(1), lines: batch.lines.slice(1) } : batch
        header = false
        yield { first, rows: body.rows.length, values: reads.map((read) => read(body)), place: (i) => `line ${body.lines[i] ?? '?'}` } satisfies TableBlock
        first += body.rows.length
      }
    }
  }
  return table
}

/** Whether a first row is a header: it holds no number, or the numbers count columns up, as pandas writes them (id,0,1,2). */
function namesColumns(first: readonly string[]): boolean {
  const values = first.map(numberOf)
  const numbers = values.filter((one) => !Number.isNaN(one))
  if (numbers.length === 0) return true
  const words = first.filter((_, i) => Number.isNaN(values[i])).map((one) => one.trim().toLowerCase())
  return (numbers[0] === 0 || numbers[0] === 1) && numbers.every((one, i) => one === (numbers[0] as number) + i) && words.length > 0 && words.every((one) => one === '' || known.has(one))
}
const known: ReadonlySet<string> = new Set([...idNames, ...partNames])

async function firstRow(file: string): Promise<readonly string[] | null> {
  for await (const { rows } of csvBatches(file)) return rows[0] ?? null
  return null
}

function readerOf(table: Table, { as, name }: Wanted): (batch: CsvBatch) => string[] | Float64Array | Float32Array {
  const names = typeof name === 'string' ? [name] : name
  const places = names.map((one) => table.columns.indexOf(columnOf(table, one)))
  const [only = 0] = places
  if (as === 'text') return ({ rows }) => rows.map((fields) => (fields[only] as string).trim())
  const value = (batch: CsvBatch, row: number, place: number): number => {
    const field = (batch.rows[row] as readonly string[])[place] as string
    const number = numberOf(field)
    if (Number.isNaN(number) && !/^\s*[-+]?nan\s*$/iu.test(field)) {
      const title = (table.columns[place] as TableColumn).name
      throw new WinnowError('BAD_INPUT', `${table.name}, line ${batch.lines[row] ?? '?'}, column ${title === String(place + 1) ? '' : `"${shorten(title)}" `}(${place + 1}): "${shorten(field)}" is not a number. Write numbers with a decimal point.`)
    }
    return number
  }
  if (as === 'number') return (batch) => Float64Array.from(batch.rows, (_, row) => value(batch, row, only))
  return (batch) => {
    const out = new Float32Array(batch.rows.length * places.length)
    for (let row = 0; row < batch.rows.length; row++) for (let i = 0; i < places.length; i++) out[row * places.length + i] = value(batch, row, places[i] as number)
    return out
  }
}

/** What a field says as a number; NaN where it says none. `inf` and `-inf` are Python's. */
export function numberOf(field: string): number {
  const number = Number(field)
  // JavaScript takes '' for 0 and reads 0x10.
  if (!Number.isNaN(number)) return /^\s*$|^\s*[-+]?0[xob]/iu.test(field) ? Number.NaN : number
  const infinite = /^\s*([-+]?)inf(?:inity)?\s*$/iu.exec(field)
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : Number.NaN
}

/** The column among `known` names (first found wins, without regard to case), or undefined. */
export const columnAmong = (table: Table, known: readonly string[]): TableColumn | undefined => {
  for (const one of known) {
    const found = table.columns.find(({ name }) => name.toLowerCase() === one)
    if (found) return found
  }
  return undefined
}

/** Throws BAD_INPUT: no column of that meaning. */
export const noColumn = (table: Table, what: string, known: readonly string[], option: string): WinnowError =>
  new WinnowError('BAD_INPUT', `${table.name}${table.format === 'csv' ? ', line 1' : ''}: no column is ${what}. There are ${listed(table.columns.map(({ name }) => name))}; call one ${known.slice(0, 4).join(', ')}, or say which with ${option}.`)
