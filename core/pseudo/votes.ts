import type { Votes } from './knnVote.ts'

/** The votes of queries [from, to), as views into the same arrays. */
export function sliceVotes(votes: Votes, from: number, to: number): Votes {
  const c = votes.candidates
  return {
    candidates: c,
    voters: votes.voters.subarray(from, to),
    counts: votes.counts.subarray(from, to),
    classIds: votes.classIds.subarray(from * c, to * c),
    scores: votes.scores.subarray(from * c, to * c),
    nearestIds: votes.nearestIds.subarray(from * c, to * c),
    nearestSimilarities: votes.nearestSimilarities.subarray(from * c, to * c)
  }
}

/** Puts the votes of some queries, found with more neighbours, in their places: `places[i]` is where the i-th of `some` belongs. */
export function placeVotes(all: Votes, some: Votes, places: readonly number[]): void {
  const c = all.candidates
  for (const [i, place] of places.entries()) {
    all.voters[place] = some.voters[i] ?? 0
    all.counts[place] = some.counts[i] ?? 0
    for (const column of ['classIds', 'scores', 'nearestIds', 'nearestSimilarities'] as const) all[column].set(some[column].subarray(i * c, (i + 1) * c), place * c)
  }
}
