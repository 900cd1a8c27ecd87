import { WinnowError } from '../domain/errors.ts'
import type { OutTable } from './outTable.ts'
import { writeCsv } from './writeCsv.ts'
import { writeHdf5 } from './writeHdf5.ts'
import { writeNpz } from './writeNpz.ts'
import { writeParquet } from './writeParquet.ts'

export type PlainFormat = 'csv' | 'parquet' | 'npz' | 'hdf5'

/** Writes any table of named columns, whole or not at all. Throws BAD_INPUT where it has no rows. */
export async function writeTable(path: string, format: PlainFormat, table: OutTable): Promise<void> {
  if (table.rows === 0) throw new WinnowError('BAD_INPUT', 'The result is empty: there is nothing to write.')
  switch (format) {
    case 'csv': return await writeCsv(path, table)
    case 'parquet': return await writeParquet(path, table)
    case 'npz': return await writeNpz(path, table)
    case 'hdf5': return await writeHdf5(path, [table])
  }
}

/** Texts of rows that are numbers into a lookup: `ids[i]` is called `names.get(ids[i])`. */
export const namedColumn = (name: string, ids: Int32Array, names: ReadonlyMap<number, string>) =>
  ({ kind: 'text', name, values: async (from: number, count: number) => Array.from(ids.subarray(from, from + count), (id) => names.get(id) ?? '') }) as const
