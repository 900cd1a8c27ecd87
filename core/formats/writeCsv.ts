import { csvField } from './csvBatches.ts'
import { outBlocks, type OutColumn, type OutTable } from './outTable.ts'
import { writeWhole, type PartFile } from './wholeFile.ts'

/** A float32 with as many digits as bring it back as it was (at most 9), a double with at most 17. */
export const floatText = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9))))

export interface CsvOptions {
  readonly header?: boolean
  /** How numbers are written; `floatText` for float32, JavaScript's own for doubles. */
  readonly number?: (value: number) => string
}

/** Writes a table as CSV (comma, LF, quotes where needed), whole or not at all. A vector becomes columns NAME_0, NAME_1, …. */
export async function writeCsv(path: string, table: OutTable, options: CsvOptions = {}): Promise<void> {
  await writeWhole(path, async (file) => await writeCsvRows(file, table, options))
}

/** The same into a file that is being written. */
export async function writeCsvRows(file: PartFile, { rows, columns }: OutTable, { header = true, number }: CsvOptions = {}): Promise<void> {
  if (header) await file.writeText(`${columns.flatMap((one) => (one.kind === 'vector' ? Array.from({ length: one.dim }, (_, i) => csvField(`${one.name}_${i}`)) : [csvField(one.name)])).join(',')}\n`)
  const width = columns.reduce((sum, one) => sum + (one.kind === 'vector' ? one.dim : 1), 0)
  for (const { from, count } of outBlocks(rows, width * 4)) {
    const fields: ((row: number) => string)[] = []
    for (const column of columns) fields.push(await fieldsOf(column, from, count, { number, empty: columns.length === 1 ? '""' : '' }))
    let text = ''
    for (let row = 0; row < count; row++) text += `${fields.map((field) => field(row)).join(',')}\n`
    await file.writeText(text)
  }
}

/** `empty`: a row of one empty field would be a blank line, which is no row. */
async function fieldsOf(column: OutColumn, from: number, count: number, { number, empty }: { number: CsvOptions['number']; empty: string }): Promise<(row: number) => string> {
  if (column.kind === 'text') {
    const values = await column.values(from, count)
    return (row) => csvField(values[row] as string) || empty
  }
  const values = await column.values(from, count)
  const written = number ?? (values instanceof Float32Array ? floatText : String)
  if (column.kind === 'number') return (row) => written(values[row] as number)
  return (row) => Array.from(values.subarray(row * column.dim, (row + 1) * column.dim), written).join(',')
}
