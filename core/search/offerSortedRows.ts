import type { CandidateHeap } from './candidateHeap.ts'

/** Where a block of TopK results belongs: rows [first, first + rows) of the heap, columns counted from reference `from`. */
export interface SortedRows {
  readonly first: number
  readonly rows: number
  readonly k: number
  readonly from: number
}

/** Offers the k greatest of each row of a block, sorted greatest first, to the heap of its query. */
export function offerSortedRows(heap: CandidateHeap, { first, rows, k, from }: SortedRows, values: Float32Array, columns: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    for (let rank = 0; rank < k; rank++) {
      const value = values[row * k + rank] as number
      // Sorted, greatest first: once one is refused, so are the rest.
      if (!heap.takes(first + row, value)) break
      heap.offer(first + row, from + (columns[row * k + rank] as number), value)
    }
  }
}
