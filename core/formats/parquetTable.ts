import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet'
import { WinnowError, isWinnowError } from '../domain/errors.ts'
import { sameLength } from './arrayTables.ts'
import { blockBytes, checkClaim, checkDim, columnOf, rowPlace, shorten, type Table, type TableBlock, type TableColumn, type Wanted } from './table.ts'
import { openForeign, readFully } from './wholeFile.ts'

/** A row group is unpacked whole. */
const mostGroupBytes = 2 ** 30

/**
 * A Parquet file as a table: plain columns, and lists of numbers as vectors. A row group at a time is unpacked (all compressions of the
 * format). Work on a row group is synchronous: call this in a thread. Throws CORRUPT or BAD_INPUT naming file, column and row.
 */
export async function openParquet(path: string): Promise<Table> {
  const { handle, size, name } = await openForeign(path)
  try {
    const { parquetMetadataAsync, parquetScan, parquetSchema } = await import('hyparquet')
    const { getSchemaPath } = await import('hyparquet/src/schema.js')
    const { compressors } = await import('hyparquet-compressors')
    const { checkPages } = await import('./parquetPages.ts')
    const file: AsyncBuffer = {
      byteLength: size,
      slice(start, end = size) {
        const bytes = slice(start, end)
        // The library asks for ranges ahead and does not listen to all of them.
        bytes.catch(() => undefined)
        return bytes
      }
    }
    const slice = async (start: number, end: number): Promise<ArrayBuffer> => {
      if (!(start >= 0 && end >= start && end <= size)) throw new WinnowError('CORRUPT', `${name} points beyond its own end. It was cut short; get or write it again.`)
      const bytes = new Uint8Array(end - start)
      await readFully(handle, bytes, start, name)
      return bytes.buffer
    }
    const metadata = await guarded(name, async () => await parquetMetadataAsync(file))
    const groups = metadata.row_groups.map((group) => Number(group.num_rows))
    // The sum that stands in the file is left alone: some writers put 0 there.
    const rows = groups.reduce((sum, one) => sum + one, 0)
    if (groups.some((one) => !Number.isSafeInteger(one) || one < 0)) throw new WinnowError('CORRUPT', `${name} says that it has ${rows} rows. It is damaged; write it again.`)
    const columns = await guarded(name, async () => {
      const { children } = parquetSchema(metadata)
      if (children.some(({ element }) => typeof element.name !== 'string')) throw new Error('a column has no name')
      return children.map((node) => columnOfSchema(node, rows))
    })
    const table: Table = {
      name, format: 'parquet', columns,
      close: () => handle.close(),
      async *blocks(wanted, signal) {
        const titles = [...new Set(wanted.flatMap((one) => one.name))]
        sameLength(name, titles.map((one) => columnOf(table, one)))
        for (const one of wanted) checkWanted(table, one)
        let first = 0
        for (const [i, count] of groups.entries()) {
          signal?.throwIfAborted()
          checkGroup(metadata, i, titles, name, size)
          // One column after the other: of several at once, the second to fail would be nobody's.
          const scan = await guarded(name, async () => await parquetScan({ file, metadata, compressors, columns: titles }))
          const values = new Map<string, ArrayLike<unknown>>()
          const from = first
          for (const title of titles) {
            for (const { meta_data: chunk } of metadata.row_groups[i]?.columns ?? []) {
              if (chunk?.path_in_schema[0] !== title) continue
              const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset)
              const bytes = new Uint8Array(await slice(start, start + Number(chunk.total_compressed_size)))
              await guarded(name, async () => checkPages(bytes, chunk, getSchemaPath(metadata.schema, chunk.path_in_schema), compressors))
            }
            const data = await guarded(name, async () => (count === 0 ? [] : await scan.readColumn({ column: title, rowStart: from, rowEnd: from + count })))
            if (data.length !== count) throw new WinnowError('CORRUPT', `${name}, "${shorten(title)}": row group ${i + 1} holds ${data.length} of ${count} rows. It is damaged; write it again.`)
            values.set(title, data)
          }
          const converters = wanted.map((one) => converterOf(table, one, values, from))
          const each = Math.max(1, Math.floor(blockBytes / Math.max(4, ...converters.map(({ rowBytes }) => rowBytes))))
          for (let at = 0; at < count; at += each) {
            const rows = Math.min(each, count - at)
            yield { first: from + at, rows, values: converters.map(({ convert }) => convert(at, rows)), place: rowPlace(from + at) }
          }
          first += count
        }
      }
    }
    return table
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isWinnowError(error)) throw error
    throw new WinnowError('CORRUPT', `${name} cannot be read as Parquet (${shorten(error instanceof Error ? error.message : String(error))}). It was cut short or is damaged; write it again.`)
  }
}

function columnOfSchema({ element, children }: SchemaTree, rows: number): TableColumn {
  const { name } = element
  const scalar = ({ type, converted_type: converted, logical_type: logical }: SchemaTree['element']): 'text' | 'integer' | 'number' | 'other' => {
    if (type === 'FLOAT' || type === 'DOUBLE' || (type === 'FIXED_LEN_BYTE_ARRAY' && logical?.type === 'FLOAT16')) return 'number'
    if (type === 'INT32' || type === 'INT64') return 'integer'
    return type === 'BYTE_ARRAY' && (converted === undefined || converted === 'UTF8' || converted === 'ENUM') ? 'text' : 'other'
  }
  if (children.length === 0) {
    const kind = scalar(element)
    return element.repetition_type === 'REPEATED' ? { name, kind: kind === 'text' || kind === 'other' ? 'other' : 'vector', dim: 0, rows } : { name, kind, dim: 1, rows }
  }
  // A list: optional group (LIST) { repeated group list { element } }; older writers leave one of the two out.
  let leaf = children[0] as SchemaTree
  while (leaf.children.length === 1) leaf = leaf.children[0] as SchemaTree
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST'
  const kind = leaf.children.length === 0 && isList && children.length === 1 ? scalar(leaf.element) : 'other'
  return { name, kind: kind === 'number' || kind === 'integer' ? 'vector' : 'other', dim: 0, rows }
}

function checkWanted(table: Table, { name, as }: Wanted): void {
  for (const column of (typeof name === 'string' ? [name] : name).map((one) => columnOf(table, one))) {
    const fits = as === 'text' ? column.kind === 'text' || column.kind === 'integer' : as === 'number' || typeof name !== 'string' ? column.kind === 'number' || column.kind === 'integer' : column.kind === 'vector'
    if (!fits) throw new WinnowError('BAD_INPUT', `${table.name}: the column "${shorten(column.name)}" does not hold ${as === 'text' ? 'ids (strings or whole numbers)' : as === 'vector' ? 'lists of numbers' : 'numbers'}.`)
  }
}

function checkGroup(metadata: FileMetaData, group: number, titles: readonly string[], name: string, size: number): void {
  let bytes = 0
  let values = 0
  for (const { meta_data: chunk } of metadata.row_groups[group]?.columns ?? []) {
    if (!chunk || !titles.includes(chunk.path_in_schema[0] as string)) continue
    bytes += Number(chunk.total_uncompressed_size)
    values += Number(chunk.num_values)
  }
  checkClaim(name, Math.max(bytes, values), size)
  if (bytes > mostGroupBytes) throw new WinnowError('BAD_INPUT', `${name}: row group ${group + 1} is ${bytes} bytes; at most ${mostGroupBytes} are unpacked at once. Write it with smaller row groups (row_group_size=100000).`)
}

interface Converter {
  readonly rowBytes: number
  /** Rows [at, at + rows) of the row group. */
  readonly convert: (at: number, rows: number) => TableBlock['values'][number]
}

/** `values`: the columns of a row group whose first row is `first` of the file. */
function converterOf(table: Table, { name, as }: Wanted, values: ReadonlyMap<string, ArrayLike<unknown>>, first: number): Converter {
  const titles = typeof name === 'string' ? [name] : name
  const columns = titles.map((title) => values.get(title) as ArrayLike<unknown>)
  const column = columns[0] as ArrayLike<unknown>
  const wrong = (row: number, how: string, at = 0): WinnowError => new WinnowError('BAD_INPUT', `${table.name}, row ${first + row}, "${shorten(titles[at] as string)}": ${how}.`)
  const number = (value: unknown, row: number, at = 0): number => {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong(row, 'there is no number', at)
    return Number(value)
  }
  if (as === 'text') {
    return {
      rowBytes: 64,
      convert: (from, rows) => Array.from({ length: rows }, (_, i) => {
        const value = column[from + i]
        if (typeof value === 'string') return value
        if (typeof value === 'bigint' || typeof value === 'number') return String(value)
        throw wrong(from + i, 'there is no id')
      })
    }
  }
  if (as === 'number') return { rowBytes: 8, convert: (from, rows) => Float64Array.from({ length: rows }, (_, i) => number(column[from + i], from + i)) }
  if (typeof name !== 'string') {
    const dim = columns.length
    return {
      rowBytes: dim * 4,
      convert: (from, rows) => Float32Array.from({ length: rows * dim }, (_, i) => number((columns[i % dim] as ArrayLike<unknown>)[from + Math.floor(i / dim)], from + Math.floor(i / dim), i % dim))
    }
  }
  const lengthOf = (value: unknown): number => (Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>).length : 0)
  return {
    rowBytes: lengthOf(column[0]) * 4,
    convert: (from, rows) => {
      const dim = checkDim(lengthOf(column[from]), `${table.name}, row ${first + from}, "${shorten(name)}"`)
      const out = new Float32Array(rows * dim)
      for (let row = 0; row < rows; row++) {
        const list = column[from + row] as ArrayLike<unknown>
        if (lengthOf(list) !== dim) throw wrong(from + row, `there are ${lengthOf(list)} values where other rows have ${dim}`)
        for (let i = 0; i < dim; i++) out[row * dim + i] = number(list[i], from + row)
      }
      return out
    }
  }
}
