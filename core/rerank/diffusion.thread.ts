/** Offline diffusion, away from the loop of whoever asked: solves the rows it is given over a graph that all threads share. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CallContext, serveThread, Transferred } from '../workers/channel.ts'
import type { RankedLists } from '../domain/rankedLists.ts'
import { diffuseRows, type RowBlock } from './diffusionRows.ts'
import type { SparseRows } from './sparseRows.ts'
import type { SolveOptions } from './truncatedSolver.ts'

/** Its arrays lie in shared memory. */
export interface DiffusionWork {
  readonly graph: SparseRows
  readonly truncation: RankedLists
  readonly options: SolveOptions
}

const { graph, truncation, options } = workerData as DiffusionWork

const api = {
  rows(from: number, to: number, _context: CallContext): Transferred<RowBlock> | RowBlock {
    const block = diffuseRows(graph, truncation, from, to, options)
    const { starts, indices, values } = block.block
    return new Transferred(block, [starts, indices, values].map(({ buffer }) => buffer as ArrayBuffer))
  }
}
/** What the caller sees: the block itself, its buffers moved. */
export interface DiffusionThread {
  rows(from: number, to: number, context: CallContext): RowBlock
}

if (!parentPort) throw new Error('diffusion.thread.ts is the entry of a worker thread')
serveThread(parentPort, api)
