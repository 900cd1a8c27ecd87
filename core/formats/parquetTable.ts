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
    const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet')
    const { compressors } = await import('hyparquet-compressors')
    const file: AsyncBuffer = {
      byteLength: size,
      async slice(start, end = size) {
        if (!(start >= 0 && end >= start && end <= size)) throw new WinnowError('CORRUPT', `${name} points beyond its own end. It was cut short; get or write it again.`)
        const bytes = new Uint8Array(end - start)
        await readFully(handle, bytes, start, name)
        return bytes.buffer
      }
    }
    const metadata = await guarded(name, async () => await parquetMetadataAsync(file))
    const rows = Number(metadata.num_rows)
    const groups = metadata.row_groups.map((group) => Number(group.num_rows))
    if (groups.some((one) => !Number.isSafeInteger(one) || one < 0) || groups.reduce((sum, one) => sum + one, 0) !== rows) throw new WinnowError('CORRUPT', `${name}: its row groups do not add up to the ${rows} rows it says. It is damaged; write it again.`)
    const columns = (await guarded(name, async () => parquetSchema(metadata))).children.map((node) => columnOfSchema(node, rows))
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
          const from = first
          let read: unknown[][] = []
          await guarded(name, async () => {
            await parquetRead({ file, metadata, compressors, columns: titles, rowStart: from, rowEnd: from + count, onComplete: (all) => { read = all as unknown[][] } })
          })
          if (read.length !== count) throw new WinnowError('CORRUPT', `${name}: row group ${i + 1} holds ${read.length} of ${count} rows. It is damaged; write it again.`)
          const converters = wanted.map((one) => converterOf(table, one, titles))
          const each = Math.max(1, Math.floor(blockBytes / Math.max(4, ...converters.map(({ rowBytes }) => rowBytes(read[0])))))
          for (let at = 0; at < count; at += each) {
            const part = read.slice(at, at + each)
            yield { first: first + at, rows: part.length, values: converters.map(({ convert }) => convert(part, first + at)), place: rowPlace(first + at) }
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
  for (const { meta_data: chunk } of metadata.row_groups[group]?.columns ?? []) if (chunk && titles.includes(chunk.path_in_schema[0] as string)) bytes += Number(chunk.total_uncompressed_size)
  checkClaim(name, bytes, size)
  if (bytes > mostGroupBytes) throw new WinnowError('BAD_INPUT', `${name}: row group ${group + 1} is ${bytes} bytes; at most ${mostGroupBytes} are unpacked at once. Write it with smaller row groups (row_group_size=100000).`)
}

interface Converter {
  readonly rowBytes: (row: unknown[] | undefined) => number
  readonly convert: (rows: unknown[][], first: number) => TableBlock['values'][number]
}

function converterOf(table: Table, { name, as }: Wanted, titles: readonly string[]): Converter {
  const places = (typeof name === 'string' ? [name] : name).map((one) => titles.indexOf(one))
  const [only = 0] = places
  const title = titles[only] as string
  const wrong = (row: number, how: string): WinnowError => new WinnowError('BAD_INPUT', `${table.name}, row ${row}, "${shorten(title)}": ${how}.`)
  const number = (value: unknown, row: number): number => {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong(row, 'there is no number')
    return Number(value)
  }
  if (as === 'text') {
    return {
      rowBytes: () => 64,
      convert: (rows, first) => rows.map((fields, i) => {
        const value = fields[only]
        if (typeof value === 'string') return value
        if (typeof value === 'bigint' || typeof value === 'number') return String(value)
        throw wrong(first + i, 'there is no id')
      })
    }
  }
  if (as === 'number') return { rowBytes: () => 8, convert: (rows, first) => Float64Array.from(rows, (fields, i) => number(fields[only], first + i)) }
  if (typeof name !== 'string') {
    return {
      rowBytes: () => places.length * 4,
      convert: (rows, first) => {
        const out = new Float32Array(rows.length * places.length)
        rows.forEach((fields, row) => places.forEach((place, i) => void (out[row * places.length + i] = number(fields[place], first + row))))
        return out
      }
    }
  }
  const lengthOf = (value: unknown): number => (Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>).length : 0)
  return {
    rowBytes: (row) => lengthOf(row?.[only]) * 4,
    convert: (rows, first) => {
      const dim = checkDim(lengthOf(rows[0]?.[only]), `${table.name}, row ${first}, "${shorten(title)}"`)
      const out = new Float32Array(rows.length * dim)
      rows.forEach((fields, row) => {
        const list = fields[only] as ArrayLike<unknown>
        if (lengthOf(list) !== dim) throw wrong(first + row, `there are ${lengthOf(list)} values where other rows have ${dim}`)
        for (let i = 0; i < dim; i++) out[row * dim + i] = number(list[i], first + row)
      })
      return out
    }
  }
}
