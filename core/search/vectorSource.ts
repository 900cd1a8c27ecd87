/** Rows of one vectors file, and the image that each row describes: plain data that can be sent to a search process. */
export interface VectorSource {
  readonly file: string
  readonly dim: number
  readonly dtype: 'float32' | 'float16'
  /** Row numbers in the file, ascending. */
  readonly rows: Int32Array
  /** `imageIds[i]` is described by row `rows[i]`. */
  readonly imageIds: Int32Array
}

/** Rows [from, to) of a source. */
export const sliceSource = (source: VectorSource, from: number, to: number): VectorSource =>
  ({ ...source, rows: source.rows.slice(from, to), imageIds: source.imageIds.slice(from, to) })

/** Names a source by what it holds: the same rows of the same file give the same key. */
export function sourceKey({ file, dim, dtype, rows, imageIds }: VectorSource): string {
  let hash = 0x811c9dc5 | 0
  for (const list of [rows, imageIds]) for (let i = 0; i < list.length; i++) hash = Math.imul(hash ^ (list[i] as number), 0x01000193) ^ (hash >>> 13)
  return `${file}|${dim}|${dtype}|${rows.length}|${hash >>> 0}`
}
