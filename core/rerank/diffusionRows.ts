import type { RankedLists } from '../domain/rankedLists.ts'
import type { SparseRows } from './sparseRows.ts'
import { type SolveOptions, TruncatedSolver } from './truncatedSolver.ts'

/** Sparse rows from..to of the offline result, as a thread hands them over. */
export interface RowBlock {
  readonly from: number
  readonly to: number
  /** Values of each row. */
  readonly counts: Int32Array
  readonly indices: Int32Array
  readonly values: Float32Array
}

/** The offline rows from..to: for each row f of its truncated sub-graph, at the ids of the sub-graph. Zeros are not kept. */
export function diffuseRows(graph: SparseRows, truncation: RankedLists, from: number, to: number, options: SolveOptions): RowBlock {
  const solver = new TruncatedSolver(graph, options)
  const counts = new Int32Array(to - from)
  let indices = new Int32Array(Math.max(1024, to - from))
  let values = new Float32Array(indices.length)
  let at = 0
  for (let row = from; row < to; row++) {
    const solution = solver.solve(truncation.indices.subarray(row * truncation.k, (row + 1) * truncation.k))
    if (at + solver.count > indices.length) {
      const length = Math.max(at + solver.count, indices.length * 2)
      const longer = new Int32Array(length)
      longer.set(indices.subarray(0, at))
      indices = longer
      const longerValues = new Float32Array(length)
      longerValues.set(values.subarray(0, at))
      values = longerValues
    }
    const before = at
    for (let i = 0; i < solver.count; i++) {
      const value = Math.fround(solution[i] as number)
      if (value === 0) continue
      indices[at] = solver.reached[i] as number
      values[at++] = value
    }
    counts[row - from] = at - before
  }
  return { from, to, counts, indices: indices.slice(0, at), values: values.slice(0, at) }
}

/** Blocks that cover all rows, in any order, as one matrix. */
export function joinBlocks(blocks: readonly RowBlock[], rows: number): SparseRows {
  const starts = new Float64Array(rows + 1)
  for (const { from, counts } of blocks) counts.forEach((count, i) => void (starts[from + i + 1] = count))
  for (let row = 0; row < rows; row++) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number)
  const indices = new Int32Array(starts[rows] as number)
  const values = new Float32Array(starts[rows] as number)
  for (const block of blocks) {
    indices.set(block.indices, starts[block.from])
    values.set(block.values, starts[block.from])
  }
  return { rows, columns: rows, starts, indices, values }
}
