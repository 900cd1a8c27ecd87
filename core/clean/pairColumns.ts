/** Pairs as parallel columns: the i-th pair is (queries[i], references[i]), both rows of the same set of images. */
export interface PairColumns {
  readonly queries: Int32Array
  readonly references: Int32Array
}

/** The neighbours of a block of queries, ready to be appended to columns: pairs of one query stand together, nearest first. */
export interface NeighbourPairs extends PairColumns {
  /** Cosines. */
  readonly similarities: Float32Array
  /** Place of the reference among all images of the set by similarity to the query, itself not counted: 1 is the nearest. */
  readonly ranks: Int32Array
}

/** Blocks put together, in their order. */
export function joinNeighbours(blocks: readonly NeighbourPairs[]): NeighbourPairs {
  const length = blocks.reduce((sum, { queries }) => sum + queries.length, 0)
  const all = { queries: new Int32Array(length), references: new Int32Array(length), similarities: new Float32Array(length), ranks: new Int32Array(length) }
  let at = 0
  for (const block of blocks) {
    for (const column of ['queries', 'references', 'similarities', 'ranks'] as const) all[column].set(block[column], at)
    at += block.queries.length
  }
  return all
}
