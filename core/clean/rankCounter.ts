import type { Matrix } from '../domain/matrix.ts'
import { type ProductBlock, tolerance } from '../search/blas.ts'
import { dot } from '../search/dot.ts'

/** Candidates of one query: rows with their float32 scores, best first, equal scores by the smaller row. */
export interface Candidates {
  readonly rows: ArrayLike<number>
  readonly scores: ArrayLike<number>
}

/**
 * Says how far down some references stand in the ranked lists of some queries, without the lists: it counts, over blocks of a product, what stands ahead
 * of each candidate. A value below a query's weakest candidate costs one comparison, a candidate with k or more ahead is given up, and
 * values within the product's rounding of a candidate are scored again in double precision: the ranks are those of the exact lists
 * (scores rounded to float32, equal ones by the smaller row).
 */
export class RankCounter {
  readonly #queries: Matrix
  readonly #references: Matrix
  readonly #k: number
  readonly #room: number
  /** Queries x room, weakest first (so that whoever stands ahead of one stands ahead of all before it). */
  readonly #rows: Int32Array
  readonly #scores: Float32Array
  readonly #sizes: Int32Array
  /** Candidates before this place have k or more ahead of them. */
  readonly #first: Int32Array
  /** Queries x (room + 1): how many references stand ahead of exactly so many candidates. */
  readonly #ahead: Int32Array
  /** Values below are of no concern to the query. */
  readonly #floors: Float64Array
  readonly #off: Float64Array

  /** Candidates with `k` or more references ahead of them, the query itself included where it is one, do not count. `longest`: of all references. */
  constructor(queries: Matrix, references: Matrix, candidates: readonly Candidates[], k: number, longest: number) {
    this.#queries = queries
    this.#references = references
    this.#k = k
    this.#room = candidates.reduce((most, { rows }) => Math.max(most, rows.length), 0)
    this.#rows = new Int32Array(queries.rows * this.#room)
    this.#scores = new Float32Array(this.#rows.length)
    this.#sizes = Int32Array.from(candidates, ({ rows }) => rows.length)
    this.#first = new Int32Array(queries.rows)
    this.#ahead = new Int32Array(queries.rows * (this.#room + 1))
    this.#floors = new Float64Array(queries.rows)
    // Twice, for the candidates' own scores are rounded too.
    this.#off = Float64Array.from(candidates, (_, query) => 2 * tolerance(queries.dim, Math.sqrt(dot(queries.data, query * queries.dim, queries.data, query * queries.dim, queries.dim)), longest))
    for (const [query, { rows, scores }] of candidates.entries()) {
      for (let i = 0; i < rows.length; i++) {
        this.#rows[query * this.#room + rows.length - 1 - i] = rows[i] as number
        this.#scores[query * this.#room + rows.length - 1 - i] = scores[i] as number
      }
      this.#setFloor(query)
    }
  }

  visit({ values, fromA, rows, fromB, columns }: ProductBlock): void {
    for (let i = 0; i < rows; i++) {
      const query = fromA + i
      const floor = this.#floors[query] as number
      if (floor === Infinity) continue
      const end = (i + 1) * columns
      for (let at = i * columns; at < end; at++) {
        if ((values[at] as number) >= floor) this.#count(query, values[at] as number, fromB + at - i * columns)
      }
      this.#giveUp(query)
    }
  }

  /** Candidates of the query with fewer than k ahead, best first: their place in what was given, and how many references stand ahead of each. */
  *standing(query: number): Generator<{ readonly place: number; readonly ahead: number }, void, undefined> {
    const size = this.#sizes[query] as number
    let ahead = 0
    for (let candidate = size - 1; candidate >= (this.#first[query] as number); candidate--) {
      ahead += this.#ahead[query * (this.#room + 1) + candidate + 1] as number
      if (ahead >= this.#k) return
      yield { place: size - 1 - candidate, ahead }
    }
  }

  #count(query: number, value: number, reference: number): void {
    const base = query * this.#room
    const size = this.#sizes[query] as number
    const off = this.#off[query] as number
    let low = this.#first[query] as number
    let high = size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#scores[base + middle] as number) + off < value) low = middle + 1
      else high = middle
    }
    if (low < size && (this.#scores[base + low] as number) - off <= value) low = this.#exactly(query, reference)
    this.#ahead[query * (this.#room + 1) + low]!++
  }

  /** How many candidates the reference stands ahead of, by its exact score. */
  #exactly(query: number, reference: number): number {
    const { dim } = this.#queries
    const score = dot(this.#queries.data, query * dim, this.#references.data, reference * dim, dim)
    const base = query * this.#room
    let low = this.#first[query] as number
    let high = this.#sizes[query] as number
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#scores[base + middle] as number
      if (other < score || (other === score && reference < (this.#rows[base + middle] as number))) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The weaker, the more stand ahead: the first from the top that has k ahead takes all weaker ones with it. */
  #giveUp(query: number): void {
    let ahead = 0
    for (let candidate = (this.#sizes[query] as number) - 1; candidate >= (this.#first[query] as number); candidate--) {
      ahead += this.#ahead[query * (this.#room + 1) + candidate + 1] as number
      if (ahead < this.#k) continue
      this.#first[query] = candidate + 1
      this.#setFloor(query)
      return
    }
  }

  #setFloor(query: number): void {
    const first = this.#first[query] as number
    this.#floors[query] = first < (this.#sizes[query] as number) ? (this.#scores[query * this.#room + first] as number) - (this.#off[query] as number) : Infinity
  }
}
