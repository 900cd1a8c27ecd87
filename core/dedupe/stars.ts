import type { Adjacency } from './edgeList.ts'

/** What links nodes at the present settings. An absent kind of evidence is null. */
export interface StarInput {
  readonly nodes: number
  /** The nodes that have any link, in the order in which keepers are taken. */
  readonly order: Int32Array
  readonly descriptor: { readonly links: Adjacency; readonly threshold: number } | null
  readonly perceptual: { readonly links: Adjacency; readonly radius: number } | null
  /** Nodes of the same bytes or pixels that a person has told apart from some of each other: by node, the others. */
  readonly twins: ReadonlyMap<number, readonly number[]>
  /** Pairs that a person has judged (not duplicates, or variants), as `pairKey`. */
  readonly vetoed: ReadonlySet<number>
  /** 1 where a node is in some vetoed pair. */
  readonly hasVeto: Uint8Array
}

export interface Stars {
  /** For each node the keeper that stands for it: itself where it is a keeper, -1 where it was not in the order. */
  readonly keeperOf: Int32Array
  /** Cosine to the keeper where the descriptor linked them, else NaN. */
  readonly cosine: Float32Array
  /** Hamming distance to the keeper where the hash linked them, else 255. */
  readonly distance: Uint8Array
  /** 1 where the node is a twin of its keeper. */
  readonly twin: Uint8Array
}

export const noDistance = 255

/** One number for a pair of nodes, whichever comes first. Exact up to 94 million nodes. */
export const pairKey = (nodes: number, a: number, b: number): number => (a < b ? a * nodes + b : b * nodes + a)

/**
 * Groups as stars, not chains: nodes are taken in the keepers' order; the first that belongs to no one becomes a keeper and takes every free
 * node that has a link to it and no veto. So every node that goes has a link to the one that stays for it, and no two that stay have one,
 * vetoes excepted. O(nodes + edges); the links of a keeper only are looked at.
 */
export function stars({ nodes, order, descriptor, perceptual, twins, vetoed, hasVeto }: StarInput): Stars {
  const threshold = descriptor ? Math.fround(descriptor.threshold) : 0
  const keeperOf = new Int32Array(nodes).fill(-1)
  const cosine = new Float32Array(nodes).fill(NaN)
  const distance = new Uint8Array(nodes).fill(noDistance)
  const twin = new Uint8Array(nodes)
  const isVetoed = (keeper: number, node: number): boolean => hasVeto[node] === 1 && vetoed.has(pairKey(nodes, keeper, node))
  for (let i = 0; i < order.length; i++) {
    const keeper = order[i] as number
    if ((keeperOf[keeper] as number) >= 0) continue
    keeperOf[keeper] = keeper
    const careful = hasVeto[keeper] === 1
    if (twins.size > 0) {
      for (const node of twins.get(keeper) ?? []) {
        if ((keeperOf[node] as number) >= 0 || isVetoed(keeper, node)) continue
        keeperOf[node] = keeper
        twin[node] = 1
      }
    }
    // The two loops are written out: they visit every edge of a keeper, millions of them, and a call in each would be felt.
    if (perceptual) {
      const { links: { starts, targets, scores }, radius } = perceptual
      for (let at = starts[keeper] as number, end = starts[keeper + 1] as number; at < end && (scores[at] as number) <= radius; at++) {
        const node = targets[at] as number
        const owner = keeperOf[node] as number
        if (owner >= 0 ? owner !== keeper : careful && isVetoed(keeper, node)) continue
        keeperOf[node] = keeper
        if (distance[node] === noDistance) distance[node] = scores[at] as number
      }
    }
    if (descriptor) {
      const { links: { starts, targets, scores } } = descriptor
      for (let at = starts[keeper] as number, end = starts[keeper + 1] as number; at < end && (scores[at] as number) >= threshold; at++) {
        const node = targets[at] as number
        const owner = keeperOf[node] as number
        if (owner >= 0 ? owner !== keeper : careful && isVetoed(keeper, node)) continue
        keeperOf[node] = keeper
        if (!((cosine[node] as number) >= 0)) cosine[node] = scores[at] as number
      }
    }
  }
  return { keeperOf, cosine, distance, twin }
}
