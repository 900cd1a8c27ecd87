import type { Graph } from './graphFile.ts'
import { type Edges, noEdges } from './edgeList.ts'
import { hashWords } from './identicalImages.ts'
import type { Nodes } from './nodes.ts'

/** A graph's edges between the nodes as they are now. */
export interface LiveEdges {
  readonly edges: Edges
  /** Per image row, 1 where the search saw this image with its present content. */
  readonly covered: Uint8Array
  /** Rows that the search saw but could not compare: they had no vector. */
  readonly withoutVector: readonly number[]
}

/**
 * Translates the edges of a stored graph, which speak of images as they were, to the nodes of now: images that are gone or have changed since fall
 * out, a representative that is gone is replaced by any image of the same content. Keeps the order of the edges.
 */
export function liveEdges(graph: Graph | null, ids: Int32Array, sha: Uint32Array, { nodeOf, twins }: Nodes): LiveEdges {
  const covered = new Uint8Array(ids.length)
  if (!graph) return { edges: noEdges(), covered, withoutVector: [] }
  const withoutVector: number[] = []
  const { imageId, representative, print } = graph.nodes
  const most = imageId.reduce((greatest, id, i) => Math.max(greatest, id, representative[i] as number), ids.at(-1) ?? 0)
  const rowOf = new Int32Array(most + 1).fill(-1)
  for (const [row, id] of ids.entries()) rowOf[id] = row
  const nodeFor = new Int32Array(most + 1).fill(-1)
  for (let i = 0; i < imageId.length; i++) {
    const row = rowOf[imageId[i] as number] as number
    if (row < 0 || sha[row * hashWords] !== print[2 * i] || sha[row * hashWords + 1] !== print[2 * i + 1]) continue
    covered[row] = 1
    const stands = representative[i] as number
    if (stands < 0) {
      withoutVector.push(row)
      continue
    }
    if ((nodeFor[stands] as number) < 0) nodeFor[stands] = nodeOf[row] as number
  }
  return { edges: translated(graph.edges, nodeFor, twins), covered, withoutVector }
}

function translated(edges: Edges, nodeFor: Int32Array, twins: ReadonlyMap<number, readonly number[]>): Edges {
  const n = edges.a.length
  const a = new Int32Array(n)
  const b = new Int32Array(n)
  const score = new Float32Array(n)
  let kept = 0
  let splits = 0
  for (let i = 0; i < n; i++) {
    const from = nodeFor[edges.a[i] as number] ?? -1
    const to = nodeFor[edges.b[i] as number] ?? -1
    if (from < 0 || to < 0 || from === to) continue
    a[kept] = from
    b[kept] = to
    score[kept++] = edges.score[i] as number
    if (twins.size > 0 && (twins.has(from) || twins.has(to))) splits++
  }
  const whole = { a: a.subarray(0, kept), b: b.subarray(0, kept), score: score.subarray(0, kept) }
  return splits === 0 ? whole : withTwins(whole, twins)
}

/** Where a person has split a class of identical pictures, an edge to one of them is an edge to each. */
function withTwins(edges: Edges, twins: ReadonlyMap<number, readonly number[]>): Edges {
  const a: number[] = []
  const b: number[] = []
  const score: number[] = []
  for (let i = 0; i < edges.a.length; i++) {
    const from = edges.a[i] as number
    const to = edges.b[i] as number
    for (const one of [from, ...(twins.get(from) ?? [])]) {
      for (const other of [to, ...(twins.get(to) ?? [])]) {
        if (one === other) continue
        a.push(one)
        b.push(other)
        score.push(edges.score[i] as number)
      }
    }
  }
  return { a: Int32Array.from(a), b: Int32Array.from(b), score: Float32Array.from(score) }
}
