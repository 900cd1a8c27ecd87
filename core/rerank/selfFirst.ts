import type { RankedLists } from '../domain/rankedLists.ts'

/**
 * Lists of row r's neighbours in a pool that holds r itself at `offset + r`, with r moved to the front. Where vectors are equal the smaller index
 * leads a list, so a copy may stand before the row or, with more copies than places, push it out; then the last of the list gives way.
 */
export function selfFirst(lists: RankedLists, offset: number): RankedLists {
  const { queries, k } = lists
  const indices = lists.indices.slice()
  const scores = lists.scores.slice()
  if (k === 0) return lists
  for (let row = 0; row < queries; row++) {
    const start = row * k
    const self = offset + row
    let at = start
    while (at < start + k - 1 && indices[at] !== self && indices[at] !== -1) at++
    const own = indices[at] === self ? (scores[at] as number) : (scores[start] as number)
    indices.copyWithin(start + 1, start, at)
    scores.copyWithin(start + 1, start, at)
    indices[start] = self
    scores[start] = own
  }
  return { queries, k, indices, scores }
}
