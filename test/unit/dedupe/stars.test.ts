import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { components } from '../../../core/dedupe/components.ts'
import { adjacencyOf, type Edges, sortEdges } from '../../../core/dedupe/edgeList.ts'
import { pairKey, stars } from '../../../core/dedupe/stars.ts'

const graph = fc.integer({ min: 2, max: 40 }).chain((nodes) => {
  const node = fc.integer({ min: 0, max: nodes - 1 })
  const pair = fc.tuple(node, node).filter(([a, b]) => a !== b)
  return fc.record({
    nodes: fc.constant(nodes),
    descriptor: fc.array(fc.tuple(pair, fc.integer({ min: 50, max: 100 })), { maxLength: 150 }),
    perceptual: fc.array(fc.tuple(pair, fc.integer({ min: 0, max: 16 })), { maxLength: 60 }),
    vetoes: fc.array(pair, { maxLength: 20 }),
    threshold: fc.integer({ min: 45, max: 105 }),
    radius: fc.integer({ min: -1, max: 16 }),
    order: fc.shuffledSubarray(Array.from({ length: nodes }, (_, i) => i), { minLength: nodes }),
    seed: fc.integer()
  })
})
type Graph = typeof graph extends fc.Arbitrary<infer T> ? T : never

const edgesOf = (list: readonly (readonly [readonly [number, number], number])[], scale: number): Edges => {
  // One edge a pair, as the searches give them.
  const pairs = new Map(list.map(([[a, b], value]) => [`${Math.min(a, b)} ${Math.max(a, b)}`, value / scale]))
  const entries = [...pairs].map(([pair, score]) => [...pair.split(' ').map(Number), score] as [number, number, number])
  return { a: Int32Array.from(entries, ([a]) => a), b: Int32Array.from(entries, ([, b]) => b), score: Float32Array.from(entries, ([, , score]) => score) }
}

const shuffled = ({ a, b, score }: Edges, seed: number): Edges => {
  const order = Array.from({ length: a.length }, (_, i) => i).sort((x, y) => ((x * 7919 + seed) % 101) - ((y * 7919 + seed) % 101))
  return { a: Int32Array.from(order, (i) => a[i] as number), b: Int32Array.from(order, (i) => b[i] as number), score: Float32Array.from(order, (i) => score[i] as number) }
}

function inputOf({ nodes, descriptor, perceptual, vetoes, threshold, radius, order }: Graph, mix: (edges: Edges) => Edges = (edges) => edges) {
  const cosines = sortEdges(mix(edgesOf(descriptor, 100)), 'descending')
  const distances = sortEdges(mix(edgesOf(perceptual, 1)), 'ascending')
  const hasVeto = new Uint8Array(nodes)
  for (const node of vetoes.flat()) hasVeto[node] = 1
  return {
    nodes,
    order: Int32Array.from(order),
    descriptor: { edges: cosines, links: adjacencyOf(nodes, cosines), threshold: threshold / 100 },
    perceptual: { edges: distances, links: adjacencyOf(nodes, distances), radius },
    twins: new Map<number, number[]>(),
    vetoed: new Set(vetoes.map(([a, b]) => pairKey(nodes, a, b))),
    hasVeto
  }
}

/** All pairs that are linked at the settings and not vetoed. */
function linksOf({ nodes, descriptor, perceptual, vetoes, threshold, radius }: Graph): Set<number> {
  const links = new Set<number>()
  const add = ({ a, b, score }: Edges, holds: (score: number) => boolean): void => score.forEach((value, i) => void (holds(value) && links.add(pairKey(nodes, a[i] as number, b[i] as number))))
  add(edgesOf(descriptor, 100), (value) => value >= Math.fround(threshold / 100))
  add(edgesOf(perceptual, 1), (value) => value <= radius)
  for (const [a, b] of vetoes) links.delete(pairKey(nodes, a, b))
  return links
}

test('every image that goes has a link to the one that stays for it; no two that stay have one, vetoes excepted', () => {
  fc.assert(fc.property(graph, (given) => {
    const { keeperOf } = stars(inputOf(given))
    const links = linksOf(given)
    const linked = (a: number, b: number): boolean => links.has(pairKey(given.nodes, a, b))
    expect([...keeperOf.entries()].filter(([node, keeper]) => node !== keeper && !linked(node, keeper))).toEqual([])
    const keepers = [...keeperOf.entries()].filter(([node, keeper]) => node === keeper).map(([node]) => node)
    expect(keepers.flatMap((a, i) => keepers.slice(i + 1).filter((b) => linked(a, b)).map((b) => [a, b]))).toEqual([])
  }), { numRuns: 300 })
})

test('a keeper comes before everything it stands for', () => {
  fc.assert(fc.property(graph, (given) => {
    const place = new Map(given.order.map((node, i) => [node, i]))
    const late = [...stars(inputOf(given)).keeperOf.entries()].filter(([node, keeper]) => (place.get(keeper) as number) > (place.get(node) as number))
    expect(late).toEqual([])
  }))
})

test('the order in which edges were found does not matter', () => {
  fc.assert(fc.property(graph, (given) => {
    expect(stars(inputOf(given, (edges) => shuffled(edges, given.seed)))).toEqual(stars(inputOf(given)))
  }))
})

test('the strongest evidence to the keeper is what is told', () => {
  fc.assert(fc.property(graph, (given) => {
    const { keeperOf, cosine, distance } = stars(inputOf(given))
    const cosines = new Map(given.descriptor.map(([[a, b], value]) => [pairKey(given.nodes, a, b), Math.fround(value / 100)]))
    const distances = new Map(given.perceptual.map(([[a, b], value]) => [pairKey(given.nodes, a, b), value]))
    for (const [node, keeper] of keeperOf.entries()) {
      if (node === keeper) continue
      const pair = pairKey(given.nodes, node, keeper)
      const seen = cosines.get(pair) ?? -1
      expect(cosine[node]).toBe(seen >= Math.fround(given.threshold / 100) ? seen : NaN)
      const near = distances.get(pair) ?? 255
      expect(distance[node]).toBe(near <= given.radius ? near : 255)
    }
  }))
})

test('components are those of the links, found by the definition', () => {
  fc.assert(fc.property(graph, (given) => {
    const found = components(inputOf(given))
    const label = Array.from({ length: given.nodes }, (_, i) => i)
    const links = [...linksOf(given)].map((key) => [Math.floor(key / given.nodes), key % given.nodes] as const)
    for (let changed = true; changed; ) {
      changed = false
      for (const [a, b] of links) {
        const least = Math.min(label[a] as number, label[b] as number)
        if (label[a] !== least || label[b] !== least) changed = true
        label[a] = label[b] = least
      }
    }
    expect([...found]).toEqual(label)
  }))
})
