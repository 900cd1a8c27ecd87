import type { Matrix } from '../domain/matrix.ts'
import { dot } from './dot.ts'
import { firstEqualRows } from './equalRows.ts'

/** From here on it pays to look whether candidates equal each other (piles of blank pictures, say) and to score equal ones once. */
const manyCandidates = 200_000

/** Scores references against one query after the other; once they are many, equal ones only once for each `begin`. */
export class CandidateScorer {
  readonly #references: Matrix
  #query: Float32Array = new Float32Array(0)
  #at = 0
  #scored = 0
  #stamp = 0
  #firstEqual: Int32Array | null = null
  #stamps = new Int32Array(0)
  #memo = new Float32Array(0)

  constructor(references: Matrix) {
    this.#references = references
  }

  begin(query: Float32Array, at: number): void {
    this.#query = query
    this.#at = at
    this.#stamp++
  }

  score(reference: number): number {
    const { data, dim, rows } = this.#references
    if (!this.#firstEqual) {
      if (this.#scored++ < manyCandidates) return dot(this.#query, this.#at, data, reference * dim, dim)
      this.#firstEqual = firstEqualRows(data, rows, dim)
      this.#stamps = new Int32Array(rows)
      this.#memo = new Float32Array(rows)
    }
    const first = this.#firstEqual[reference] as number
    if (this.#stamps[first] !== this.#stamp) {
      this.#stamps[first] = this.#stamp
      this.#memo[first] = dot(this.#query, this.#at, data, first * dim, dim)
    }
    return this.#memo[first] as number
  }
}
