import type { RankedLists } from '../domain/rankedLists.ts'
import { type AffinityOptions, mutualAffinity, scaledStochastic } from './affinity.ts'
import { diffuseRows, joinBlocks } from './diffusionRows.ts'
import type { SparseRows } from './sparseRows.ts'
import type { SolveOptions } from './truncatedSolver.ts'

/** Yang et al., "Efficient Image Retrieval via Decoupling Diffusion into Online and Offline Processing", AAAI 2019; values of fyang93/diffusion. */
export interface DiffusionOptions extends AffinityOptions, SolveOptions {
  /** Weight of the graph against the start: (I - alpha·S) f = e. */
  readonly alpha: number
}

export const diffusionDefaults: DiffusionOptions = { neighbours: 50, gamma: 3, alpha: 0.99, tolerance: 1e-6, iterations: 20 }
/** Rows of each truncated sub-graph. */
export const defaultTruncation = 1000

/** The graph that is diffused over: alpha·S of the mutual kNN graph. `lists` as for `diffuse`. */
export const diffusionGraph = (lists: RankedLists, options: DiffusionOptions): SparseRows => scaledStochastic(mutualAffinity(lists, options), options.alpha)

/**
 * The offline part in this thread (diffusionPool.ts spreads it over threads): row i is f of (I - alpha·S)[ids, ids] · f = e_1 over the rows
 * `ids` of list i. `lists` are the neighbours of all rows, queries and references together, among themselves, each itself first (`ownNeighbours`);
 * their length is the truncation, their first `neighbours` make the graph. Transductive: queries are nodes of the graph too.
 */
export function diffuse(lists: RankedLists, options: DiffusionOptions): SparseRows {
  return joinBlocks([diffuseRows(diffusionGraph(lists, options), lists, 0, lists.queries, options)], lists.queries)
}
