import type { RankedLists } from '../domain/rankedLists.ts'
import { SparseBuilder } from './sparseBuilder.ts'
import type { SparseRows } from './sparseRows.ts'
import { type SolveOptions, TruncatedSolver } from './truncatedSolver.ts'

/** Rows of the offline result from row `from` on. */
export interface RowBlock {
  readonly from: number
  readonly block: SparseRows
}

/** The offline rows from..to: for each row f of its truncated sub-graph, at the ids of the sub-graph. Zeros are not kept. */
export function diffuseRows(graph: SparseRows, truncation: RankedLists, from: number, to: number, options: SolveOptions): RowBlock {
  const solver = new TruncatedSolver(graph, options)
  const builder = new SparseBuilder(to - from, graph.rows)
  for (let row = from; row < to; row++) {
    const solution = solver.solve(truncation.indices.subarray(row * truncation.k, (row + 1) * truncation.k))
    for (let i = 0; i < solver.count; i++) if (Math.fround(solution[i] as number) !== 0) builder.add(solver.reached[i] as number, solution[i] as number)
    builder.endRow()
  }
  return { from, block: builder.finish() }
}

/** Blocks that cover all rows, in any order, as one matrix. */
export function joinBlocks(blocks: readonly RowBlock[], rows: number): SparseRows {
  const ordered = blocks.toSorted((a, b) => a.from - b.from)
  const starts = new Float64Array(rows + 1)
  const total = ordered.reduce((sum, { block }) => sum + block.indices.length, 0)
  const indices = new Int32Array(total)
  const values = new Float32Array(total)
  let at = 0
  for (const { from, block } of ordered) {
    indices.set(block.indices, at)
    values.set(block.values, at)
    for (let row = 1; row <= block.rows; row++) starts[from + row] = at + (block.starts[row] as number)
    at += block.indices.length
  }
  return { rows, columns: rows, starts, indices, values }
}
