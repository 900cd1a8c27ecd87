import { type Matrix, matrixOf } from '../../core/domain/matrix.ts'

/** The greatest absolute difference of two equally long lists; Infinity where their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}

/** Rows of numbers as a matrix. */
export const matrixFrom = (rows: readonly (readonly number[])[]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
