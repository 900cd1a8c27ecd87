import type { ProductBlock } from '../../../core/search/blas.ts'

/** A table of scores cut into blocks of at most this many rows and columns, as a product comes. */
export function* blocksOf(scores: readonly (readonly number[])[], rowsAtOnce: number, columnsAtOnce: number): Generator<ProductBlock> {
  const columns = scores[0]?.length ?? 0
  for (let fromA = 0; fromA < scores.length; fromA += rowsAtOnce) {
    const some = scores.slice(fromA, fromA + rowsAtOnce)
    for (let fromB = 0; fromB < columns; fromB += columnsAtOnce) {
      const width = Math.min(columnsAtOnce, columns - fromB)
      yield { values: Float32Array.from(some.flatMap((row) => row.slice(fromB, fromB + width))), fromA, rows: some.length, fromB, columns: width }
    }
  }
}
