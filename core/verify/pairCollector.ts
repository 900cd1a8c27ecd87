import type { VerifiedPairs } from './verifyBatch.ts'

/** So many pairs are put in place between two breaths of the engine's loop. */
const pairsAtOnce = 20_000

/** Puts blocks of verified pairs, which come in any order, into the order of the request. */
export class PairCollector {
  readonly #inliers: Int32Array
  readonly #matches: Int32Array
  readonly #ratio: Float32Array
  readonly #matrix: Float64Array
  readonly #mirrored: Uint8Array
  readonly #reasons: Uint8Array
  readonly #blocks: VerifiedPairs[] = []
  /** Which block a pair came in, and its row there. */
  readonly #blockOf: Int32Array
  readonly #rowOf: Int32Array

  constructor(pairs: number) {
    this.#inliers = new Int32Array(pairs)
    this.#matches = new Int32Array(pairs)
    this.#ratio = new Float32Array(pairs)
    this.#matrix = new Float64Array(9 * pairs)
    this.#mirrored = new Uint8Array(pairs)
    this.#reasons = new Uint8Array(pairs)
    this.#blockOf = new Int32Array(pairs).fill(-1)
    this.#rowOf = new Int32Array(pairs)
  }

  /** Row i of `block` is pair places[i]. */
  add(places: Int32Array, block: VerifiedPairs): void {
    for (const [row, place] of places.entries()) {
      this.#inliers[place] = block.inliers[row] as number
      this.#matches[place] = block.matches[row] as number
      this.#ratio[place] = block.ratio[row] as number
      this.#matrix.set(block.matrix.subarray(9 * row, 9 * row + 9), 9 * place)
      this.#mirrored[place] = block.mirrored[row] as number
      this.#reasons[place] = block.reasons[row] as number
      this.#blockOf[place] = this.#blocks.length
      this.#rowOf[place] = row
    }
    this.#blocks.push(block)
  }

  /** All pairs; those that never came have no inliers. */
  async finish(): Promise<VerifiedPairs> {
    const n = this.#inliers.length
    const pointsFrom = new Int32Array(n + 1)
    for (let i = 0; i < n; i++) {
      const { first, last } = this.#pointsOf(i)
      pointsFrom[i + 1] = (pointsFrom[i] as number) + last - first
    }
    const total = pointsFrom[n] as number
    const points = new Float32Array(4 * total)
    const pointInlier = new Uint8Array(total)
    for (let i = 0; i < n; i++) {
      if (i % pairsAtOnce === 0) await new Promise(setImmediate)
      const { block, first, last } = this.#pointsOf(i)
      if (!block) continue
      points.set(block.points.subarray(4 * first, 4 * last), 4 * (pointsFrom[i] as number))
      pointInlier.set(block.pointInlier.subarray(first, last), pointsFrom[i] as number)
    }
    return {
      inliers: this.#inliers, matches: this.#matches, ratio: this.#ratio, matrix: this.#matrix, mirrored: this.#mirrored, reasons: this.#reasons, pointsFrom, points, pointInlier
    }
  }

  #pointsOf(pair: number): { block: VerifiedPairs | null; first: number; last: number } {
    const block = this.#blocks[this.#blockOf[pair] as number]
    if (!block) return { block: null, first: 0, last: 0 }
    const row = this.#rowOf[pair] as number
    return { block, first: block.pointsFrom[row] as number, last: block.pointsFrom[row + 1] as number }
  }
}
