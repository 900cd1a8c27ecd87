import type { Matrix } from '../domain/matrix.ts'
import type { Blas } from '../search/blas.ts'
import { dot } from '../search/dot.ts'
import { classPlaces } from './labelColumn.ts'
import type { NeighbourPairs } from './pairColumns.ts'
import { type Candidates, RankCounter } from './rankCounter.ts'

export interface SameLabelRule {
  /** How many nearest of the whole set are looked at, the image itself among them: 1000 in the original. */
  readonly k: number
  /** How many of those with the same label are kept, the image itself counted: 100 in the original, so that at most 99 pairs come out. */
  readonly most: number
}

export const gldv2Rule: SameLabelRule = { k: 1000, most: 100 }

const rowsAtOnce = 4096
/** Classes up to this size are scored one by one; larger ones are a product of their own. */
const smallClass = 256

/** A block of answers: pairs of the queries before `rowsDone` have all been handed over. */
export interface NeighbourBlock extends NeighbourPairs {
  readonly rowsDone: number
}

export interface SameLabelSearch extends SameLabelRule {
  /** n x dim, unit rows: the order by inner product is then the order by Euclidean distance. */
  readonly vectors: Matrix
  /** n: the class of each image; -1 for one without a label, which is somebody's neighbour but never asks. */
  readonly classOf: Int32Array
  readonly blas: Pick<Blas, 'nearest' | 'eachBlock'>
  /** Rows that are done already (a resume). */
  readonly from?: number
  /** Rows of one block. */
  readonly blockRows?: number
  readonly signal?: AbortSignal
}

/**
 * The candidate pairs of the GLDv2 cleaning rule: for each labelled image the images of its own label **among its k nearest of the whole set**
 * (not the k nearest of its label: in a class of strangers most lists come out empty, which is the point), nearest first.
 *
 * The filter by label is fused into the search: only the best `most` of an image's own class can be kept, so those are found first, and then
 * one pass over the products with the whole set counts how many images stand ahead of each (`RankCounter`). No list of k neighbours is ever made, let
 * alone an n x k graph. Memory: the vectors, a block of the product, and what is handed over: at most `most - 1` pairs an image. Images that
 * are alone with their label are not searched for.
 *
 * Landmark 2019 (lyakaap), exp/delf/matching_localfeatures.py, which drops the first of each list as "itself". Where an identical picture stands
 * before the image itself that drops the twin and keeps the image beside itself; here the image itself is the one that is dropped.
 * Throws RangeError where labels and vectors differ in length, or for k or most below 2; BAD_INPUT for a vector that is not finite.
 */
export async function* sameLabelNeighbours({ vectors, classOf, blas, k, most, from = 0, blockRows = rowsAtOnce, signal }: SameLabelSearch): AsyncGenerator<NeighbourBlock, void, undefined> {
  if (classOf.length !== vectors.rows) throw new RangeError(`${classOf.length} labels are not one for each of ${vectors.rows} vectors.`)
  if (!Number.isInteger(k) || k < 2 || !Number.isInteger(most) || most < 2) throw new RangeError(`k and most must be whole numbers from 2, not ${k} and ${most}.`)
  const own = new OwnClass(vectors, classOf, blas)
  const asking = own.rowsWithCompany.filter((row) => row >= from)
  const longest = longestRow(vectors)
  for (let at = 0; at < asking.length; at += blockRows) {
    signal?.throwIfAborted()
    const rows = asking.subarray(at, at + blockRows)
    const queries = gather(vectors, rows)
    const candidates = await own.nearest(rows, queries, most - 1, signal)
    const counter = new RankCounter(queries, vectors, candidates, k, longest)
    await blas.eachBlock(queries, vectors, (block) => counter.visit(block), signal ? { signal } : {})
    yield { ...pairsOf(rows, queries, candidates, counter), rowsDone: (rows.at(-1) as number) + 1 }
  }
}

/** The nearest of each image's own class. */
class OwnClass {
  readonly rowsWithCompany: Int32Array
  readonly #vectors: Matrix
  readonly #blas: SameLabelSearch['blas']
  /** Row -> place of its class; -1 without a label. */
  readonly #placeOf: Int32Array
  /** Rows by class, ascending: those of class c stand at [starts[c], starts[c + 1]). */
  readonly #members: Int32Array
  readonly #starts: Int32Array
  /** The vectors of the large class that was asked for last: in a set sorted by class it is asked for again. */
  #large: { readonly place: number; readonly matrix: Matrix } | null = null

  constructor(vectors: Matrix, classOf: Int32Array, blas: SameLabelSearch['blas']) {
    this.#vectors = vectors
    this.#blas = blas
    const labelled = Int32Array.from(classOf.keys()).filter((row) => (classOf[row] as number) >= 0)
    const { classes, classOf: places } = classPlaces(labelled.map((row) => classOf[row] as number))
    this.#placeOf = new Int32Array(classOf.length).fill(-1)
    this.#starts = new Int32Array(classes.length + 1)
    for (const [i, row] of labelled.entries()) {
      this.#placeOf[row] = places[i] as number
      this.#starts[(places[i] as number) + 1]!++
    }
    for (let place = 0; place < classes.length; place++) this.#starts[place + 1]! += this.#starts[place] as number
    const next = this.#starts.slice()
    this.#members = new Int32Array(labelled.length)
    for (const row of labelled) this.#members[next[this.#placeOf[row] as number]!++] = row
    this.rowsWithCompany = labelled.filter((row) => this.#membersOf(this.#placeOf[row] as number).length > 1)
  }

  /** For each row its `count` nearest of its own class, without itself, best first. */
  async nearest(rows: Int32Array, queries: Matrix, count: number, signal: AbortSignal | undefined): Promise<Candidates[]> {
    const found = Array.from<Candidates>({ length: rows.length })
    const byLargeClass = new Map<number, number[]>()
    for (const [i, row] of rows.entries()) {
      const place = this.#placeOf[row] as number
      const members = this.#membersOf(place)
      if (members.length <= smallClass) found[i] = this.#oneByOne(row, members, count)
      else byLargeClass.set(place, [...(byLargeClass.get(place) ?? []), i])
    }
    for (const [place, some] of byLargeClass) {
      const members = this.#membersOf(place)
      if (this.#large?.place !== place) this.#large = { place, matrix: gather(this.#vectors, members) }
      // One more, for the image itself.
      const lists = await this.#blas.nearest(gather(queries, Int32Array.from(some)), this.#large.matrix, Math.min(members.length, count + 1), signal ? { signal } : {})
      for (const [list, i] of some.entries()) found[i] = withoutItself(lists.indices, lists.scores, list * lists.k, lists.k, members, rows[i] as number, count)
    }
    return found
  }

  #membersOf(place: number): Int32Array {
    return this.#members.subarray(this.#starts[place], this.#starts[place + 1])
  }

  #oneByOne(row: number, members: Int32Array, count: number): Candidates {
    const { data, dim } = this.#vectors
    const others = members.filter((member) => member !== row)
    const scores = Float32Array.from(others, (other) => dot(data, row * dim, data, other * dim, dim))
    const order = Uint16Array.from(others.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).subarray(0, count)
    return { rows: Int32Array.from(order, (i) => others[i] as number), scores: Float32Array.from(order, (i) => scores[i] as number) }
  }
}

function withoutItself(indices: Int32Array, scores: Float32Array, from: number, k: number, members: Int32Array, itself: number, count: number): Candidates {
  const places = Int32Array.from({ length: k }, (_, i) => from + i).filter((i) => (indices[i] as number) >= 0 && members[indices[i] as number] !== itself).subarray(0, count)
  return { rows: places.map((i) => members[indices[i] as number] as number), scores: Float32Array.from(places, (i) => scores[i] as number) }
}

function pairsOf(rows: Int32Array, queries: Matrix, candidates: readonly Candidates[], counter: RankCounter): NeighbourPairs {
  const room = candidates.reduce((sum, one) => sum + one.rows.length, 0)
  const found = { queries: new Int32Array(room), references: new Int32Array(room), similarities: new Float32Array(room), ranks: new Int32Array(room) }
  const { data, dim } = queries
  let length = 0
  for (const [i, row] of rows.entries()) {
    const { rows: others, scores } = candidates[i] as Candidates
    const itself = dot(data, i * dim, data, i * dim, dim)
    for (const { place, ahead } of counter.standing(i)) {
      const [other, score] = [others[place] as number, scores[place] as number]
      const selfIsAhead = itself > score || (itself === score && row < other)
      found.queries[length] = row
      found.references[length] = other
      found.similarities[length] = score
      found.ranks[length++] = ahead + 1 - (selfIsAhead ? 1 : 0)
    }
  }
  return {
    queries: found.queries.slice(0, length),
    references: found.references.slice(0, length),
    similarities: found.similarities.slice(0, length),
    ranks: found.ranks.slice(0, length)
  }
}

function gather({ data, dim }: Matrix, rows: Int32Array): Matrix {
  const some = new Float32Array(rows.length * dim)
  for (const [i, row] of rows.entries()) some.set(data.subarray(row * dim, (row + 1) * dim), i * dim)
  return { rows: rows.length, dim, data: some }
}

function longestRow({ data, dim }: Matrix): number {
  let longest = 0
  for (let from = 0; from < data.length; from += dim) longest = Math.max(longest, dot(data, from, data, from, dim))
  return Math.sqrt(longest)
}
