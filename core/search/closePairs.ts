import type { EdgeCollector } from './edgeCollector.ts'
import { eachList } from './neighbours.ts'
import { RowScorer } from './rowScorer.ts'
import type { VectorIndex } from './vectorIndex.ts'
import type { VectorRows } from './vectorRows.ts'

/** Neighbours looked up first. A row whose last one is still above the floor is searched again by radius, so that big groups are whole. */
const firstNeighbours = 32

/**
 * All pairs (row, later row) of similarity >= the collector's floor, for the rows [from, to) of the index's own references. Where a search
 * by radius is cheap it is used at once (and only looks at later rows: half the work); elsewhere k nearest come first, then the radius for
 * the rows that need it.
 */
export async function closePairs(index: VectorIndex, references: VectorRows, from: number, to: number, collector: EdgeCollector, signal: AbortSignal): Promise<void> {
  const n = to - from
  if (n <= 0) return
  const matrix = await references.read(from, n)
  const lowest = collector.floor - 2 * index.tolerance
  const floorOf = (): number => collector.floor - 2 * index.tolerance
  const { imageIds } = references.source
  const scorer = await RowScorer.for(references, matrix, new Int32Array(0))
  const collect = (candidates: Int32Array, row: number): void => {
    scorer.begin(row)
    for (const candidate of candidates) {
      if (candidate > from + row) collector.add(imageIds[from + row] as number, imageIds[candidate] as number, scorer.score(candidate))
    }
  }
  let again = Array.from({ length: n }, (_, row) => row)
  if (!index.withinIsCheap) {
    const proposed = await index.nearest(matrix, n, firstNeighbours + 1, signal)
    await scorer.prepare(proposed.indices)
    again = []
    for (let row = 0; row < n; row++) {
      if ((proposed.bounds[row] as number) >= lowest) again.push(row)
      else collect(proposed.indices.subarray(row * proposed.count, (row + 1) * proposed.count), row)
    }
  }
  await eachList(index, references, matrix, again, floorOf, from, signal, async (lists, rows) => {
    await scorer.prepare(lists.indices)
    for (const [position, row] of rows.entries()) collect(lists.indices.subarray(lists.starts[position], lists.starts[position + 1]), row)
  })
}
