import { rootOf, separate, unite } from '../domain/unionFind.ts'
import { type Edges, prefixAtLeast, prefixAtMost } from './edgeList.ts'
import { pairKey } from './stars.ts'

export interface ComponentInput {
  readonly nodes: number
  /** Sorted as graphs are: the strongest first. */
  readonly descriptor: { readonly edges: Edges; readonly threshold: number } | null
  readonly perceptual: { readonly edges: Edges; readonly radius: number } | null
  readonly twins: ReadonlyMap<number, readonly number[]>
  readonly vetoed: ReadonlySet<number>
  readonly hasVeto: Uint8Array
}

/** For each node the smallest node of its connected component at these settings. Only the edges strong enough are visited. */
export function components({ nodes, descriptor, perceptual, twins, vetoed, hasVeto }: ComponentInput): Int32Array {
  const parent = separate(nodes)
  const link = (a: number, b: number): void => {
    if (hasVeto[a] === 1 && hasVeto[b] === 1 && vetoed.has(pairKey(nodes, a, b))) return
    unite(parent, a, b)
  }
  for (const [node, others] of twins) for (const other of others) if (other !== node) link(node, other)
  if (descriptor) {
    const { edges, threshold } = descriptor
    for (let i = 0, end = prefixAtLeast(edges.score, threshold); i < end; i++) link(edges.a[i] as number, edges.b[i] as number)
  }
  if (perceptual) {
    const { edges, radius } = perceptual
    for (let i = 0, end = prefixAtMost(edges.score, radius); i < end; i++) link(edges.a[i] as number, edges.b[i] as number)
  }
  for (let node = 0; node < nodes; node++) parent[node] = rootOf(parent, node)
  return parent
}
