/** A table on its way into a file: columns that are asked for block by block, in order, so that it is never in memory as a whole. */
export type OutColumn =
  | { readonly kind: 'text'; readonly name: string; readonly values: (from: number, count: number) => Promise<readonly string[]> }
  | { readonly kind: 'number'; readonly name: string; readonly dtype: '<f4' | '<f8' | '<i4'; readonly values: (from: number, count: number) => Promise<Float32Array | Float64Array | Int32Array> }
  | { readonly kind: 'vector'; readonly name: string; readonly dim: number; readonly values: (from: number, count: number) => Promise<Float32Array> }

export interface OutTable {
  readonly rows: number
  readonly columns: readonly OutColumn[]
}

const blockValues = 2 ** 20

/** [from, count) of all rows, in blocks of about a million values. */
export function* outBlocks(rows: number, rowValues = 1): Generator<{ from: number; count: number }> {
  const each = Math.max(1, Math.floor(blockValues / Math.max(1, rowValues)))
  for (let from = 0; from < rows; from += each) yield { from, count: Math.min(each, rows - from) }
}

/** UTF-8 bytes of the longest string of a column, at least 1: formats with strings of a fixed length need it before the first. */
export async function longestText(column: Extract<OutColumn, { kind: 'text' }>, rows: number): Promise<{ bytes: number; ascii: boolean }> {
  let bytes = 1
  let ascii = true
  for (const { from, count } of outBlocks(rows, 16)) {
    for (const text of await column.values(from, count)) {
      const length = Buffer.byteLength(text)
      if (length > bytes) bytes = length
      if (length !== text.length) ascii = false
    }
  }
  return { bytes, ascii }
}

/** Columns whose values are at hand. */
export const textColumn = (name: string, texts: readonly string[]): OutColumn => ({ kind: 'text', name, values: async (from, count) => texts.slice(from, from + count) })
export const numberColumn = (name: string, values: Float32Array | Float64Array | Int32Array): OutColumn =>
  ({ kind: 'number', name, dtype: values instanceof Float32Array ? '<f4' : values instanceof Float64Array ? '<f8' : '<i4', values: async (from, count) => values.subarray(from, from + count) })
export const vectorColumn = (name: string, data: Float32Array, dim: number): OutColumn =>
  ({ kind: 'vector', name, dim, values: async (from, count) => data.subarray(from * dim, (from + count) * dim) })
