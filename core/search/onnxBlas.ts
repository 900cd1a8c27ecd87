import { availableParallelism } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Matrix } from '../domain/matrix.ts'
import { emptyLists, type RankedLists } from '../domain/rankedLists.ts'
import { type Blas, type BlasOptions, checkSameDim, type NearestOptions, type ProductBlock, type ProductOptions, tolerance } from './blas.ts'
import { CandidateHeap } from './candidateHeap.ts'
import { CandidateScorer } from './candidateScorer.ts'
import { dot } from './dot.ts'
import { centredProductGraph, columnProductGraph, nearestGraph, productGraph } from './exactGraph.ts'
import { fewCandidates, LongRanking, mostCandidates } from './longRanking.ts'
import { mostExcluded } from './mostExcluded.ts'
import { offerSortedRows } from './offerSortedRows.ts'
import { Ranking } from './ranking.ts'
import { lengthsOf } from './rowLengths.ts'
import { breathe } from './vectorIndex.ts'

/** More candidates than asked for, so that float32 rounding seldom decides who is the last neighbour. */
const margin = 8
/** Candidates that are held at once; beyond, the queries go in several turns. */
const heldCandidates = 16_000_000
/** Values of one product that come back to JavaScript at once. */
const blockValues = (provider: string) => (provider === 'cpu' ? { a: 512, b: 4096 } : { a: 1024, b: 16384 })
const nearestRows = (provider: string) => (provider === 'cpu' ? { queries: 1024, references: 8192 } : { queries: 4096, references: 65536 })
/** Rows that are summed at once. */
const summedRows = 2048

/**
 * Matrix products by ONNX Runtime (Gemm, TopK), on every core or on a GPU. A run blocks its process: only for step processes and benches,
 * never for the engine.
 */
export class OnnxBlas implements Blas {
  readonly provider: string
  readonly #product: InferenceSession
  readonly #centred: InferenceSession
  readonly #columns: InferenceSession
  readonly #nearest: InferenceSession

  private constructor(provider: string, product: InferenceSession, centred: InferenceSession, nearest: InferenceSession, columns: InferenceSession) {
    this.provider = provider
    this.#product = product
    this.#centred = centred
    this.#columns = columns
    this.#nearest = nearest
  }

  /** Loads on the first of `providers` that works; throws the last one's error where none does. */
  static async open(providers: readonly string[] = ['cpu'], threads: number = availableParallelism()): Promise<OnnxBlas> {
    let failure: unknown = new Error('No execution provider was named.')
    for (const provider of providers) {
      const options: InferenceSession.SessionOptions = { executionProviders: [provider], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 }
      const opened: InferenceSession[] = []
      try {
        for (const graph of [productGraph(), centredProductGraph(), nearestGraph()]) opened.push(await InferenceSession.create(graph, options))
        // In double precision, which not every GPU has.
        opened.push(await InferenceSession.create(columnProductGraph(), { ...options, executionProviders: ['cpu'] }))
        return new OnnxBlas(provider, ...(opened as [InferenceSession, InferenceSession, InferenceSession, InferenceSession]))
      } catch (error) {
        failure = error
        for (const session of opened) await session.release()
      }
    }
    throw failure
  }

  async product(a: Matrix, b: Matrix, { signal, minus }: ProductOptions = {}): Promise<Float32Array> {
    check(a, b)
    if (minus && minus.length !== a.dim) throw new RangeError(`${minus.length} values cannot be taken off rows of ${a.dim}.`)
    const out = new Float32Array(a.rows * b.rows)
    if (out.length === 0) return out
    const centre = minus ? { minus: new Tensor('float32', minus, [a.dim]) } : null
    // Whole rows of the result, written where they belong.
    const step = Math.max(1, Math.min(a.rows, Math.floor(16_000_000 / b.rows)))
    const references = tensorOf(b, 0, b.rows)
    for (let from = 0; from < a.rows; from += step) {
      const rows = Math.min(step, a.rows - from)
      await breathe(signal ?? never)
      const similarities = new Tensor('float32', out.subarray(from * b.rows, (from + rows) * b.rows), [rows, b.rows])
      const feeds = { queries: tensorOf(a, from, rows), references }
      if (centre) await this.#centred.run({ ...feeds, ...centre }, { similarities })
      else await this.#product.run(feeds, { similarities })
    }
    return out
  }

  async columnProduct(a: Matrix, b: Matrix, { signal }: BlasOptions = {}): Promise<Float64Array> {
    if (a.rows !== b.rows) throw new RangeError(`${a.rows} rows and ${b.rows} rows have no sum of products.`)
    lengthsOf(a, 'first')
    if (b !== a) lengthsOf(b, 'second')
    const sums = new Float64Array(a.dim * b.dim)
    const part = new Float64Array(sums.length)
    for (let from = 0; from < a.rows; from += summedRows) {
      const rows = Math.min(summedRows, a.rows - from)
      await breathe(signal ?? never)
      await this.#columns.run({ a: tensorOf(a, from, rows), b: tensorOf(b, from, rows) }, { sums: new Tensor('float64', part, [a.dim, b.dim]) })
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (part[i] as number)
    }
    return sums
  }

  async eachBlock(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void, { signal }: BlasOptions = {}): Promise<void> {
    check(a, b)
    await this.#blocks(a, b, visit, signal ?? never)
  }

  async nearest(queries: Matrix, references: Matrix, k: number, { signal = never, exclude }: NearestOptions = {}): Promise<RankedLists> {
    const lengths = check(queries, references)
    if (exclude && (exclude.queries.length !== queries.rows || exclude.references.length !== references.rows)) throw new RangeError('Give one number a row for what to pass over.')
    const lists = emptyLists(queries.rows, k)
    if (queries.rows === 0 || references.rows === 0 || k === 0) return lists
    const wanted = Math.min(references.rows, k + margin + (exclude ? mostExcluded(exclude.queries, exclude.references) : 0))
    const turn = Math.max(1, Math.floor(heldCandidates / wanted))
    const longest = lengths.b.reduce((most, length) => Math.max(most, length), 0)
    for (let from = 0; from < queries.rows; from += turn) {
      const some: Turn = { queries, references, k, from, rows: Math.min(turn, queries.rows - from), exclude, off: (query) => tolerance(queries.dim, lengths.a[query] as number, longest) }
      const heap = await this.#propose(some, wanted, signal)
      await this.#lookAgain(some, rank(some, heap, wanted < references.rows, lists), lists, signal)
    }
    return lists
  }

  async close(): Promise<void> {
    for (const session of [this.#product, this.#centred, this.#columns, this.#nearest]) await session.release()
  }

  async #propose({ queries, references, from: first, rows: n }: Turn, wanted: number, signal: AbortSignal): Promise<CandidateHeap> {
    const size = nearestRows(this.provider)
    const heap = new CandidateHeap(n, wanted)
    for (let from = 0; from < references.rows; from += size.references) {
      const m = Math.min(size.references, references.rows - from)
      const tensor = tensorOf(references, from, m)
      const most = Math.min(wanted, m)
      const k = new Tensor('int64', BigInt64Array.of(BigInt(most)), [1])
      for (let at = 0; at < n; at += size.queries) {
        const rows = Math.min(size.queries, n - at)
        await breathe(signal)
        const { values, columns } = await this.#nearest.run({ queries: tensorOf(queries, first + at, rows), references: tensor, k })
        offerSortedRows(heap, { first: at, rows, k: most, from }, values?.data as Float32Array, columns?.data as Float32Array)
      }
    }
    return heap
  }

  /** Queries whose last neighbour lies within the rounding of what was left out: every reference near that bound is scored. */
  async #lookAgain({ queries, references, k, exclude, off }: Turn, doubtful: readonly number[], lists: RankedLists, signal: AbortSignal): Promise<void> {
    const { a: step } = blockValues(this.provider)
    const scorer = new CandidateScorer(references)
    for (let at = 0; at < doubtful.length; at += step) {
      const rows = doubtful.slice(at, at + step)
      const some = gather(queries, rows)
      const floors = Float64Array.from(rows, (query) => ((lists.indices[query * k + k - 1] as number) < 0 ? -Infinity : (lists.scores[query * k + k - 1] as number) - 2 * off(query)))
      const rankings = rows.map(() => new Ranking(k))
      await this.#blocks(some, references, ({ values, fromA, rows: n, fromB, columns }) => {
        for (let i = 0; i < n; i++) {
          const query = fromA + i
          scorer.begin(some.data, query * some.dim)
          const floor = floors[query] as number
          const owner = exclude?.queries[rows[query] as number]
          const ranking = rankings[query] as Ranking
          for (let j = 0; j < columns; j++) {
            if ((values[i * columns + j] as number) < floor) continue
            const reference = fromB + j
            if (exclude && exclude.references[reference] === owner) continue
            ranking.offer(scorer.score(reference), reference)
          }
        }
      }, signal)
      for (const [i, query] of rows.entries()) put(lists, query, rankings[i] as Ranking)
    }
  }

  async #blocks(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void, signal: AbortSignal): Promise<void> {
    const size = blockValues(this.provider)
    const buffer = new Float32Array(Math.min(size.a, a.rows) * Math.min(size.b, b.rows))
    for (let fromA = 0; fromA < a.rows; fromA += size.a) {
      const rows = Math.min(size.a, a.rows - fromA)
      const queries = tensorOf(a, fromA, rows)
      for (let fromB = 0; fromB < b.rows; fromB += size.b) {
        const columns = Math.min(size.b, b.rows - fromB)
        await breathe(signal)
        const values = buffer.subarray(0, rows * columns)
        await this.#product.run({ queries, references: tensorOf(b, fromB, columns) }, { similarities: new Tensor('float32', values, [rows, columns]) })
        visit({ values, fromA, rows, fromB, columns })
      }
    }
  }
}

/** Queries [from, from + rows) against all references. `off` is how far a float32 product of a query may be wrong. */
interface Turn {
  readonly queries: Matrix
  readonly references: Matrix
  readonly k: number
  readonly from: number
  readonly rows: number
  readonly exclude: NearestOptions['exclude']
  readonly off: (query: number) => number
}

const never = new AbortController().signal

const tensorOf = ({ data, dim }: Matrix, from: number, rows: number): Tensor => new Tensor('float32', data.subarray(from * dim, (from + rows) * dim), [rows, dim])

/** Scores the proposed candidates in double precision into `lists`; returns the queries whose last place is in doubt. */
function rank(turn: Turn, heap: CandidateHeap, leftOut: boolean, lists: RankedLists): number[] {
  const { k, from, rows, off } = turn
  const order = heap.count > fewCandidates && heap.count <= mostCandidates ? longOrder(turn, heap.count, lists) : shortOrder(turn, lists)
  const doubtful: number[] = []
  for (let i = 0; i < rows; i++) {
    const query = from + i
    order(query, heap.indices.subarray(i * heap.count, (i + 1) * heap.count))
    const least = (lists.indices[query * k + k - 1] as number) < 0 ? -Infinity : (lists.scores[query * k + k - 1] as number)
    if (leftOut && least <= heap.bound(i) + 2 * off(query)) doubtful.push(query)
  }
  return doubtful
}

/** Orders the candidates of a query (-1 behind the last) into its list. */
type Order = (query: number, candidates: Int32Array) => void

function shortOrder({ queries, references, k, exclude }: Turn, lists: RankedLists): Order {
  const { dim } = queries
  const ranking = new Ranking(k)
  return (query, candidates) => {
    const owner = exclude?.queries[query]
    ranking.clear()
    for (const candidate of candidates) {
      if (candidate < 0) break
      if (exclude && exclude.references[candidate] === owner) continue
      ranking.offer(dot(queries.data, query * dim, references.data, candidate * dim, dim), candidate)
    }
    put(lists, query, ranking)
  }
}

function longOrder({ queries, references, k, exclude }: Turn, most: number, lists: RankedLists): Order {
  const { dim } = queries
  const ranking = new LongRanking(most)
  const scores = new Float32Array(most)
  const kept = new Int32Array(most)
  return (query, candidates) => {
    const owner = exclude?.queries[query]
    let count = 0
    for (const candidate of candidates) if (candidate >= 0 && !(exclude && exclude.references[candidate] === owner)) kept[count++] = candidate
    const indices = kept.subarray(0, count).sort()
    for (let i = 0; i < count; i++) scores[i] = dot(queries.data, query * dim, references.data, (indices[i] as number) * dim, dim)
    ranking.sort(indices, scores)
    ranking.write(k, lists.indices, lists.scores, query * k)
  }
}

function put(lists: RankedLists, query: number, { ids, values }: Ranking): void {
  lists.indices.set(ids, query * lists.k)
  lists.scores.set(values, query * lists.k)
}

function gather({ data, dim }: Matrix, rows: readonly number[]): Matrix {
  const some = new Float32Array(rows.length * dim)
  for (const [i, row] of rows.entries()) some.set(data.subarray(row * dim, (row + 1) * dim), i * dim)
  return { rows: rows.length, dim, data: some }
}

function check(a: Matrix, b: Matrix): { a: Float64Array; b: Float64Array } {
  checkSameDim(a, b)
  const first = lengthsOf(a, 'first')
  return { a: first, b: b === a ? first : lengthsOf(b, 'second') }
}
