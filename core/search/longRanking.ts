const positions = 2 ** 21
/** Up to here inserting one by one is quicker. */
export const fewCandidates = 64
export const mostCandidates = positions

/**
 * Puts many candidates in order: greater score first, then the smaller index, as Ranking does, but by one sort. Scores go in as float32, and as
 * one number with their position each, so that the sort is the engine's own over plain numbers.
 */
export class LongRanking {
  readonly #keys: Float64Array
  readonly #score = new Float32Array(1)
  readonly #bits = new Int32Array(this.#score.buffer)
  #indices: Int32Array = new Int32Array(0)
  #scores: Float32Array = new Float32Array(0)

  /** For at most `most` candidates (no more than mostCandidates) at a time. */
  constructor(most: number) {
    this.#keys = new Float64Array(most)
  }

  /** `indices` ascending, their scores beside them. */
  sort(indices: Int32Array, scores: Float32Array): void {
    this.#indices = indices
    this.#scores = scores
    const keys = this.#keys.subarray(0, indices.length)
    for (let i = 0; i < keys.length; i++) {
      this.#score[0] = (scores[i] as number) + 0
      const bits = this.#bits[0] as number
      // A word that falls as the score rises.
      const word = (bits < 0 ? bits : ~bits ^ 0x80000000) >>> 0
      keys[i] = word * positions + i
    }
    keys.sort()
  }

  /** The first k, -1 and 0 where there are fewer. */
  write(k: number, indices: Int32Array, scores: Float32Array, at: number): void {
    for (let rank = 0; rank < k; rank++) {
      const held = rank < this.#indices.length
      const position = held ? (this.#keys[rank] as number) % positions : 0
      indices[at + rank] = held ? (this.#indices[position] as number) : -1
      scores[at + rank] = held ? (this.#scores[position] as number) : 0
    }
  }
}
