import type { Edges } from '../search/edgeCollector.ts'

export type { Edges } from '../search/edgeCollector.ts'

/** One pass of a least-significant-digit radix sort over 16 bits of `keys`; returns the new order. Stable. */
function pass(order: Int32Array, keys: Uint32Array, shift: number): Int32Array {
  const counts = new Uint32Array(65537)
  for (let i = 0; i < order.length; i++) {
    const digit = (((keys[i] as number) >>> shift) & 0xffff) + 1
    counts[digit] = (counts[digit] as number) + 1
  }
  if (counts.some((count) => count === order.length)) return order
  for (let i = 0; i < 65536; i++) counts[i + 1] = (counts[i + 1] as number) + (counts[i] as number)
  const sorted = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) {
    const entry = order[i] as number
    const digit = ((keys[entry] as number) >>> shift) & 0xffff
    const at = counts[digit] as number
    sorted[at] = entry
    counts[digit] = at + 1
  }
  return sorted
}

/**
 * The strongest edges first ('descending': cosines; 'ascending': distances), ties by a, then b, at most `most` of them. Scores must not be
 * negative. Linear in the number of edges.
 */
export function sortEdges({ a, b, score }: Edges, strongest: 'descending' | 'ascending', most = Infinity): Edges {
  const n = a.length
  // The bits of a float that is not negative order as it does; -0 is made 0.
  const bits = new Uint32Array(Float32Array.from(score, (value) => value + 0).buffer)
  if (strongest === 'descending') for (let i = 0; i < n; i++) bits[i] = ~(bits[i] as number) >>> 0
  let order: Int32Array = Int32Array.from({ length: n }, (_, i) => i)
  for (const keys of [new Uint32Array(b.buffer, b.byteOffset, n), new Uint32Array(a.buffer, a.byteOffset, n), bits]) {
    order = pass(order, keys, 0)
    order = pass(order, keys, 16)
  }
  if (n > most) order = order.subarray(0, most)
  const sorted = { a: new Int32Array(order.length), b: new Int32Array(order.length), score: new Float32Array(order.length) }
  for (let i = 0; i < order.length; i++) {
    const entry = order[i] as number
    sorted.a[i] = a[entry] as number
    sorted.b[i] = b[entry] as number
    sorted.score[i] = score[entry] as number
  }
  return sorted
}

/** How many of the first edges have a score >= `threshold`, of scores in descending order. */
export function prefixAtLeast(score: Float32Array, threshold: number): number {
  const least = Math.fround(threshold)
  let low = 0
  let high = score.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((score[middle] as number) >= least) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the first edges have a score <= `radius`, of scores in ascending order. */
export function prefixAtMost(score: Float32Array, radius: number): number {
  let low = 0
  let high = score.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((score[middle] as number) <= radius) low = middle + 1
    else high = middle
  }
  return low
}

/** For node v its neighbours `targets[starts[v] .. starts[v + 1])` with their scores, in the order of the edges. */
export interface Adjacency {
  readonly starts: Int32Array
  readonly targets: Int32Array
  readonly scores: Float32Array
}

/** Both directions of every edge between `nodes` nodes. */
export function adjacencyOf(nodes: number, { a, b, score }: Edges): Adjacency {
  const starts = new Int32Array(nodes + 1)
  for (let i = 0; i < a.length; i++) {
    starts[(a[i] as number) + 1] = (starts[(a[i] as number) + 1] as number) + 1
    starts[(b[i] as number) + 1] = (starts[(b[i] as number) + 1] as number) + 1
  }
  for (let v = 0; v < nodes; v++) starts[v + 1] = (starts[v + 1] as number) + (starts[v] as number)
  const next = starts.slice(0, nodes)
  const targets = new Int32Array(a.length * 2)
  const scores = new Float32Array(a.length * 2)
  for (let i = 0; i < a.length; i++) {
    const from = a[i] as number
    const to = b[i] as number
    const value = score[i] as number
    const atFrom = next[from] as number
    targets[atFrom] = to
    scores[atFrom] = value
    next[from] = atFrom + 1
    const atTo = next[to] as number
    targets[atTo] = from
    scores[atTo] = value
    next[to] = atTo + 1
  }
  return { starts, targets, scores }
}

export const noEdges = (): Edges => ({ a: new Int32Array(0), b: new Int32Array(0), score: new Float32Array(0) })
