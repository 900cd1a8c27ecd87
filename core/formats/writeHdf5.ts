import type { Dataset, File as Hdf5File } from 'h5wasm/node'
import { WinnowError } from '../domain/errors.ts'
import { loadHdf5 } from './hdf5Library.ts'
import { longestText, outBlocks, type OutColumn, type OutTable } from './outTable.ts'
import { writeWhole } from './wholeFile.ts'

/**
 * Writes tables as datasets of one HDF5 file, each column under its own name, text as strings of a fixed length (ASCII where it is, so that
 * h5py gives `|S n`). Each table may have another number of rows. Whole or not at all. Works in synchronous strides: call it in a thread.
 */
export async function writeHdf5(path: string, tables: readonly OutTable[]): Promise<void> {
  const hdf5 = await loadHdf5()
  await writeWhole(path, async (file) => {
    const target = new hdf5.File(file.partPath, 'w')
    try {
      for (const { rows, columns } of tables) for (const column of columns) await writeDataset(target, column, rows)
      target.flush()
    } finally {
      target.close()
    }
  })
}

async function writeDataset(file: Hdf5File, column: OutColumn, rows: number): Promise<void> {
  const { name } = column
  const width = column.kind === 'vector' ? column.dim : 1
  const dtype = column.kind === 'text' ? await textType(column, rows) : column.kind === 'vector' ? '<f' : ({ '<f4': '<f', '<f8': '<d', '<i4': '<i' } as const)[column.dtype]
  const shape = (count: number): number[] => (column.kind === 'vector' ? [count, width] : [count])
  let dataset: Dataset | null = null
  for (const { from, count } of outBlocks(rows, Math.max(width, 16))) {
    const data = (await column.values(from, count)) as Float32Array | string[]
    if (dataset === null) {
      // One block is stored in one piece, as h5py does; more grow in chunks.
      const growing = count < rows ? { maxshape: column.kind === 'vector' ? [null, width] : [null], chunks: shape(Math.max(1, Math.min(count, Math.floor(2 ** 16 / width)))) } : {}
      dataset = file.create_dataset({ name, data, shape: shape(count), dtype, ...growing })
    } else {
      dataset.resize(shape(from + count))
      dataset.write_slice([[from, from + count], ...(column.kind === 'vector' ? [[0, width] as [number, number]] : [])], data)
    }
  }
  if (dataset === null) throw new WinnowError('BAD_INPUT', `"${name}" has no rows: there is nothing to write.`)
}

async function textType(column: Extract<OutColumn, { kind: 'text' }>, rows: number): Promise<string> {
  const { bytes, ascii } = await longestText(column, rows)
  return `${ascii ? 'A' : 'S'}${bytes}`
}
