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
