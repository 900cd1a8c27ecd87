import type { Matrix } from '../domain/matrix.ts'
import { rowOrder } from '../domain/rowOrder.ts'
import { type Blas, checkSameDim, type NearestOptions, tolerance } from './blas.ts'
import { dot } from './dot.ts'
import { kthGreatest } from './kthGreatest.ts'

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

/** Entries that are collected beyond those wanted before the weakest are thrown away: as many again, within these. */
const spareOf = (most: number): number => Math.min(1_000_000, Math.max(65_536, most))

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

/** What may still be among the best. */
class PairBook {
  readonly #a: Matrix
  readonly #b: Matrix
  readonly #most: number
  readonly #offsets: Float32Array | undefined
  readonly #off: number
  readonly #capacity: number
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
    this.#capacity = most + spareOf(most)
    if (most === 0) this.#floor = Infinity
    const largest = offsets ? offsets.reduce((top, value) => Math.max(top, Math.abs(value)), 0) : 0
    const product = longest(a) * longest(b)
    // The offset is added in float32 once more.
    this.#off = tolerance(a.dim, product, 1) + (largest + product) * 2 ** -22
  }

  /** The values of one query with the references from `fromB + from` on; `at` is where they begin. */
  offerRow(query: number, fromB: number, values: Float32Array, at: number, from: number, columns: number, exclude: NearestOptions['exclude']): void {
    const offset = this.#offsets?.[query] ?? 0
    let floor = this.#floor - offset
    for (let column = from, i = at; column < columns; column++, i++) {
      const value = values[i] as number
      if (value < floor) continue
      if (exclude && exclude.references[fromB + column] === exclude.queries[query]) continue
      this.#push(query, fromB + column, value + offset)
      floor = this.#floor - offset
    }
  }

  #push(query: number, reference: number, score: number): void {
    if (this.#length === this.#queries.length) {
      if (this.#length >= this.#capacity) this.#prune()
      else this.#grow()
    }
    this.#queries[this.#length] = query
    this.#references[this.#length] = reference
    this.#scores[this.#length++] = score
  }

  #grow(): void {
    const length = Math.min(this.#length * 2, Math.max(this.#capacity, this.#length + 4096))
    const wider = <T extends Int32Array | Float32Array>(column: T, empty: T): T => {
      empty.set(column)
      return empty
    }
    this.#queries = wider(this.#queries, new Int32Array(length))
    this.#references = wider(this.#references, new Int32Array(length))
    this.#scores = wider(this.#scores, new Float32Array(length))
  }

  #prune(): void {
    this.#narrow()
    // Where rounding leaves most of them in doubt (piles of equal rows), the exact scores decide.
    if (this.#length > this.#most + spareOf(this.#most) / 2) this.#replace(this.#exact())
  }

  /** Throws away what cannot be among the best, whatever the rounding. */
  #narrow(): void {
    if (this.#length <= this.#most) return
    this.#floor = Math.max(this.#floor, kthGreatest(this.#scores, this.#length, this.#most) - 2 * this.#off)
    let kept = 0
    for (let i = 0; i < this.#length; i++) {
      if ((this.#scores[i] as number) < this.#floor) continue
      this.#queries[kept] = this.#queries[i] as number
      this.#references[kept] = this.#references[i] as number
      this.#scores[kept++] = this.#scores[i] as number
    }
    this.#length = kept
  }

  #replace({ queries, references, scores }: RowPairs): void {
    this.#queries.set(queries)
    this.#references.set(references)
    this.#scores.set(scores)
    this.#length = scores.length
    this.#floor = Math.max(this.#floor, (scores.at(-1) as number) - this.#off)
  }

  finish(): RowPairs {
    if (this.#most > 0) this.#narrow()
    return this.#exact()
  }

  #exact(): RowPairs {
    const { dim } = this.#a
    const queries = this.#queries.subarray(0, this.#length)
    const references = this.#references.subarray(0, this.#length)
    const exact = new Float32Array(this.#length)
    for (let i = 0; i < exact.length; i++) {
      const query = queries[i] as number
      exact[i] = dot(this.#a.data, query * dim, this.#b.data, (references[i] as number) * dim, dim) + (this.#offsets?.[query] ?? 0)
    }
    return inOrder({ queries, references, scores: exact }, this.#most)
  }
}

/** The best `most`, best first; equal scores in the order of query, then reference. */
export function inOrder({ queries, references, scores }: RowPairs, most: number): RowPairs {
  const order = rowOrder(scores.length, [{ by: scores, descending: true }, { by: queries }, { by: references }])
  const length = Math.min(order.length, most)
  const sorted: RowPairs = { queries: new Int32Array(length), references: new Int32Array(length), scores: new Float32Array(length) }
  for (let i = 0; i < length; i++) {
    const row = order[i] as number
    sorted.queries[i] = queries[row] as number
    sorted.references[i] = references[row] as number
    sorted.scores[i] = scores[row] as number
  }
  return sorted
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
