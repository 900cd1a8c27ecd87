import type { ProductBlock } from '../../../core/search/blas.ts'

/** What was asked: query q is a copy of photo `of[q]`; photos with the same number in `groups` are versions of each other, neither right nor wrong. */
export interface Asked {
  readonly of: Int32Array
  readonly groups: Int32Array
}

/** The score of every query's true pair, and of the best false one. Fed with the blocks of queries x photos, in any order. */
export class FirstPlaces {
  readonly own: Float32Array
  readonly #best: Float32Array
  readonly #asked: Asked

  constructor(asked: Asked) {
    this.#asked = asked
    this.own = new Float32Array(asked.of.length)
    this.#best = new Float32Array(asked.of.length).fill(-Infinity)
  }

  add(block: ProductBlock): void {
    const { values, fromA, rows, fromB, columns } = block
    for (let i = 0; i < rows; i++) {
      const own = (this.#asked.of[fromA + i] as number) - fromB
      if (own >= 0 && own < columns) this.own[fromA + i] = values[i * columns + own] as number
    }
    eachFalsePair(block, this.#asked, (query, score) => {
      if (score > (this.#best[query] as number)) this.#best[query] = score
    })
  }

  /** recall@1 of the queries [from, to): a false photo with the same score counts as before the true one. */
  recallAt1(from: number, to: number): number {
    let found = 0
    for (let query = from; query < to; query++) if ((this.own[query] as number) > (this.#best[query] as number)) found++
    return found / (to - from)
  }
}

/** The pairs of a block that are false: not the photo that the query was made of, and no version of it. */
export function eachFalsePair({ values, fromA, rows, fromB, columns }: ProductBlock, { of, groups }: Asked, visit: (query: number, score: number) => void): void {
  for (let i = 0, at = 0; i < rows; i++) {
    const group = groups[of[fromA + i] as number] as number
    for (let j = 0; j < columns; j++, at++) if (groups[fromB + j] !== group) visit(fromA + i, values[at] as number)
  }
}

/**
 * The true pairs of many queries among all their pairs, pooled and ranked by score; within equal scores false pairs come first, as in core/metrics/rankedHits.ts. Only the
 * true pairs are held: for each of them the false ones at or above it are counted, so a hundred million pairs take no memory.
 */
export class PooledRanking {
  /** Ascending. */
  readonly #own: Float32Array
  /** [i]: false pairs whose score reaches exactly the first i true ones. */
  readonly #reached: Float64Array
  #falsePairs = 0

  constructor(trueScores: Float32Array) {
    this.#own = trueScores.slice().sort()
    this.#reached = new Float64Array(trueScores.length + 1)
  }

  addFalse(score: number): void {
    let low = 0
    let high = this.#own.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#own[middle] as number) <= score) low = middle + 1
      else high = middle
    }
    this.#reached[low]!++
    this.#falsePairs++
  }

  get falsePairs(): number {
    return this.#falsePairs
  }

  /** uAP (micro average precision; Douze et al., "The 2021 Image Similarity Dataset and Challenge", 2021): the mean precision at each true pair. */
  microAp(): number {
    let sum = 0
    this.#eachTruePair((rank, above) => {
      sum += rank / (rank + above)
    })
    return sum / this.#own.length
  }

  /** The share of true pairs above the lowest threshold at which no more than this share of the false pairs pass. */
  recallAt(falsePositiveRate: number): number {
    let found = 0
    this.#eachTruePair((_rank, above) => {
      // Divided, because 17 / 17,000,000 is 1e-6 and 17,000,000 x 1e-6 need not be 17.
      if (above / this.#falsePairs <= falsePositiveRate || above === 0) found++
    })
    return found / this.#own.length
  }

  /** True pairs from the best down: how many they are so far, and the false pairs at or above this one. */
  #eachTruePair(visit: (rank: number, above: number) => void): void {
    let above = 0
    for (let i = this.#own.length - 1; i >= 0; i--) {
      above += this.#reached[i + 1] as number
      visit(this.#own.length - i, above)
    }
  }
}
