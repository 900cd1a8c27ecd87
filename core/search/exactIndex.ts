import { availableParallelism } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { CandidateHeap } from './candidateHeap.ts'
import { nearestGraph, productGraph } from './exactGraph.ts'
import { GrowingInt32 } from './growingList.ts'
import { offerSortedRows } from './offerSortedRows.ts'
import { rounding } from './similarity.ts'
import { breathe, type CandidateLists, type Candidates, TooManyCandidates, type VectorIndex } from './vectorIndex.ts'
import type { VectorRows } from './vectorRows.ts'

/**
 * Rows of a block. On a CPU the product of 1,024 x 8,192 is large enough for the matrix kernels and small enough not to be paged;
 * a GPU wants more to do per call. `scan` blocks come back to JavaScript whole, so they stay within the cache.
 */
const blockRows = (provider: string) => (provider === 'cpu' ? { queries: 1024, references: 8192, scanQueries: 512, scanReferences: 4096 } : { queries: 4096, references: 65536, scanQueries: 1024, scanReferences: 16384 })

/**
 * Exact search: blocks of queries times blocks of references (Gemm), the best of each row (TopK), merged. All of ONNX Runtime's execution
 * providers can run it; every core is used. `session.run` blocks its process: never make one in the engine.
 */
export class ExactIndex implements VectorIndex {
  readonly provider: string
  readonly tolerance: number
  readonly withinIsCheap: boolean
  readonly leakedBytes = 0
  readonly #references: VectorRows
  readonly #nearest: InferenceSession
  readonly #product: InferenceSession

  private constructor(references: VectorRows, provider: string, nearest: InferenceSession, product: InferenceSession) {
    this.#references = references
    this.provider = provider
    this.tolerance = rounding(references.dim)
    // On a CPU the whole product passes JavaScript at memory speed; from a GPU it would have to cross the bus.
    this.withinIsCheap = provider === 'cpu'
    this.#nearest = nearest
    this.#product = product
  }

  /** Loads on the first of `providers` that works; throws the last one's error where none does. */
  static async open(references: VectorRows, providers: readonly string[] = ['cpu'], threads: number = availableParallelism()): Promise<ExactIndex> {
    let failure: unknown = new Error('No execution provider was named.')
    for (const provider of providers) {
      const options: InferenceSession.SessionOptions = { executionProviders: [provider], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 }
      try {
        return new ExactIndex(references, provider, await InferenceSession.create(nearestGraph(), options), await InferenceSession.create(productGraph(), options))
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  async nearest(queries: Float32Array, n: number, count: number, signal: AbortSignal): Promise<Candidates> {
    const { dim, count: total } = this.#references
    const rows = blockRows(this.provider)
    const wanted = Math.min(count, total)
    const heap = new CandidateHeap(n, Math.max(1, wanted))
    const bounds = new Float32Array(n).fill(-Infinity)
    for (let from = 0; from < total; from += rows.references) {
      const m = Math.min(rows.references, total - from)
      const references = new Tensor('float32', await this.#references.read(from, m), [m, dim])
      const k = Math.min(wanted, m)
      for (let first = 0; first < n; first += rows.queries) {
        const block = Math.min(rows.queries, n - first)
        await breathe(signal)
        const feeds = { queries: new Tensor('float32', queries.subarray(first * dim, (first + block) * dim), [block, dim]), references, k: new Tensor('int64', BigInt64Array.of(BigInt(k)), [1]) }
        const { values, columns } = await this.#nearest.run(feeds)
        offerSortedRows(heap, { first, rows: block, k, from }, values?.data as Float32Array, columns?.data as Float32Array)
      }
    }
    if (total > wanted) for (let query = 0; query < n; query++) bounds[query] = heap.bound(query)
    return { count: heap.count, indices: heap.indices, bounds }
  }

  async within(queries: Float32Array, n: number, floors: Float32Array, { from, limit }: { from: number; limit: number }, signal: AbortSignal): Promise<CandidateLists> {
    const { dim, count: total } = this.#references
    const rows = blockRows(this.provider)
    const found = new GrowingInt32()
    const owners = new GrowingInt32()
    const buffer = new Float32Array(Math.min(n, rows.scanQueries) * Math.min(rows.scanReferences, Math.max(1, total - from)))
    for (let start = from; start < total; start += rows.scanReferences) {
      const m = Math.min(rows.scanReferences, total - start)
      const references = new Tensor('float32', await this.#references.read(start, m), [m, dim])
      for (let first = 0; first < n; first += rows.scanQueries) {
        const block = Math.min(rows.scanQueries, n - first)
        await breathe(signal)
        const similarities = new Tensor('float32', buffer.subarray(0, block * m), [block, m])
        await this.#product.run({ queries: new Tensor('float32', queries.subarray(first * dim, (first + block) * dim), [block, dim]), references }, { similarities })
        for (let row = 0; row < block; row++) collect(buffer, row * m, m, floors[first + row] as number, start, first + row, found, owners)
        if (found.length > limit) throw new TooManyCandidates(limit)
      }
    }
    return listsOf(n, owners.view(), found.view())
  }

  async close(): Promise<void> {
    await this.#nearest.release()
    await this.#product.release()
  }
}

function collect(similarities: Float32Array, at: number, m: number, floor: number, start: number, owner: number, found: GrowingInt32, owners: GrowingInt32): void {
  for (let column = 0; column < m; column++) {
    if ((similarities[at + column] as number) >= floor) {
      found.push(start + column)
      owners.push(owner)
    }
  }
}

/** Orders (owner, index) entries by owner, keeping the order inside each (counting sort). */
function listsOf(n: number, owners: Int32Array, values: Int32Array): CandidateLists {
  const starts = new Float64Array(n + 1)
  for (const owner of owners) starts[owner + 1] = (starts[owner + 1] as number) + 1
  for (let i = 0; i < n; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number)
  const next = starts.slice(0, n)
  const indices = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const owner = owners[i] as number
    const at = next[owner] as number
    indices[at] = values[i] as number
    next[owner] = at + 1
  }
  return { starts, indices }
}
