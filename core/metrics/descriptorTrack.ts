import { type Matrix, rowOf } from '../domain/matrix.ts'
import { type Blas, checkSameDim, tolerance } from '../search/blas.ts'

export interface ClosestPairs {
  /** Row numbers. */
  readonly query: Int32Array
  readonly reference: Int32Array
  /** -|q - r|², highest first. */
  readonly score: Float64Array
}

/**
 * The predictions that the descriptor track of the Image Similarity Challenge makes out of descriptors (facebookresearch/isc2021): exactly
 * `perQuery` x (number of queries) pairs with the smallest squared Euclidean distance of the whole query x reference matrix, however many of them fall
 * to one query; all pairs where there are fewer. Give only the queries that the truth lists. Ties go to the smaller query, then reference row.
 * Candidates come from float32 products and are scored again in double precision.
 */
export async function closestPairsOverall(queries: Matrix, references: Matrix, blas: Blas, { perQuery = 10, signal }: { perQuery?: number; signal?: AbortSignal } = {}): Promise<ClosestPairs> {
  checkSameDim(queries, references)
  const wanted = Math.min(perQuery * queries.rows, queries.rows * references.rows)
  const querySquares = squares(queries)
  const referenceSquares = squares(references)
  // What the products may be off by, on both sides of the limit.
  const margin = 4 * tolerance(queries.dim, Math.sqrt(greatest(querySquares)), Math.sqrt(greatest(referenceSquares)))
  const held = new Candidates(wanted, margin)
  await blas.eachBlock(queries, references, ({ values, fromA, rows, fromB, columns }) => {
    for (let i = 0; i < rows; i++) {
      const own = querySquares[fromA + i] as number
      for (let j = 0; j < columns; j++) {
        const distance = own + (referenceSquares[fromB + j] as number) - 2 * (values[i * columns + j] as number)
        if (distance <= held.limit) held.add(distance, fromA + i, fromB + j)
      }
    }
  }, signal ? { signal } : {})
  const { query, reference } = held.all()
  const distances = Float64Array.from(query, (row, i) => squaredDistance(rowOf(queries, row), rowOf(references, reference[i] as number)))
  const order = Uint32Array.from(query.keys())
    .sort((i, j) => (distances[i] as number) - (distances[j] as number) || (query[i] as number) - (query[j] as number) || (reference[i] as number) - (reference[j] as number))
    .subarray(0, wanted)
  return {
    query: Int32Array.from(order, (i) => query[i] as number),
    reference: Int32Array.from(order, (i) => reference[i] as number),
    score: Float64Array.from(order, (i) => -(distances[i] as number))
  }
}

/** The smallest so many distances of what is offered, and those within the margin of the last of them. */
class Candidates {
  readonly #wanted: number
  readonly #margin: number
  readonly #mostRoom: number
  #distance: Float64Array
  #query: Int32Array
  #reference: Int32Array
  #count = 0
  /** What is farther than this is not among them. */
  limit = Infinity

  constructor(wanted: number, margin: number) {
    this.#wanted = wanted
    this.#margin = margin
    this.#mostRoom = 8 * wanted + 4_000_000
    const room = 2 * wanted + 1024
    this.#distance = new Float64Array(room)
    this.#query = new Int32Array(room)
    this.#reference = new Int32Array(room)
  }

  add(distance: number, query: number, reference: number): void {
    if (this.#count === this.#distance.length) {
      this.#shrink()
      if (distance > this.limit) return
    }
    this.#distance[this.#count] = distance
    this.#query[this.#count] = query
    this.#reference[this.#count++] = reference
  }

  all(): { query: Int32Array; reference: Int32Array } {
    if (this.#count > this.#wanted) this.#shrink()
    return { query: this.#query.subarray(0, this.#count), reference: this.#reference.subarray(0, this.#count) }
  }

  #shrink(): void {
    const room = this.#distance.length
    const last = this.#distance.slice(0, this.#count).sort()[this.#wanted - 1] as number
    this.limit = last + this.#margin
    this.#keep((distance) => distance <= this.limit)
    if (this.#count <= room * 0.75) return
    if (room * 2 <= this.#mostRoom) {
      this.#distance = widened(this.#distance, new Float64Array(room * 2))
      this.#query = widened(this.#query, new Int32Array(room * 2))
      this.#reference = widened(this.#reference, new Int32Array(room * 2))
      return
    }
    // Millions within the rounding of one distance are copies of one another: of those, the first will do.
    let copies = Math.floor(room * 0.75) - this.#wanted
    this.#keep((distance) => distance < last - this.#margin || copies-- > 0)
  }

  #keep(isKept: (distance: number) => boolean): void {
    let count = 0
    for (let i = 0; i < this.#count; i++) {
      if (!isKept(this.#distance[i] as number)) continue
      this.#distance[count] = this.#distance[i] as number
      this.#query[count] = this.#query[i] as number
      this.#reference[count++] = this.#reference[i] as number
    }
    this.#count = count
  }
}

function widened<T extends Float64Array | Int32Array>(values: T, into: T): T {
  into.set(values)
  return into
}

function squares({ rows, dim, data }: Matrix): Float64Array {
  const sums = new Float64Array(rows)
  for (let row = 0; row < rows; row++) for (let i = row * dim; i < (row + 1) * dim; i++) sums[row]! += (data[i] as number) ** 2
  return sums
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2
  return sum
}

const greatest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0)
