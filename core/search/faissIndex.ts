import { mkdtemp, open, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WinnowError } from '../domain/errors.ts'
import { GrowingInt32 } from './growingList.ts'
import { rounding } from './similarity.ts'
import { breathe, type CandidateLists, type Candidates, TooManyCandidates, type VectorIndex } from './vectorIndex.ts'
import type { VectorRows } from './vectorRows.ts'

interface FaissFlat {
  ntotal(): number
  search(queries: number[], k: number): { distances: number[]; labels: number[] }
}
interface Faiss {
  readonly IndexFlatIP: { read(file: string): FaissFlat }
}

/** Results of one call are plain JavaScript arrays: this many at most. */
const resultsAtOnce = 2 ** 20
const blockRows = 8192

/**
 * Exact search by faiss's flat inner-product index, through faiss-node. That library is optional, blocks its process and never frees a
 * query buffer: it lives in a process of its own that is replaced after a bounded number of query bytes.
 */
export class FaissIndex implements VectorIndex {
  readonly provider = 'faiss'
  readonly tolerance: number
  readonly withinIsCheap = false
  readonly #references: VectorRows
  readonly #index: FaissFlat | null
  #leaked = 0

  private constructor(references: VectorRows, index: FaissFlat | null) {
    this.#references = references
    this.#index = index
    this.tolerance = rounding(references.dim)
  }

  /** Throws UNAVAILABLE where faiss-node is not installed or does not load. */
  static async open(references: VectorRows): Promise<FaissIndex> {
    const faiss = loadFaiss()
    if (references.count === 0) return new FaissIndex(references, null)
    const folder = await mkdtemp(join(tmpdir(), 'winnow-faiss-'))
    try {
      const file = join(folder, 'flat.index')
      await writeFlatIndex(file, references)
      return new FaissIndex(references, faiss.IndexFlatIP.read(file))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  get leakedBytes(): number {
    return this.#leaked
  }

  async nearest(queries: Float32Array, n: number, count: number, signal: AbortSignal): Promise<Candidates> {
    const { count: total } = this.#references
    const k = Math.max(1, Math.min(count, total))
    const indices = new Int32Array(n * k).fill(-1)
    const bounds = new Float32Array(n).fill(-Infinity)
    if (!this.#index) return { count: k, indices, bounds }
    const most = Math.max(1, Math.floor(resultsAtOnce / k))
    for (let first = 0; first < n; first += most) {
      await breathe(signal)
      const block = Math.min(most, n - first)
      const { distances, labels } = this.#search(queries, first, block, k)
      for (let i = 0; i < block * k; i++) indices[first * k + i] = labels[i] as number
      if (total > k) for (let row = 0; row < block; row++) bounds[first + row] = distances[(row + 1) * k - 1] as number
    }
    return { count: k, indices, bounds }
  }

  /** faiss-node has no range search: more and more neighbours are asked for, until the last lies below the floor. */
  async within(queries: Float32Array, n: number, floors: Float32Array, { from, limit }: { from: number; limit: number }, signal: AbortSignal): Promise<CandidateLists> {
    const { count: total } = this.#references
    const found = new GrowingInt32()
    const starts = new Float64Array(n + 1)
    for (let row = 0; row < n && this.#index; row++) {
      let k = Math.min(128, total)
      let reply = this.#search(queries, row, 1, k)
      while (k < total && (reply.distances[k - 1] as number) >= (floors[row] as number)) {
        await breathe(signal)
        k = Math.min(k * 4, total)
        reply = this.#search(queries, row, 1, k)
      }
      for (let i = 0; i < k; i++) {
        if ((reply.distances[i] as number) >= (floors[row] as number) && (reply.labels[i] as number) >= from) found.push(reply.labels[i] as number)
      }
      if (found.length > limit) throw new TooManyCandidates(limit)
      starts[row + 1] = found.length
      await breathe(signal)
    }
    return { starts, indices: found.view() }
  }

  async close(): Promise<void> {}

  #search(queries: Float32Array, first: number, block: number, k: number): { distances: number[]; labels: number[] } {
    const { dim } = this.#references
    this.#leaked += block * dim * 4
    return (this.#index as FaissFlat).search(Array.from(queries.subarray(first * dim, (first + block) * dim)), k)
  }
}

function loadFaiss(): Faiss {
  try {
    return createRequire(import.meta.url)('faiss-node') as Faiss
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new WinnowError('UNAVAILABLE', `faiss is not set up on this machine. Run "npm run setup:faiss", or use the exact engine, which gives the same result. (${why})`)
  }
}

/**
 * Writes the references as faiss's own flat file (fourcc IxFI, faiss/impl/index_write.cpp): reading it back is some twenty times faster
 * than handing faiss-node arrays of numbers.
 */
async function writeFlatIndex(file: string, references: VectorRows): Promise<void> {
  const { count, dim } = references
  const header = Buffer.alloc(45)
  header.write('IxFI', 0, 'latin1')
  header.writeInt32LE(dim, 4)
  header.writeBigInt64LE(BigInt(count), 8)
  header.writeBigInt64LE(1n << 20n, 16)
  header.writeBigInt64LE(1n << 20n, 24)
  header.writeUInt8(1, 32) // is_trained
  header.writeInt32LE(0, 33) // METRIC_INNER_PRODUCT
  header.writeBigUInt64LE(BigInt(count) * BigInt(dim), 37)
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(header)
    for (let from = 0; from < count; from += blockRows) {
      const block = await references.read(from, Math.min(blockRows, count - from))
      await handle.writeFile(new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
    }
  } finally {
    await handle.close()
  }
}
