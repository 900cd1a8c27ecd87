/**
 * For each query row its best gallery rows: `indices[q * k + rank]` is a row of the gallery (-1 where there are fewer), best first;
 * `scores` beside them, higher is better (0 beside -1). Equal scores stand in the order of the smaller index.
 */
export interface RankedLists {
  readonly queries: number
  readonly k: number
  readonly indices: Int32Array
  readonly scores: Float32Array
}

/** Lists without entries, to be filled. */
export const emptyLists = (queries: number, k: number): RankedLists =>
  ({ queries, k, indices: new Int32Array(queries * k).fill(-1), scores: new Float32Array(queries * k) })
