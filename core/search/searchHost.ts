import type { EdgesReply } from './searchProcess.ts'
import { type SearchEngine, SearchProcessHost, type SearchSession } from './processHost.ts'
import { sliceSource, sourceKey, type VectorSource } from './vectorSource.ts'

export interface KnnRequest {
  readonly queries: VectorSource
  readonly references: VectorSource
  readonly k: number
  readonly engine: SearchEngine
  /** Leave out the reference that is the query image itself. */
  readonly excludeSelf: boolean
}

export interface KnnResult {
  readonly k: number
  /** n x k image ids, most similar first (then the smaller id), -1 where there are fewer. */
  readonly imageIds: Int32Array
  /** n x k cosines. */
  readonly similarities: Float32Array
  /** What computed it: cpu, cuda, faiss. */
  readonly provider: string
}

export interface EdgesRequest {
  readonly vectors: VectorSource
  /** Least cosine of an edge. */
  readonly floor: number
  /** Edges that one chunk may give: beyond, the floor rises. */
  readonly cap: number
  readonly engine: SearchEngine
  /** Rows that are done already (a resume). */
  readonly from?: number
}

export interface EdgeChunk extends EdgesReply {
  /** All edges whose earlier row is before this one have been handed over. */
  readonly rowsDone: number
  readonly provider: string
}

export interface SearchOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Multiply-adds of one chunk: about a second of a small machine's time, so that progress moves and an abort is heard. */
const chunkWork = 1e11
const leastRows = 16
const mostRows = 4096

/** Nearest neighbours and close pairs, in search processes: `exact` (ONNX Runtime) or `faiss`. Both give the same answer. */
export class SearchHost {
  readonly #hosts: Record<SearchEngine, SearchProcessHost>

  /** `mostLeakedBytes`: when the faiss process has kept this much, it is replaced. */
  constructor({ mostLeakedBytes }: { mostLeakedBytes?: number } = {}) {
    this.#hosts = { exact: new SearchProcessHost('exact'), faiss: new SearchProcessHost('faiss', mostLeakedBytes) }
  }

  /** The k nearest references of each query. Throws UNAVAILABLE where the engine cannot run here, or the signal's reason. */
  async knn({ queries, references, k, engine, excludeSelf }: KnnRequest, { signal, onProgress }: SearchOptions = {}): Promise<KnnResult> {
    if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a whole number from 1, not ${k}.`)
    if (queries.dim !== references.dim) throw new RangeError(`Queries have ${queries.dim} dimensions, references ${references.dim}.`)
    const n = queries.rows.length
    const imageIds = new Int32Array(n * k).fill(-1)
    const similarities = new Float32Array(n * k)
    const host = this.#hosts[engine]
    const key = sourceKey(references)
    const rows = chunkRows(references)
    let provider = ''
    for (let from = 0; from < n; from += rows) {
      const chunk = sliceSource(queries, from, Math.min(n, from + rows))
      const reply = await host.use(async (session) => {
        provider = await opened(session, key, references, signal)
        return await session.connection.call('knn', [key, chunk, k, excludeSelf], signal ? { signal } : {})
      }, signal)
      imageIds.set(reply.imageIds, from * k)
      similarities.set(reply.similarities, from * k)
      await host.leaked(reply.leakedBytes)
      onProgress?.(Math.min(n, from + rows), n)
    }
    return { k, imageIds, similarities, provider }
  }

  /**
   * All pairs of cosine >= floor, in chunks of rows: `onChunk` is awaited with each, and may ask for a higher floor for the rest by returning it;
   * null stops the search.
   * Throws as `knn` does.
   */
  async edges({ vectors, floor, cap, engine, from: first = 0 }: EdgesRequest, onChunk: (chunk: EdgeChunk) => Promise<number | null>, { signal, onProgress }: SearchOptions = {}): Promise<void> {
    const n = vectors.rows.length
    const host = this.#hosts[engine]
    const key = sourceKey(vectors)
    const rows = chunkRows(vectors)
    let lowest = floor
    for (let from = first; from < n; from += rows) {
      const to = Math.min(n, from + rows)
      let provider = ''
      const reply = await host.use(async (session) => {
        provider = await opened(session, key, vectors, signal)
        return await session.connection.call('edges', [key, from, to, lowest, cap], signal ? { signal } : {})
      }, signal)
      await host.leaked(reply.leakedBytes)
      const next = await onChunk({ ...reply, rowsDone: to, provider })
      onProgress?.(to, n)
      if (next === null) return
      lowest = next
    }
  }

  /** The ids of the processes that run now. */
  get processes(): Partial<Record<SearchEngine, number>> {
    const { exact, faiss } = this.#hosts
    return { ...(exact.pid === undefined ? {} : { exact: exact.pid }), ...(faiss.pid === undefined ? {} : { faiss: faiss.pid }) }
  }

  async close(): Promise<void> {
    await Promise.all([this.#hosts.exact.close(), this.#hosts.faiss.close()])
  }
}

const chunkRows = ({ rows, dim }: VectorSource): number => Math.max(leastRows, Math.min(mostRows, Math.floor(chunkWork / (Math.max(1, rows.length) * dim))))

/** Opens the index where the process does not hold it yet; says what computes. */
async function opened({ connection }: SearchSession, key: string, source: VectorSource, signal: AbortSignal | undefined): Promise<string> {
  const options = signal ? { signal } : {}
  return (await connection.call('held', [key], options)) ?? (await connection.call('open', [key, source], options))
}
