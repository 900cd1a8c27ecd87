import { similarity } from './similarity.ts'
import type { RowLookup, VectorRows } from './vectorRows.ts'

/** From here on it pays to look whether a row equals one that was scored already for the same query. */
const manyCandidates = 200_000

/** Scores reference rows against one query after another with `similarity`; equal rows are scored once a query. */
export class RowScorer {
  readonly #references: VectorRows
  readonly #queries: Float32Array
  #lookup: RowLookup
  #firstEqual: Int32Array | null = null
  #memo: Float32Array | null = null
  #stamps: Int32Array | null = null
  #stamp = 0
  #query = 0

  private constructor(references: VectorRows, queries: Float32Array, lookup: RowLookup) {
    this.#references = references
    this.#queries = queries
    this.#lookup = lookup
  }

  static async for(references: VectorRows, queries: Float32Array, indices: Int32Array): Promise<RowScorer> {
    const scorer = new RowScorer(references, queries, { matrix: queries, offsetOf: () => 0 })
    await scorer.prepare(indices)
    return scorer
  }

  /** Makes ready to score these references (-1 among them is passed over). */
  async prepare(indices: Int32Array): Promise<void> {
    this.#lookup = await this.#references.lookup(indices.includes(-1) ? indices.filter((index) => index >= 0) : indices)
    if (indices.length < manyCandidates || this.#firstEqual) return
    this.#firstEqual = this.#references.firstEqual()
    if (!this.#firstEqual) return
    this.#memo = new Float32Array(this.#references.count)
    this.#stamps = new Int32Array(this.#references.count)
  }

  /** The rows that follow are scored against query row `query`. */
  begin(query: number): void {
    this.#query = query * this.#references.dim
    this.#stamp++
  }

  score(reference: number): number {
    const { dim } = this.#references
    const { matrix, offsetOf } = this.#lookup
    if (!this.#firstEqual || !this.#memo || !this.#stamps) return similarity(this.#queries, this.#query, matrix, offsetOf(reference), dim)
    const first = this.#firstEqual[reference] as number
    if (this.#stamps[first] !== this.#stamp) {
      this.#stamps[first] = this.#stamp
      this.#memo[first] = similarity(this.#queries, this.#query, matrix, offsetOf(reference), dim)
    }
    return this.#memo[first] as number
  }
}
