import type { RankedLists } from '../domain/rankedLists.ts'
import { beforeScores } from '../rerank/beforeScores.ts'
import type { Lists } from './kinds.ts'
import { numberedLists, RowBook, type RowNames } from './namedRows.ts'

/** The scores that the entries of new lists had in old ones, whose queries may stand in another order or be missing (NaN). `book` numbers the references of the new lists. */
export function beforeByQuery(now: RankedLists, queries: RowNames, old: Lists, book: RowBook): Float32Array {
  const numbered = numberedLists(old, book)
  const rowOf = RowBook.of({ images: old.queries, parts: old.queryParts })
  const indices = new Int32Array(now.queries * old.k).fill(-1)
  const scores = new Float32Array(indices.length)
  for (let query = 0; query < now.queries; query++) {
    const row = rowOf.find(queries.images[query] as number, queries.parts[query] as number)
    if (row < 0) continue
    indices.set(numbered.indices.subarray(row * old.k, (row + 1) * old.k), query * old.k)
    scores.set(numbered.scores.subarray(row * old.k, (row + 1) * old.k), query * old.k)
  }
  return beforeScores(now, { queries: now.queries, k: old.k, indices, scores })
}
