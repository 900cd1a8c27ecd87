import { WinnowError } from '../domain/errors.ts'
import { ByteStream, fileBytes } from './byteStream.ts'
import { columnOfArray, headerFrom, takeRows } from './npyStream.ts'
import type { NpyHeader } from './npyHeader.ts'
import { blockBytes, checkDim, columnOf, rowPlace, type Table, type TableBlock, type TableColumn, type Wanted } from './table.ts'
import { openForeign } from './wholeFile.ts'
import { zipDirectory, zipMember, type ZipMember } from './zipDirectory.ts'

interface StoredArray {
  readonly column: TableColumn
  readonly header: NpyHeader
  /** Its bytes from the header on. */
  readonly open: () => ByteStream
  readonly bytes: number
}

/** An .npy file as a table of one column, called "array". Throws what readNpyHeader throws. */
export async function openNpyTable(path: string): Promise<Table> {
  const { handle, size, name } = await openForeign(path)
  try {
    const open = (): ByteStream => new ByteStream(fileBytes(handle, 0, size), name)
    const stream = open()
    const header = await headerFrom(stream, size, name)
    await stream.close()
    return tableOf(name, 'npy', [{ column: columnOfArray('array', header), header, open, bytes: size }], () => handle.close())
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** An .npz archive (numpy.savez, savez_compressed) as a table with a column for each array. Throws CORRUPT or BAD_INPUT naming archive and member. */
export async function openNpzTable(path: string): Promise<Table> {
  const { handle, size, name } = await openForeign(path)
  try {
    const members = (await zipDirectory(handle, size, name)).filter((one) => one.name.endsWith('.npy'))
    if (members.length === 0) throw new WinnowError('BAD_INPUT', `${name} holds no NumPy arrays. Write it with numpy.savez(file, embeddings=…, ids=…).`)
    const arrays: StoredArray[] = []
    for (const member of members) {
      const title = member.name.slice(0, -4)
      const open = (): ByteStream => streamOf(member)
      const stream = open()
      const header = await headerFrom(stream, member.size, `${name}, "${title}"`)
      await stream.close()
      arrays.push({ column: columnOfArray(title, header), header, open, bytes: member.size })
    }
    return tableOf(name, 'npz', arrays, () => handle.close())
  } catch (error) {
    await handle.close()
    throw error
  }
  function streamOf(member: ZipMember): ByteStream {
    return new ByteStream(zipMember(handle, member, name), `${name}, "${member.name}"`)
  }
}

function tableOf(name: string, format: 'npy' | 'npz', arrays: readonly StoredArray[], close: () => Promise<void>): Table {
  const table: Table = {
    name, format, columns: arrays.map(({ column }) => column), close,
    async *blocks(wanted, signal) {
      const chosen = wanted.map((one) => arrayOf(table, arrays, one))
      const rows = sameLength(name, chosen.map(({ column }) => column))
      const rowBytes = Math.max(...chosen.map(({ header, column }) => column.dim * header.itemBytes), 1)
      const streams = chosen.map((one) => one.open())
      try {
        for (const [i, stream] of streams.entries()) await headerFrom(stream, (chosen[i] as StoredArray).bytes, name)
        const each = Math.max(1, Math.floor(blockBytes / rowBytes))
        for (let first = 0; first < rows; first += each) {
          signal?.throwIfAborted()
          const count = Math.min(each, rows - first)
          const values: TableBlock['values'][number][] = []
          for (const [i, stream] of streams.entries()) values.push(await takeRows(stream, (chosen[i] as StoredArray).header, (wanted[i] as Wanted).as, first, count, nameOf(table, chosen[i] as StoredArray)))
          yield { first, rows: count, values, place: rowPlace(first) }
        }
        // The checksum of a member is known at its end.
        for (const stream of streams) await stream.atEnd()
      } finally {
        for (const stream of streams) await stream.close()
      }
    }
  }
  return table
}

const nameOf = (table: Table, { column }: StoredArray): string => (table.format === 'npy' ? table.name : `${table.name}, "${column.name}"`)

function arrayOf(table: Table, arrays: readonly StoredArray[], { name, as }: Wanted): StoredArray {
  if (typeof name !== 'string') throw new WinnowError('BAD_INPUT', `${table.name}: vectors are one array of two dimensions here, not several columns.`)
  const column = columnOf(table, name)
  const array = arrays.find((one) => one.column === column) as StoredArray
  if (column.kind === 'other') throw new WinnowError('BAD_INPUT', `${nameOf(table, array)} has the shape (${array.header.shape.join(', ')}): one or two dimensions are needed.`)
  if (as === 'vector' ? column.kind !== 'vector' : column.kind === 'vector') {
    throw new WinnowError('BAD_INPUT', `${nameOf(table, array)} has the shape (${array.header.shape.join(', ')}): ${as === 'vector' ? 'vectors need two dimensions, rows x values' : 'one dimension is needed'}.`)
  }
  if (as === 'vector') checkDim(column.dim, nameOf(table, array))
  return array
}

/** The rows that all columns have. Throws CORRUPT where they differ. */
export function sameLength(name: string, columns: readonly TableColumn[]): number {
  const [first] = columns
  const other = columns.find(({ rows }) => rows !== first?.rows)
  if (first && other) throw new WinnowError('CORRUPT', `${name}: "${first.name}" has ${first.rows ?? '?'} rows and "${other.name}" has ${other.rows ?? '?'}. They belong together row by row; write the file again.`)
  return first?.rows ?? 0
}
