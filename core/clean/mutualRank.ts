import type { NeighbourPairs } from './pairColumns.ts'

/**
 * Mutual-kNN evidence, the cheap stand-in for counting inliers: for each pair the worse of its two ranks, i.e. the least m at which both images
 * are among each other's m nearest of the whole set; 0 where the other direction was not found at all. Small is strong. A planted stranger may
 * have the class among its neighbours, but nobody of the class has the stranger among theirs.
 *
 * A direction that `most` cut off counts as not found: its rank was worse than all that were kept. Pairs may stand in any order.
 * Memory: 8 bytes a pair.
 * After the reciprocal neighbours of Jegou et al. (CVPR 2007) and of Zhong et al. (k-reciprocal encoding, CVPR 2017).
 */
export function mutualRanks({ queries, references, ranks }: Pick<NeighbourPairs, 'queries' | 'references' | 'ranks'>): Int32Array {
  const rows = queries.reduce((most, row) => Math.max(most, row), -1) + 1
  // Pairs by query (counting sort): places[starts[q] .. starts[q + 1]] are the pairs that q asks in.
  const starts = new Int32Array(rows + 1)
  for (const query of queries) starts[query + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row] as number
  const next = starts.slice()
  const places = new Int32Array(queries.length)
  for (let i = 0; i < queries.length; i++) places[next[queries[i] as number]!++] = i
  return ranks.map((rank, i) => {
    const other = references[i] as number
    if (other >= rows) return 0
    for (let at = starts[other] as number; at < (starts[other + 1] as number); at++) {
      const back = places[at] as number
      if (references[back] === queries[i]) return Math.max(rank, ranks[back] as number)
    }
    return 0
  })
}
