import { WinnowError } from '../domain/errors.ts'
import { faissHeader } from './flatVectors.ts'
import { idsPathOf } from './idsPath.ts'
import { npyHeader } from './npyHeader.ts'
import { outBlocks, type OutColumn } from './outTable.ts'
import { writeCsv } from './writeCsv.ts'
import { writeHdf5 } from './writeHdf5.ts'
import { writeNpz } from './writeNpz.ts'
import { writeParquet } from './writeParquet.ts'
import { writeWhole, type PartFile } from './wholeFile.ts'

export type VectorFormat = 'npy' | 'npz' | 'hdf5' | 'parquet' | 'csv' | 'faiss'

export interface OutVectors {
  readonly rows: number
  readonly dim: number
  readonly ids: (from: number, count: number) => Promise<readonly string[]>
  readonly values: (from: number, count: number) => Promise<Float32Array>
  /** Further columns of as many rows, which go where the ids go. */
  readonly beside?: readonly OutColumn[]
}

/**
 * Writes vectors with their ids: npz, HDF5 and Parquet hold both (`embeddings`, `ids`); npy and faiss hold the vectors and a file
 * STEM.ids.csv beside them the ids, in the same order, which is found again when the vectors are read. Each file is whole or not there.
 * Returns the files. Throws BAD_INPUT where there is nothing to write.
 */
export async function writeVectorsAs(path: string, format: VectorFormat, { rows, dim, ids, values, beside = [] }: OutVectors): Promise<string[]> {
  if (rows === 0) throw new WinnowError('BAD_INPUT', 'There are no vectors: there is nothing to write.')
  const idColumn: OutColumn = { kind: 'text', name: 'ids', values: ids }
  const vectors: OutColumn = { kind: 'vector', name: 'embeddings', dim, values }
  switch (format) {
    case 'npz': await writeNpz(path, { rows, columns: [vectors, idColumn, ...beside] }); return [path]
    case 'hdf5': await writeHdf5(path, [{ rows, columns: [vectors, idColumn, ...beside] }]); return [path]
    case 'parquet': await writeParquet(path, { rows, columns: [{ ...idColumn, name: 'id' }, ...beside, { ...vectors, name: 'embedding' }] }); return [path]
    case 'csv': await writeCsv(path, { rows, columns: [{ ...idColumn, name: 'id' }, ...beside, { ...vectors, name: 'v' }] }); return [path]
    case 'npy':
    case 'faiss': {
      const idsPath = idsPathOf(path)
      // The ids first: vectors without them would be of no use.
      await writeCsv(idsPath, { rows, columns: [{ ...idColumn, name: 'id' }, ...beside] })
      await writeWhole(path, async (file) => await writeRaw(file, format === 'npy' ? npyHeader('<f4', [rows, dim]) : faissHeader(rows, dim), { rows, dim, ids, values }))
      return [path, idsPath]
    }
  }
}

async function writeRaw(file: PartFile, header: Uint8Array, { rows, dim, values }: OutVectors): Promise<void> {
  await file.write(header)
  for (const { from, count } of outBlocks(rows, dim)) {
    const block = await values(from, count)
    await file.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
  }
}
