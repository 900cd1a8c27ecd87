import { type Matrix, normaliseRows } from '../domain/matrix.ts'

export interface KeyedRows {
  /** Rows of equal key are views of the same thing. */
  readonly keys: Float64Array
  readonly matrix: Matrix
}

export interface Averaged {
  /** Ascending. */
  readonly keys: Float64Array
  readonly matrix: Matrix
  /** How many rows each is the mean of. */
  readonly counts: Int32Array
}

/**
 * The mean of all rows of each key, over all inputs: scales, flips and degraded views of one picture as one descriptor. As they come (scales
 * of lyakaap/Landmark2019, averaged before any normalisation) or each of unit length first (`normaliseEach`; lyakaap/ISC21's test-time views).
 * `normalise`: the means are scaled to length 1. All inputs have the same dim.
 */
export function averageRows(inputs: readonly KeyedRows[], { normaliseEach, normalise }: { normaliseEach: boolean; normalise: boolean }): Averaged {
  const dim = inputs[0]?.matrix.dim ?? 1
  const all = inputs.flatMap(({ keys }) => [...keys])
  const keys = Float64Array.from(new Set(all)).sort()
  const rowOf = new Map(Array.from(keys, (key, row) => [key, row] as const))
  const sums = new Float64Array(keys.length * dim)
  const counts = new Int32Array(keys.length)
  for (const { keys: own, matrix } of inputs) {
    for (let row = 0; row < own.length; row++) {
      const into = rowOf.get(own[row] as number) as number
      counts[into] = (counts[into] as number) + 1
      add(sums, into * dim, matrix, row, normaliseEach)
    }
  }
  const data = new Float32Array(sums.length)
  for (let i = 0; i < data.length; i++) data[i] = (sums[i] as number) / (counts[Math.floor(i / dim)] as number)
  if (normalise) normaliseRows(data, dim)
  return { keys, matrix: { rows: keys.length, dim, data }, counts }
}

function add(sums: Float64Array, at: number, { dim, data }: Matrix, row: number, normalise: boolean): void {
  let factor = 1
  if (normalise) {
    let squares = 0
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += (data[i] as number) ** 2
    if (squares > 0) factor = 1 / Math.sqrt(squares)
  }
  for (let d = 0; d < dim; d++) sums[at + d] = (sums[at + d] as number) + (data[row * dim + d] as number) * factor
}
