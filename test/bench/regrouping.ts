import { components } from '../../core/dedupe/components.ts'
import { adjacencyOf, type Edges, sortEdges } from '../../core/dedupe/edgeList.ts'
import { stars } from '../../core/dedupe/stars.ts'
import { median } from './machine.ts'
import type { BenchResult } from './result.ts'
import { quiet, spent } from './spent.ts'

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
export async function benchRegrouping(): Promise<BenchResult[]> {
  const graph = randomEdges()
  const links = adjacencyOf(nodes, graph)
  const order = Int32Array.from({ length: nodes }, (_, i) => (i * 7919) % nodes)
  const none = { twins: new Map<number, number[]>(), vetoed: new Set<number>(), hasVeto: new Uint8Array(nodes) }
  const passes = {
    components: (threshold: number) => components({ nodes, descriptor: { edges: graph, threshold }, perceptual: null, ...none }),
    'groups (stars)': (threshold: number) => stars({ nodes, order, descriptor: { links, threshold }, perceptual: null, ...none })
  }
  const results: BenchResult[] = []
  for (const [name, pass] of Object.entries(passes)) {
    const wall: number[] = []
    const cpu: number[] = []
    const { others } = await spent(() => {
      for (const threshold of [0.8, 0.85, 0.9, 0.95, 0.8, 0.85, 0.9, 0.95, 0.8, 0.85, 0.9, 0.95]) {
        const start = performance.now()
        const before = process.threadCpuUsage()
        pass(threshold)
        const { user, system } = process.threadCpuUsage(before)
        wall.push(performance.now() - start)
        cpu.push((user + system) / 1000)
      }
      return Promise.resolve()
    })
    const judged = others > quiet ? 'cpu' : 'wall'
    const both = { wall: median(wall), cpu: median(cpu) }
    results.push({ bench: 'regrouping', what: `${name} of a million stored edges at another threshold`, ratio: both[judged], judged, ...both, others, target: { atMost: 100 }, unit: 'ms', figures: { 'slowest ms': Math.max(...wall), 'first ms': wall[0] ?? 0 } })
  }
  return results
}
