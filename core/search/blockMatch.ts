import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import { bestPairs, inOrder, type RowPairs } from './bestPairs.ts'
import type { Blas } from './blas.ts'
import { rowBlocks, type RowReader, rowsWithin } from './rowReader.ts'

export interface BlockMatchOptions {
  /** As for Blas.nearest: pairs with the same number are passed over. */
  readonly exclude?: { readonly queries: Int32Array; readonly references: Int32Array }
  readonly signal?: AbortSignal
  /** Called with the share that is done, 0..1. */
  readonly progress?: (share: number) => void
  /** Rows held at once of each side; by default what fills some memory. */
  readonly held?: { readonly queries: number; readonly references: number }
}

const queryRows = 8192
const referenceBytes = 2 * 2 ** 30

const heldOf = (references: RowReader, held: BlockMatchOptions['held']): { queries: number; references: number } =>
  held ?? { queries: queryRows, references: rowsWithin(referenceBytes, references.dim) }

/** Blas.nearest over sides that need not fit in memory: references in large blocks, queries in small ones; the same answer. */
export async function nearestInBlocks(queries: RowReader, references: RowReader, k: number, { exclude, signal, progress, held }: BlockMatchOptions, blas: Blas): Promise<RankedLists> {
  const lists = emptyLists(queries.rows, k)
  const most = heldOf(references, held)
  for await (const { from: fromB, matrix: b } of rowBlocks(references, most.references)) {
    for await (const { from: fromA, matrix: a } of rowBlocks(queries, most.queries)) {
      const found = await blas.nearest(a, b, k, { ...(signal ? { signal } : {}), ...(exclude ? { exclude: { queries: exclude.queries.subarray(fromA, fromA + a.rows), references: exclude.references.subarray(fromB, fromB + b.rows) } } : {}) })
      mergeLists(lists, fromA, found, fromB)
      progress?.((fromB + (b.rows * (fromA + a.rows)) / queries.rows) / references.rows)
    }
  }
  return lists
}

/** Joins lists over later references into those over earlier ones, in place: of equal scores the earlier reference stays before. */
function mergeLists(lists: RankedLists, fromQuery: number, found: RankedLists, fromReference: number): void {
  const { k } = lists
  const indices = new Int32Array(k)
  const scores = new Float32Array(k)
  for (let query = 0; query < found.queries; query++) {
    const at = (fromQuery + query) * k
    let x = at
    let y = query * k
    for (let rank = 0; rank < k; rank++) {
      const hasX = x < at + k && (lists.indices[x] as number) >= 0
      const hasY = y < (query + 1) * k && (found.indices[y] as number) >= 0
      if (hasX && (!hasY || (lists.scores[x] as number) >= (found.scores[y] as number))) {
        indices[rank] = lists.indices[x] as number
        scores[rank] = lists.scores[x++] as number
      } else if (hasY) {
        indices[rank] = (found.indices[y] as number) + fromReference
        scores[rank] = found.scores[y++] as number
      } else {
        indices[rank] = -1
        scores[rank] = 0
      }
    }
    lists.indices.set(indices, at)
    lists.scores.set(scores, at)
  }
}

export interface BlockPairsOptions extends BlockMatchOptions {
  readonly offsets?: Float32Array
  readonly once?: boolean
}

/** bestPairs over sides that need not fit in memory; the same answer. */
export async function bestPairsInBlocks(queries: RowReader, references: RowReader, most: number, { offsets, once = false, exclude, signal, progress, held }: BlockPairsOptions, blas: Blas): Promise<RowPairs> {
  const size = heldOf(references, held)
  let best: RowPairs = { queries: new Int32Array(0), references: new Int32Array(0), scores: new Float32Array(0) }
  // Large blocks of queries too: each pair of blocks gathers `most` pairs of its own.
  const queryBlock = held?.queries ?? Math.max(queryRows, rowsWithin(referenceBytes / 4, queries.dim))
  for await (const { from: fromB, matrix: b } of rowBlocks(references, size.references)) {
    for await (const { from: fromA, matrix: a } of rowBlocks(queries, queryBlock)) {
      const share = (part: number): number => (fromB + (b.rows * (fromA + a.rows * part)) / queries.rows) / references.rows
      if (once && fromB + b.rows <= fromA) continue
      const found = await bestPairs(a, b, most, {
        ...(signal ? { signal } : {}),
        ...(offsets ? { offsets: offsets.subarray(fromA, fromA + a.rows) } : {}),
        ...(exclude ? { exclude: { queries: exclude.queries.subarray(fromA, fromA + a.rows), references: exclude.references.subarray(fromB, fromB + b.rows) } } : {}),
        ...(once ? { once: fromA - fromB } : {}),
        ...(progress ? { progress: (part: number) => progress(share(part)) } : {})
      }, blas)
      best = joinPairs(best, found, fromA, fromB, most)
    }
  }
  return best
}

function joinPairs(best: RowPairs, found: RowPairs, fromA: number, fromB: number, most: number): RowPairs {
  const length = best.scores.length + found.scores.length
  const joined: RowPairs = { queries: new Int32Array(length), references: new Int32Array(length), scores: new Float32Array(length) }
  joined.queries.set(best.queries)
  joined.references.set(best.references)
  joined.scores.set(best.scores)
  const at = best.scores.length
  for (let i = 0; i < found.scores.length; i++) {
    joined.queries[at + i] = (found.queries[i] as number) + fromA
    joined.references[at + i] = (found.references[i] as number) + fromB
  }
  joined.scores.set(found.scores, at)
  return at === 0 ? joined : inOrder(joined, most)
}
