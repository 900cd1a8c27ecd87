/** n queries with their nearest references, most similar first; -1 pads a row that ends early. */
export interface VoteNeighbours {
  readonly queries: Int32Array
  readonly width: number
  /** n x width image ids and cosines. */
  readonly imageIds: Int32Array
  readonly similarities: Float32Array
}

/** Who may vote. Arrays by image id are looked up beyond their end as 0. */
export interface Electorate {
  /** Image id -> 1 + place of its class in `classIds`; 0 for those who do not vote. */
  readonly classPlaceOf: Int32Array
  /** Image id -> its family of duplicates, from 1; 0 for an image that has none. */
  readonly familyOf: Int32Array
  readonly classIds: Int32Array
  /** Voters of each class, at least 1. */
  readonly classSizes: Int32Array
}

export interface VoteSettings {
  /** How many neighbours vote. */
  readonly k: number
  /** Cosine difference that takes a vote to 1/e. Greater than 0. */
  readonly temperature: number
  /** How many classes are kept. */
  readonly candidates: number
}

/** For each query up to `candidates` classes, best first. */
export interface Votes {
  readonly candidates: number
  /** n: how many neighbours voted (at most k), and how many classes are given. */
  readonly voters: Int32Array
  readonly counts: Int32Array
  /** n x candidates: class ids, shares of the vote (0..1; over all classes they sum to 1), and the nearest neighbour of each class. */
  readonly classIds: Int32Array
  readonly scores: Float64Array
  readonly nearestIds: Int32Array
  readonly nearestSimilarities: Float32Array
}

/**
 * Weighted k-nearest-neighbour vote. A neighbour of cosine c and class size s weighs exp((c - 1) / temperature) / sqrt(s), so that near
 * ones count and large classes do not win by their size alone. Neither the query itself nor its own duplicates vote: a copy would only
 * repeat its own label. Equal scores go to the class with the nearer neighbour, then to the smaller class id.
 */
export function knnVote({ queries, width, imageIds, similarities }: VoteNeighbours, electorate: Electorate, { k, temperature, candidates }: VoteSettings): Votes {
  const { classPlaceOf, familyOf, classIds, classSizes } = electorate
  const n = queries.length
  const votes = {
    candidates,
    voters: new Int32Array(n),
    counts: new Int32Array(n),
    classIds: new Int32Array(n * candidates),
    scores: new Float64Array(n * candidates),
    nearestIds: new Int32Array(n * candidates),
    nearestSimilarities: new Float32Array(n * candidates)
  }
  const tally = new Map<number, { place: number; weight: number; nearest: number; similarity: number }>()
  for (let query = 0; query < n; query++) {
    const self = queries[query] ?? -1
    const family = familyOf[self] ?? 0
    tally.clear()
    let voters = 0
    let top = 0
    for (let i = query * width; i < (query + 1) * width && voters < k; i++) {
      const id = imageIds[i] ?? -1
      if (id < 0) break
      const place = (classPlaceOf[id] ?? 0) - 1
      if (place < 0 || id === self || (family !== 0 && familyOf[id] === family)) continue
      const similarity = similarities[i] ?? 0
      if (voters++ === 0) top = similarity
      // Relative to the best neighbour, which cancels in the shares: with a small temperature, exp((c - 1) / t) alone would be 0 for all.
      const weight = Math.exp((similarity - top) / temperature) / Math.sqrt(classSizes[place] ?? 1)
      const found = tally.get(place)
      if (found) found.weight += weight
      else tally.set(place, { place, weight, nearest: id, similarity })
    }
    const ranked = [...tally.values()].sort((a, b) => b.weight - a.weight || b.similarity - a.similarity || (classIds[a.place] ?? 0) - (classIds[b.place] ?? 0))
    const total = ranked.reduce((sum, { weight }) => sum + weight, 0)
    votes.voters[query] = voters
    votes.counts[query] = Math.min(candidates, ranked.length)
    for (const [rank, { place, weight, nearest, similarity }] of ranked.slice(0, candidates).entries()) {
      const at = query * candidates + rank
      votes.classIds[at] = classIds[place] ?? 0
      votes.scores[at] = weight / total
      votes.nearestIds[at] = nearest
      votes.nearestSimilarities[at] = similarity
    }
  }
  return votes
}

/** Queries of which fewer than k voted although the search had more neighbours to give: places in `queries`. */
export const unfinishedQueries = ({ queries, width, imageIds }: VoteNeighbours, { voters }: Votes, k: number): number[] =>
  [...queries.keys()].filter((query) => (voters[query] ?? 0) < k && (imageIds[(query + 1) * width - 1] ?? -1) >= 0)
