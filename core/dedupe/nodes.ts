import type { HashTable } from './identicalImages.ts'
import { hashWords, identicalClasses, sameHash } from './identicalImages.ts'
import { pairKey } from './stars.ts'

/** What a person said of two pictures, by the first 16 bytes (4 words) of their SHA-256. */
export interface Relation {
  readonly a: Uint32Array
  readonly b: Uint32Array
  readonly value: 'different' | 'variant'
}

/**
 * Images collapsed to nodes: the same bytes or the same pixels are one node, numbered in the order of their first image. Where a person has told
 * apart pictures that are identical, their class is split and its parts are `twins` of each other.
 */
export interface Nodes {
  readonly count: number
  /** By image row. */
  readonly nodeOf: Int32Array
  /** Rows of node v: `rows[starts[v] .. starts[v + 1])`, ascending. */
  readonly starts: Int32Array
  readonly rows: Int32Array
  readonly twins: ReadonlyMap<number, readonly number[]>
  readonly vetoed: ReadonlySet<number>
  readonly hasVeto: Uint8Array
  /** Pairs of image rows that a person called variants. */
  readonly variants: readonly { readonly a: number; readonly b: number }[]
}

/** `shas` and `pixels` index the same rows; `shaWords` are the words that `shas` was made of. */
export function nodesOf(rows: number, shaWords: Uint32Array, shas: HashTable, pixels: HashTable, relations: readonly Relation[]): Nodes {
  const classOf = identicalClasses(shas, pixels, rows)
  const judged = relations.map(({ a, b, value }) => ({ a: shas.first(a), b: shas.first(b), value })).filter(({ a, b }) => a >= 0 && b >= 0)
  const split = new Map<number, { alone: boolean }>()
  for (const { a, b } of judged) {
    const one = classOf[a] as number
    if (one === classOf[b]) split.set(one, { alone: (split.get(one)?.alone ?? false) || a === b })
  }
  const key = Int32Array.from(classOf)
  if (split.size > 0) splitClasses(key, classOf, shaWords, split)
  const nodeOf = new Int32Array(rows)
  const firstRow = new Int32Array(rows).fill(-1)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const root = key[row] as number
    if ((firstRow[root] as number) < 0) firstRow[root] = count++
    nodeOf[row] = firstRow[root] as number
  }
  const twins = twinsOf(nodeOf, classOf, split)
  const vetoed = new Set<number>()
  const hasVeto = new Uint8Array(count)
  const variants: { a: number; b: number }[] = []
  for (const { a, b, value } of judged) {
    if (value === 'variant') variants.push({ a, b })
    for (let i = a; i >= 0; i = shas.next[i] as number) {
      for (let j = b; j >= 0; j = shas.next[j] as number) {
        const [from, to] = [nodeOf[i] as number, nodeOf[j] as number]
        if (from === to) continue
        vetoed.add(pairKey(count, from, to))
        hasVeto[from] = 1
        hasVeto[to] = 1
      }
    }
  }
  return { count, nodeOf, ...grouped(nodeOf, count), twins, vetoed, hasVeto, variants }
}

/** In a split class, each file content is a class of its own; where a content was judged against itself, each file is. */
function splitClasses(key: Int32Array, classOf: Int32Array, shaWords: Uint32Array, split: ReadonlyMap<number, { alone: boolean }>): void {
  const parts = new Map<number, number[]>()
  for (let row = 0; row < classOf.length; row++) {
    const how = split.get(classOf[row] as number)
    if (!how) continue
    const known = parts.get(classOf[row] as number) ?? []
    const twin = how.alone ? undefined : known.find((other) => sameHash(shaWords, other, shaWords, row))
    key[row] = twin ?? row
    if (twin === undefined) parts.set(classOf[row] as number, [...known, row])
  }
}

function twinsOf(nodeOf: Int32Array, classOf: Int32Array, split: ReadonlyMap<number, unknown>): Map<number, number[]> {
  const byClass = new Map<number, Set<number>>()
  if (split.size > 0) {
    for (let row = 0; row < nodeOf.length; row++) {
      const root = classOf[row] as number
      if (!split.has(root)) continue
      const nodes = byClass.get(root) ?? new Set()
      byClass.set(root, nodes.add(nodeOf[row] as number))
    }
  }
  const twins = new Map<number, number[]>()
  for (const nodes of byClass.values()) for (const node of nodes) twins.set(node, [...nodes].filter((other) => other !== node))
  return twins
}

/** Rows by node (counting sort). */
function grouped(nodeOf: Int32Array, count: number): { starts: Int32Array; rows: Int32Array } {
  const starts = new Int32Array(count + 1)
  for (const node of nodeOf) starts[node + 1] = (starts[node + 1] as number) + 1
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number)
  const next = starts.slice(0, count)
  const rows = new Int32Array(nodeOf.length)
  for (let row = 0; row < nodeOf.length; row++) {
    const at = next[nodeOf[row] as number] as number
    rows[at] = row
    next[nodeOf[row] as number] = at + 1
  }
  return { starts, rows }
}

/** The first 16 bytes of a hash as words; zeros where it is shorter. */
export function hashOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: hashWords }, (_, i) => ((i + 1) * 4 <= bytes.byteLength ? view.getUint32(i * 4, true) : 0))
}
