import { availableParallelism } from 'node:os'
import type { RankedLists } from '../domain/rankedLists.ts'
import { startThread } from '../workers/thread.ts'
import { type DiffusionOptions, diffusionGraph } from './diffusion.ts'
import type { DiffusionThread, DiffusionWork } from './diffusion.thread.ts'
import { joinBlocks, type RowBlock } from './diffusionRows.ts'
import type { SparseRows } from './sparseRows.ts'

export interface PoolOptions {
  /** Default: one a core. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Rows done, of all. */
  readonly report?: (done: number, total: number) => void
}

/** Rows a thread is handed at a time: enough to outweigh the call, few enough that the last one is not waited for long. */
const rowsAtOnce = 256

/** `diffuse` (diffusion.ts) spread over threads; the result is the same to the bit. Rejects with the signal's reason. */
export async function diffuseInThreads(lists: RankedLists, options: DiffusionOptions, { threads = availableParallelism(), signal, report }: PoolOptions = {}): Promise<SparseRows> {
  signal?.throwIfAborted()
  const rows = lists.queries
  const graph = diffusionGraph(lists, options)
  const work: DiffusionWork = {
    graph: { ...graph, starts: shared(graph.starts), indices: shared(graph.indices), values: shared(graph.values) },
    // The scores have done their part in the graph.
    truncation: { queries: rows, k: lists.k, indices: shared(lists.indices), scores: new Float32Array(0) },
    options: { tolerance: options.tolerance, iterations: options.iterations }
  }
  const blocks: RowBlock[] = []
  let next = 0
  let done = 0
  const running = Array.from({ length: Math.max(1, Math.min(threads, Math.ceil(rows / rowsAtOnce))) }, () => startThread<DiffusionThread>(new URL('./diffusion.thread.ts', import.meta.url), work))
  try {
    await Promise.all(running.map(async ({ connection }) => {
      while (next < rows) {
        signal?.throwIfAborted()
        const from = next
        const to = Math.min(rows, from + rowsAtOnce)
        next = to
        blocks.push(await connection.call('rows', [from, to]))
        done += to - from
        report?.(done, rows)
      }
    }))
  } finally {
    await Promise.all(running.map(async (thread) => await thread.end()))
  }
  return joinBlocks(blocks, rows)
}

function shared<T extends Int32Array | Float32Array | Float64Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const copy = new (values.constructor as new (buffer: SharedArrayBuffer) => T)(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
