import type { SchemaElement } from 'hyparquet'
import type { OutColumn, OutTable } from './outTable.ts'
import { writeWhole } from './wholeFile.ts'

/** Values of a row group: lists become plain arrays on their way. */
const groupValues = 2 ** 22
const groupRows = 100_000

/** Writes a table as Parquet (Snappy): text, numbers, and vectors as lists of float32. Whole or not at all. Works in synchronous strides: call it in a thread. */
export async function writeParquet(path: string, { rows, columns }: OutTable): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  await writeWhole(path, async (file) => {
    const writer = Object.assign(new ByteWriter(), {
      async flush(): Promise<void> {
        await file.write(new Uint8Array(writer.buffer, 0, writer.index))
        writer.index = 0
      }
    })
    const parquet = new ParquetWriter({ writer, schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)], createdBy: 'Winnow' })
    const width = columns.reduce((sum, one) => sum + (one.kind === 'vector' ? one.dim : 1), 0)
    const each = Math.max(1, Math.min(groupRows, Math.floor(groupValues / Math.max(1, width))))
    for (let from = 0; from < rows; from += each) {
      const count = Math.min(each, rows - from)
      const columnData = []
      for (const column of columns) columnData.push({ name: column.name, data: await dataOf(column, from, count) })
      await parquet.write({ columnData, rowGroupSize: count })
    }
    await parquet.finish()
    await writer.flush()
  })
}

function elementsOf(column: OutColumn): SchemaElement[] {
  const { name } = column
  if (column.kind === 'text') return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }]
  if (column.kind === 'number') return [{ name, type: ({ '<f4': 'FLOAT', '<f8': 'DOUBLE', '<i4': 'INT32' } as const)[column.dtype], repetition_type: 'REQUIRED' }]
  return [
    { name, converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' }
  ]
}

async function dataOf(column: OutColumn, from: number, count: number): Promise<(string | number | number[])[]> {
  if (column.kind === 'text') return [...(await column.values(from, count))]
  const values = await column.values(from, count)
  if (column.kind === 'number') return Array.from(values)
  return Array.from({ length: count }, (_, row) => Array.from(values.subarray(row * column.dim, (row + 1) * column.dim)))
}
