import { components } from '../../core/dedupe/components.ts'
import { adjacencyOf, type Edges, sortEdges } from '../../core/dedupe/edgeList.ts'
import { stars } from '../../core/dedupe/stars.ts'
import { median } from './machine.ts'
import type { BenchResult } from './result.ts'

const nodes = 200_000
const edges = 1_000_000

/** A million edges: most inside small groups, as near-duplicates are, the rest anywhere. */
function randomEdges(): Edges {
  const a = new Int32Array(edges)
  const b = new Int32Array(edges)
  const score = new Float32Array(edges)
  for (let i = 0; i < edges; i++) {
    const from = Math.floor(Math.random() * nodes)
    const to = Math.random() < 0.9 ? Math.min(nodes - 1, from + 1 + Math.floor(Math.random() * 20)) : Math.floor(Math.random() * nodes)
    a[i] = Math.min(from, to)
    b[i] = Math.max(from, to)
    score[i] = 0.8 + Math.random() * 0.2
  }
  return sortEdges({ a, b, score }, 'descending')
}

/** Moving the threshold: the stored edges of a million pairs read again, as components and as stars. */
export function benchRegrouping(): Promise<BenchResult[]> {
  const graph = randomEdges()
  const links = adjacencyOf(nodes, graph)
  const order = Int32Array.from({ length: nodes }, (_, i) => (i * 7919) % nodes)
  const none = { twins: new Map<number, number[]>(), vetoed: new Set<number>(), hasVeto: new Uint8Array(nodes) }
  const times = { components: [] as number[], stars: [] as number[] }
  for (const threshold of [0.8, 0.85, 0.9, 0.95, 0.8, 0.85, 0.9, 0.95]) {
    let start = performance.now()
    components({ nodes, descriptor: { edges: graph, threshold }, perceptual: null, ...none })
    times.components.push(performance.now() - start)
    start = performance.now()
    stars({ nodes, order, descriptor: { links, threshold }, perceptual: null, ...none })
    times.stars.push(performance.now() - start)
  }
  const worst = (values: readonly number[]): number => Math.max(...values.slice(2))
  return Promise.resolve([
    { bench: 'regrouping', what: 'components of a million stored edges at another threshold', ratio: worst(times.components), target: { atMost: 100 }, unit: 'ms', figures: { 'median ms': median(times.components) } },
    { bench: 'regrouping', what: 'groups (stars) of a million stored edges at another threshold', ratio: worst(times.stars), target: { atMost: 100 }, unit: 'ms', figures: { 'median ms': median(times.stars) } }
  ])
}
