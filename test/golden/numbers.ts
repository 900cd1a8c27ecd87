import { type Matrix, matrixOf } from '../../core/domain/matrix.ts'

/** The greatest absolute difference of two equally long lists; Infinity where their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}

/**
 * Where two orders differ though they need not: "place i: x, not y". Those that score the same within `slack` may stand in any order, because sorts of
 * the originals are not stable (NumPy's and pandas' quicksort, faiss) and their last float32 place decides between near ties.
 */
export function orderDifferences<T>(found: readonly T[], wanted: readonly T[], scoreOf: (item: T) => number, slack = 1e-6): string[] {
  const wrong = found.length === wanted.length ? [] : [`${found.length} items, not ${wanted.length}`]
  for (const [place, item] of wanted.entries()) {
    const ours = found[place]
    if (ours !== undefined && ours !== item && !(Math.abs(scoreOf(ours) - scoreOf(item)) <= slack)) wrong.push(`place ${place}: ${String(ours)}, not ${String(item)}`)
  }
  return wrong
}

/** The rows of two matrices that differ by more than 1e-5 somewhere, but for those whose neighbours are open. */
export function rowDifferences(found: Matrix, wanted: readonly (readonly number[])[], open: ReadonlySet<number>): string[] {
  if (found.rows !== wanted.length) return [`${found.rows} rows, not ${wanted.length}`]
  return wanted.flatMap((row, i) => {
    const difference = largestDifference(found.data.subarray(i * found.dim, (i + 1) * found.dim), row)
    return difference < 1e-5 || open.has(i) ? [] : [`row ${i} by ${difference}`]
  })
}

/** Rows of numbers as a matrix. */
export const matrixFrom = (rows: readonly (readonly number[])[]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
