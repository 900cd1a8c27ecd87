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
  const keeperOf = new Int32Array(nodes).fill(-1)
  const cosine = new Float32Array(nodes).fill(NaN)
  const distance = new Uint8Array(nodes).fill(noDistance)
  const twin = new Uint8Array(nodes)
  const threshold = descriptor ? Math.fround(descriptor.threshold) : 0
  for (let i = 0; i < order.length; i++) {
    const keeper = order[i] as number
    if ((keeperOf[keeper] as number) >= 0) continue
    keeperOf[keeper] = keeper
    const careful = hasVeto[keeper] === 1
    const free = (node: number): boolean => {
      const owner = keeperOf[node] as number
      return owner < 0 ? !(careful && hasVeto[node] === 1 && vetoed.has(pairKey(nodes, keeper, node))) : owner === keeper
    }
    for (const node of twins.get(keeper) ?? []) {
      if (node === keeper || !free(node)) continue
      keeperOf[node] = keeper
      twin[node] = 1
    }
    if (perceptual) {
      const { starts, targets, scores } = perceptual.links
      for (let at = starts[keeper] as number, end = starts[keeper + 1] as number; at < end && (scores[at] as number) <= perceptual.radius; at++) {
        const node = targets[at] as number
        if (!free(node)) continue
        keeperOf[node] = keeper
        if (distance[node] === noDistance) distance[node] = scores[at] as number
      }
    }
    if (descriptor) {
      const { starts, targets, scores } = descriptor.links
      for (let at = starts[keeper] as number, end = starts[keeper + 1] as number; at < end && (scores[at] as number) >= threshold; at++) {
        const node = targets[at] as number
        if (!free(node)) continue
        keeperOf[node] = keeper
        if (Number.isNaN(cosine[node] as number)) cosine[node] = scores[at] as number
      }
    }
  }
  // A keeper has no evidence to itself: nodes point at themselves only if a link did, which graphs do not hold.
  return { keeperOf, cosine, distance, twin }
}
