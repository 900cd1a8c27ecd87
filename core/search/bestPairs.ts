import type { Matrix } from '../domain/matrix.ts'
import { rowOrder } from '../domain/rowOrder.ts'
import { type Blas, checkSameDim, type NearestOptions, tolerance } from './blas.ts'
import { dot } from './dot.ts'

export interface BestPairsOptions extends NearestOptions {
  /** Added to every score of a query, one value each (see stretchOffsets). */
  readonly offsets?: Float32Array
  /** Both sides are the same set: each pair once, the smaller row as query. The number is how far query row 0 lies behind reference row 0 in that set. */
  readonly once?: number
  /** Called now and then with the share of the products that is done, 0..1. */
  readonly progress?: (share: number) => void
}

/** Row numbers and scores, best first; equal scores in the order of query, then reference. */
export interface RowPairs {
  readonly queries: Int32Array
  readonly references: Int32Array
  readonly scores: Float32Array
}

/** Entries that are collected beyond those wanted before the weakest are thrown away. */
const spare = 1_000_000

/**
 * The `most` best pairs over all queries and references together (VisionForce's 1,000,000 a model; the descriptor track's ten a query), not so
 * many a query. Exact: products only propose, the score is the double-precision inner product rounded to float32, plus the query's offset.
 */
export async function bestPairs(queries: Matrix, references: Matrix, most: number, options: BestPairsOptions, blas: Blas): Promise<RowPairs> {
  checkSameDim(queries, references)
  const { offsets, exclude, once, progress, signal } = options
  const book = new PairBook(queries, references, most, offsets)
  await blas.eachBlock(queries, references, ({ values, fromA, rows, fromB, columns }) => {
    for (let i = 0; i < rows; i++) {
      const query = fromA + i
      // Columns before `from` are the pair's other direction, or the row itself.
      const from = once === undefined ? 0 : Math.max(0, query + 1 + once - fromB)
      book.offerRow(query, fromB, values, i * columns + from, from, columns, exclude)
    }
    progress?.((fromA + (rows * (fromB + columns)) / references.rows) / queries.rows)
  }, signal ? { signal } : {})
  return book.finish()
}

class PairBook {
  readonly #a: Matrix
  readonly #b: Matrix
  readonly #most: number
  readonly #offsets: Float32Array | undefined
  readonly #off: number
  #queries = new Int32Array(4096)
  #references = new Int32Array(4096)
  #scores = new Float32Array(4096)
  #length = 0
  /** Nothing below this can be among the best. */
  #floor = -Infinity

  constructor(a: Matrix, b: Matrix, most: number, offsets: Float32Array | undefined) {
    this.#a = a
    this.#b = b
    this.#most = most
    this.#offsets = offsets
    const largest = offsets ? offsets.reduce((top, value) => Math.max(top, Math.abs(value)), 0) : 0
    // The offset is added in float32 once more.
    this.#off = tolerance(a.dim, longest(a), longest(b)) + (largest + longest(a) * longest(b)) * 2 ** -22
  }

  offerRow(query: number, fromB: number, values: Float32Array, at: number, from: number, columns: number, exclude: NearestOptions['exclude']): void {
    const offset = this.#offsets?.[query] ?? 0
    const owner = exclude?.queries[query]
    for (let column = from, i = at; column < columns; column++, i++) {
      const score = (values[i] as number) + offset
      if (score < this.#floor) continue
      if (exclude && exclude.references[fromB + column] === owner) continue
      this.#push(query, fromB + column, score)
    }
  }

  #push(query: number, reference: number, score: number): void {
    if (this.#length === this.#queries.length) {
      if (this.#length >= this.#most + spare) this.#prune()
      if (this.#length === this.#queries.length) this.#grow()
    }
    this.#queries[this.#length] = query
    this.#references[this.#length] = reference
    this.#scores[this.#length++] = score
  }

  #grow(): void {
    const length = Math.min(this.#length * 2, Math.max(this.#length + spare, this.#most + spare))
    const wider = <T extends Int32Array | Float32Array>(column: T, empty: T): T => {
      empty.set(column)
      return empty
    }
    this.#queries = wider(this.#queries, new Int32Array(length))
    this.#references = wider(this.#references, new Int32Array(length))
    this.#scores = wider(this.#scores, new Float32Array(length))
  }

  /** Keeps what may still be among the best. Where rounding leaves too many in doubt (piles of equal rows), the exact scores decide. */
  #prune(): void {
    if (this.#most === 0) {
      this.#length = 0
      this.#floor = Infinity
      return
    }
    const sorted = this.#scores.slice(0, this.#length).sort()
    this.#floor = Math.max(this.#floor, (sorted[this.#length - this.#most] as number) - 2 * this.#off)
    let kept = 0
    for (let i = 0; i < this.#length; i++) {
      if ((this.#scores[i] as number) < this.#floor) continue
      this.#move(i, kept++)
    }
    this.#length = kept
    if (this.#length <= this.#most + spare / 2) return
    const { queries, references, scores } = this.finish()
    this.#queries.set(queries)
    this.#references.set(references)
    this.#scores.set(scores)
    this.#length = scores.length
    this.#floor = Math.max(this.#floor, (scores.at(-1) as number) - this.#off)
  }

  #move(from: number, to: number): void {
    this.#queries[to] = this.#queries[from] as number
    this.#references[to] = this.#references[from] as number
    this.#scores[to] = this.#scores[from] as number
  }

  finish(): RowPairs {
    const { dim } = this.#a
    const queries = this.#queries.slice(0, this.#length)
    const references = this.#references.slice(0, this.#length)
    const exact = Float32Array.from(queries, (query, i) => dot(this.#a.data, query * dim, this.#b.data, (references[i] as number) * dim, dim) + (this.#offsets?.[query] ?? 0))
    const all = rowOrder(queries.length, [{ by: exact, descending: true }, { by: queries }, { by: references }])
    const order = all.length > this.#most ? all.subarray(0, this.#most) : all
    return {
      queries: Int32Array.from(order, (i) => queries[i] as number),
      references: Int32Array.from(order, (i) => references[i] as number),
      scores: Float32Array.from(order, (i) => exact[i] as number)
    }
  }
}

function longest({ rows, dim, data }: Matrix): number {
  let most = 0
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += (data[i] as number) ** 2
    most = Math.max(most, squares)
  }
  return Math.sqrt(most)
}
