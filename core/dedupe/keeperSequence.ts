import type { KeeperRule } from '../contract/duplicates.ts'
import { type ImageTable, isUpscaled } from './imageTable.ts'
import type { Edges } from './edgeList.ts'
import { compareKeepers, keeperRanking } from './keeperRules.ts'
import type { Nodes } from './nodes.ts'

/** For each node its row that is kept first: identical pictures differ only in what the rules say of the file. */
export function bestRows(table: ImageTable, rules: readonly KeeperRule[], { count, starts, rows }: Nodes): Int32Array {
  const best = new Int32Array(count)
  for (let node = 0; node < count; node++) {
    let chosen = rows[starts[node] as number] as number
    for (let at = (starts[node] as number) + 1; at < (starts[node + 1] as number); at++) {
      const row = rows[at] as number
      if (compareKeepers(table, rules, { row, upscaled: false }, { row: chosen, upscaled: false }) < 0) chosen = row
    }
    best[node] = chosen
  }
  return best
}

/** Edges whose one end looks like an enlargement of the other: at edge `edge[i]`, node `node[i]`. In the order of the edges. */
export interface Suspicions {
  readonly edge: Int32Array
  readonly node: Int32Array
}

export function suspicions(table: ImageTable, best: Int32Array, edges: Edges): Suspicions {
  const edge: number[] = []
  const node: number[] = []
  for (let i = 0; i < edges.a.length; i++) {
    const a = edges.a[i] as number
    const b = edges.b[i] as number
    const enlarged = isUpscaled(table, best[a] as number, best[b] as number) ? a : isUpscaled(table, best[b] as number, best[a] as number) ? b : -1
    if (enlarged < 0) continue
    edge.push(i)
    node.push(enlarged)
  }
  return { edge: Int32Array.from(edge), node: Int32Array.from(node) }
}

/**
 * The keepers' order, made once for all thresholds. Whether a node is an enlargement depends on which edges count, so a node under suspicion has two
 * places: entry 2v for node v as it is, 2v + 1 for it as an enlargement. A replay walks the list and passes over the place that does not hold.
 */
export function keeperSequence(table: ImageTable, rules: readonly KeeperRule[], best: Int32Array, linked: Uint8Array, suspected: readonly Suspicions[]): Int32Array {
  const twofold = new Uint8Array(best.length)
  for (const { node } of suspected) for (const each of node) twofold[each] = 1
  const entries: number[] = []
  for (let node = 0; node < best.length; node++) {
    if (!linked[node]) continue
    entries.push(2 * node)
    if (twofold[node]) entries.push(2 * node + 1)
  }
  const candidates = entries.map((entry) => ({ row: best[entry >> 1] as number, upscaled: (entry & 1) === 1 }))
  return keeperRanking(table, rules, candidates).map((place) => entries[place] as number)
}

/** Which nodes are enlargements of something they are linked to at these settings (1 where so). */
export function upscaledNodes(count: number, parts: readonly { readonly suspicions: Suspicions; readonly prefix: number }[]): Uint8Array {
  const flags = new Uint8Array(count)
  for (const { suspicions: { edge, node }, prefix } of parts) {
    for (let i = 0; i < edge.length && (edge[i] as number) < prefix; i++) flags[node[i] as number] = 1
  }
  return flags
}

/** The nodes of the sequence in the order that holds when these are the enlargements. */
export function sequenceFor(sequence: Int32Array, upscaled: Uint8Array): Int32Array {
  const order = new Int32Array(sequence.length)
  let n = 0
  for (let i = 0; i < sequence.length; i++) {
    const entry = sequence[i] as number
    if (upscaled[entry >> 1] === (entry & 1)) order[n++] = entry >> 1
  }
  return order.subarray(0, n)
}

