import { WinnowError } from '../domain/errors.ts'
import { openNpyTable, openNpzTable } from './arrayTables.ts'
import { openCsv } from './csvTable.ts'
import { openFaiss, openRawFloats } from './flatVectors.ts'
import type { Table, TableFormat } from './table.ts'
import { openForeign } from './wholeFile.ts'

const marks: readonly (readonly [TableFormat, string])[] = [
  ['npy', '\u0093NUMPY'], ['npz', 'PK\u0003\u0004'], ['npz', 'PK\u0005\u0006'], ['hdf5', '\u0089HDF\r\n\u001a\n'], ['parquet', 'PAR1'],
  ['faiss', 'IxFI'], ['faiss', 'IxF2'], ['faiss', 'IxFl'], ['faiss', 'IxMp'], ['faiss', 'IxM2']
]
const endings: Readonly<Record<string, TableFormat>> = { csv: 'csv', tsv: 'csv', txt: 'csv', npy: 'npy', npz: 'npz', h5: 'hdf5', hdf5: 'hdf5', parquet: 'parquet', pq: 'parquet', faiss: 'faiss', index: 'faiss', dat: 'raw', bin: 'raw', f32: 'raw' }

/** What a file is: by its first bytes where they tell, else by its name. Throws NOT_FOUND, or BAD_INPUT for what is none of ours. */
export async function tableFormat(path: string): Promise<TableFormat> {
  const { handle, size, name } = await openForeign(path)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0)
    const start = buffer.toString('latin1', 0, bytesRead)
    const marked = marks.find(([, mark]) => start.startsWith(mark))
    if (marked) return marked[0]
    // HDF5 allows a block of the user's own before its mark, of 512 bytes or a power of two times as many.
    for (let at = 512; at + 8 <= size && at <= 2 ** 20; at *= 2) {
      await handle.read(buffer, 0, 8, at)
      if (buffer.toString('latin1') === '\u0089HDF\r\n\u001a\n') return 'hdf5'
    }
    const ending = endings[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
    if (ending) return ending
    throw new WinnowError('BAD_INPUT', `${name} is none of the files that can be read here: CSV, npy, npz, HDF5, Parquet, a flat faiss index, or raw float32 (.dat, .bin).`)
  } finally {
    await handle.close()
  }
}

export interface OpenOptions {
  readonly format?: TableFormat | undefined
  /** Length of a vector, for raw floats. */
  readonly dim?: number | undefined
}

/** Opens any file with rows. In a thread of its own: HDF5 and Parquet work in long synchronous strides. Throws what the format's reader throws. */
export async function openTable(path: string, { format, dim }: OpenOptions = {}): Promise<Table> {
  switch (format ?? (await tableFormat(path))) {
    case 'csv': return await openCsv(path)
    case 'npy': return await openNpyTable(path)
    case 'npz': return await openNpzTable(path)
    case 'hdf5': return await (await import('./hdf5Table.ts')).openHdf5(path)
    case 'parquet': return await (await import('./parquetTable.ts')).openParquet(path)
    case 'faiss': return await openFaiss(path)
    case 'raw':
      if (dim === undefined) throw new WinnowError('BAD_INPUT', `${path} holds raw floats without a header: say how many values a vector has (dim).`)
      return await openRawFloats(path, dim)
  }
}
