import type { FileHandle } from 'node:fs/promises'
import { WinnowError } from '../domain/errors.ts'
import { blockBytes, checkDim, columnOf, rowPlace, type Table, type TableBlock, type TableColumn } from './table.ts'
import { openForeign, readFully } from './wholeFile.ts'

const flatHeaderBytes = 45

/** The header of faiss's flat index (faiss/impl/index_write.cpp): IxFI searches by inner product, IxF2 by squared L2. */
export function faissHeader(rows: number, dim: number, metric: 'ip' | 'l2' = 'ip'): Uint8Array {
  const header = Buffer.alloc(flatHeaderBytes)
  header.write(metric === 'ip' ? 'IxFI' : 'IxF2', 0, 'latin1')
  header.writeInt32LE(dim, 4)
  header.writeBigInt64LE(BigInt(rows), 8)
  // Two fields that faiss no longer uses and always fills like this.
  header.writeBigInt64LE(1n << 20n, 16)
  header.writeBigInt64LE(1n << 20n, 24)
  header.writeUInt8(1, 32) // is_trained
  header.writeInt32LE(metric === 'ip' ? 0 : 1, 33)
  header.writeBigUInt64LE(BigInt(rows) * BigInt(dim), 37)
  return header
}

/**
 * A faiss flat index file (IxFI, IxF2, IxFl, also within an id map IxMp or IxM2) as a table with the column "vectors", and "ids" where there
 * is a map. Throws CORRUPT where sizes do not agree, BAD_INPUT for another kind of index (its vectors are not all there).
 */
export async function openFaiss(path: string): Promise<Table> {
  const { handle, size, name } = await openForeign(path)
  try {
    const head = Buffer.alloc(Math.min(size, 128))
    await readFully(handle, head, 0, name)
    const mapped = isMap(head)
    const at = mapped ? indexHeader(head, 0, name).bytes : 0
    const flat = indexHeader(head, at, name)
    if (!['IxFI', 'IxF2', 'IxFl'].includes(flat.kind)) throw new WinnowError('BAD_INPUT', `${name} is a faiss index of kind "${flat.kind}". Only flat indexes keep every vector as it was: write IndexFlatIP or IndexFlatL2.`)
    if (at + flat.bytes + 8 > head.length) throw short(name)
    const floats = head.readBigUInt64LE(at + flat.bytes)
    const from = at + flat.bytes + 8
    if (floats !== BigInt(flat.rows) * BigInt(flat.dim)) throw new WinnowError('CORRUPT', `${name} says that it holds ${flat.rows} vectors of ${flat.dim} values and ${floats} values in all. It is damaged; write it again.`)
    const end = from + flat.rows * flat.dim * 4
    const whole = end + (mapped ? 8 + flat.rows * 8 : 0)
    if (size < whole) throw short(name)
    if (size > whole) throw new WinnowError('CORRUPT', `${name} is ${size} bytes long where its ${flat.rows} vectors of ${flat.dim} values need ${whole}. It is damaged; write it again.`)
    if (mapped) {
      const count = Buffer.alloc(8)
      await readFully(handle, count, end, name)
      if (count.readBigUInt64LE() !== BigInt(flat.rows)) throw new WinnowError('CORRUPT', `${name} maps ${count.readBigUInt64LE()} ids to ${flat.rows} vectors. It is damaged; write it again.`)
    }
    return rowsTable({ handle, name, format: 'faiss', vectorsAt: from, dim: flat.dim, rows: flat.rows, idsAt: mapped ? end + 8 : null })
  } catch (error) {
    await handle.close()
    throw error
  }
}

const isMap = (head: Buffer): boolean => ['IxMp', 'IxM2'].includes(head.toString('latin1', 0, 4))
const short = (name: string): WinnowError => new WinnowError('CORRUPT', `${name} is cut short: it ends before all of its vectors. Get or write it again.`)

function indexHeader(head: Buffer, at: number, name: string): { kind: string; dim: number; rows: number; bytes: number } {
  if (at + 37 > head.length) throw short(name)
  const rows = head.readBigInt64LE(at + 8)
  const dim = head.readInt32LE(at + 4)
  if (rows < 0n || rows > 2n ** 40n) throw new WinnowError('CORRUPT', `${name} says that it holds ${rows} vectors. It is damaged; write it again.`)
  // Metrics besides inner product and L2 carry an argument.
  return { kind: head.toString('latin1', at, at + 4), dim: checkDim(dim, name), rows: Number(rows), bytes: head.readInt32LE(at + 33) > 1 ? 41 : 37 }
}

/** Raw float32 without a header, row after row (fastdup's atrain_features.dat). `dim` must be known. Throws CORRUPT where the file is not whole rows. */
export async function openRawFloats(path: string, dim: number): Promise<Table> {
  const { handle, size, name } = await openForeign(path)
  try {
    checkDim(dim, name)
    if (size % (dim * 4) !== 0) throw new WinnowError('CORRUPT', `${name} is ${size} bytes long, which is not whole vectors of ${dim} float32. It was cut short, or its vectors have another length.`)
    return rowsTable({ handle, name, format: 'raw', vectorsAt: 0, dim, rows: size / dim / 4, idsAt: null })
  } catch (error) {
    await handle.close()
    throw error
  }
}

function rowsTable({ handle, name, format, vectorsAt, dim, rows, idsAt }: { handle: FileHandle; name: string; format: 'faiss' | 'raw'; vectorsAt: number; dim: number; rows: number; idsAt: number | null }): Table {
  const columns: TableColumn[] = [{ name: 'vectors', kind: 'vector', dim, rows }, ...(idsAt === null ? [] : [{ name: 'ids', kind: 'integer', dim: 1, rows } as const])]
  const table: Table = {
    name, format, columns,
    close: () => handle.close(),
    async *blocks(wanted, signal) {
      for (const one of wanted) {
        const column = columnOf(table, String(one.name))
        if ((column.kind === 'vector') !== (one.as === 'vector')) throw new WinnowError('BAD_INPUT', `${name}: "${column.name}" is ${column.kind === 'vector' ? 'vectors' : 'ids'}.`)
      }
      const each = Math.max(1, Math.floor(blockBytes / (dim * 4)))
      for (let first = 0; first < rows; first += each) {
        signal?.throwIfAborted()
        const count = Math.min(each, rows - first)
        const values: TableBlock['values'][number][] = []
        for (const { as, name: title } of wanted) {
          const isIds = title === 'ids'
          const bytes = new Uint8Array(count * (isIds ? 8 : dim * 4))
          await readFully(handle, bytes, isIds ? (idsAt as number) + first * 8 : vectorsAt + first * dim * 4, name)
          if (!isIds) values.push(new Float32Array(bytes.buffer))
          else values.push(as === 'number' ? Float64Array.from(new BigInt64Array(bytes.buffer), Number) : Array.from(new BigInt64Array(bytes.buffer), String))
        }
        yield { first, rows: count, values, place: rowPlace(first) }
      }
    }
  }
  return table
}
