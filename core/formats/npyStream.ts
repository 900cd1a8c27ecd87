import { WinnowError } from '../domain/errors.ts'
import type { ByteStream } from './byteStream.ts'
import { asFloat32, asFloat64, asText } from './numericValues.ts'
import { npyHeaderBytes, readNpyHeader, type NpyHeader } from './npyHeader.ts'
import { valuesOf } from './npyValues.ts'
import type { TableColumn, Wanted } from './table.ts'

/** The header of an .npy file that comes as a stream of `size` bytes; the stream stands at the first value then. */
export async function headerFrom(stream: ByteStream, size: number, name: string): Promise<NpyHeader> {
  const start = await stream.take(Math.min(size, 12))
  const length = npyHeaderBytes(start, name)
  const rest = await stream.take(Math.max(0, Math.min(size, length) - start.length))
  if (start.length > length) throw new WinnowError('CORRUPT', `${name}: its .npy header is empty. The file is damaged.`)
  return readNpyHeader(Buffer.concat([start, rest]), size, name)
}

/** What an array is as a column: its first dimension are the rows; two dimensions are vectors, more are none. */
export function columnOfArray(name: string, { dtype, shape }: NpyHeader): TableColumn {
  const rows = shape[0] ?? 1
  const text = dtype.startsWith('|S') || dtype.startsWith('<U')
  if (shape.length === 2 && !text) return { name, kind: 'vector', dim: shape[1] as number, rows }
  if (shape.length !== 1) return { name, kind: 'other', dim: 0, rows }
  return { name, kind: text ? 'text' : dtype.startsWith('<f') ? 'number' : 'integer', dim: 1, rows }
}

/** Rows of an array as they are wanted. */
export async function takeRows(stream: ByteStream, header: NpyHeader, as: Wanted['as'], first: number, rows: number, name: string): Promise<string[] | Float64Array | Float32Array> {
  const perRow = header.shape.slice(1).reduce((product, one) => product * one, 1)
  const data = valuesOf(await stream.take(rows * perRow * header.itemBytes), header.dtype, name, first)
  return as === 'text' ? asText(data, name) : as === 'number' ? asFloat64(data, name) : asFloat32(data, name)
}
