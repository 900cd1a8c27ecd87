import type { EdgeKind, GroupFilter, GroupOrder } from '../contract/duplicates.ts'
import { type ImageTable } from './imageTable.ts'
import { hashWords, sameHash } from './identicalImages.ts'
import { kinds } from './groupColumns.ts'
import type { Nodes } from './nodes.ts'
import { noDistance, type Stars } from './stars.ts'

const kindCode = { exact: 0, pixel: 1, perceptual: 2, descriptor: 3 } as const

export const states = ['open', 'accepted', 'kept', 'mixed'] as const
export type GroupState = (typeof states)[number]

/** What links image `row` to the keeper of its group. */
export interface Evidence {
  readonly kind: EdgeKind
  readonly similarity: number | null
  readonly distance: number | null
}

/** Identical pictures are 1; else the cosine, else the share of equal hash bits. */
const closenessOf = (code: number, cosine: number, distance: number): number => (code <= kindCode.pixel ? 1 : Number.isNaN(cosine) ? 1 - distance / 64 : cosine)

/**
 * The groups of two images or more at some settings, as columns. Members of group g are image rows `rows[starts[g] .. starts[g + 1])`, the keeper
 * first, then by how strongly they are linked to it.
 */
export class GroupList {
  readonly count: number
  /** Image row of each group's keeper. */
  readonly keeper: Int32Array
  readonly starts: Int32Array
  readonly rows: Int32Array
  /** Code of the weakest evidence in the group: it is what a person has to look at. */
  readonly kind: Uint8Array
  /** The least closeness of a member to the keeper, 0..1 (see `closenessOf`). */
  readonly closeness: Float32Array
  /** By image row: its group, or -1. */
  readonly groupOf: Int32Array
  readonly #table: ImageTable
  readonly #nodes: Nodes
  readonly #stars: Stars

  /** `best[v]` is the row that is kept of node v. */
  constructor(table: ImageTable, nodes: Nodes, best: Int32Array, stars: Stars) {
    this.#table = table
    this.#nodes = nodes
    this.#stars = stars
    const sizes = new Int32Array(nodes.count)
    for (let node = 0; node < nodes.count; node++) {
      const keeper = stars.keeperOf[node] as number
      if (keeper >= 0) sizes[keeper] = (sizes[keeper] as number) + (nodes.starts[node + 1] as number) - (nodes.starts[node] as number)
    }
    const groupOfNode = new Int32Array(nodes.count).fill(-1)
    let count = 0
    let total = 0
    for (let node = 0; node < nodes.count; node++) {
      if ((sizes[node] as number) < 2) continue
      groupOfNode[node] = count++
      total += sizes[node] as number
    }
    this.count = count
    this.keeper = new Int32Array(count)
    this.starts = new Int32Array(count + 1)
    this.rows = new Int32Array(total)
    this.kind = new Uint8Array(count)
    this.closeness = new Float32Array(count).fill(1)
    this.groupOf = new Int32Array(nodes.nodeOf.length).fill(-1)
    for (let node = 0; node < nodes.count; node++) {
      const group = groupOfNode[node] as number
      if (group < 0) continue
      this.keeper[group] = best[node] as number
      this.starts[group + 1] = sizes[node] as number
    }
    for (let group = 0; group < count; group++) this.starts[group + 1] = (this.starts[group + 1] as number) + (this.starts[group] as number)
    const next = this.starts.slice(0, count)
    for (let group = 0; group < count; group++) this.#put(group, this.keeper[group] as number, next)
    for (let node = 0; node < nodes.count; node++) {
      const star = stars.keeperOf[node] as number
      const group = star < 0 ? -1 : (groupOfNode[star] as number)
      if (group < 0) continue
      for (let at = nodes.starts[node] as number; at < (nodes.starts[node + 1] as number); at++) {
        const row = nodes.rows[at] as number
        if (row === this.keeper[group]) continue
        this.#put(group, row, next)
        const code = this.#code(row, group)
        if (code > (this.kind[group] as number)) this.kind[group] = code
        const closeness = closenessOf(code, stars.cosine[node] as number, stars.distance[node] as number)
        if (closeness < (this.closeness[group] as number)) this.closeness[group] = closeness
      }
    }
  }

  /** The evidence between a member and its keeper; identical pictures have cosine 1 and distance 0. */
  evidence(row: number): Evidence {
    const node = this.#nodes.nodeOf[row] as number
    const code = this.#code(row, this.groupOf[row] as number)
    if (code <= kindCode.pixel) return { kind: kinds[code] as EdgeKind, similarity: 1, distance: 0 }
    const cosine = this.#stars.cosine[node] as number
    const distance = this.#stars.distance[node] as number
    return { kind: kinds[code] as EdgeKind, similarity: Number.isNaN(cosine) ? null : cosine, distance: distance === noDistance ? null : distance }
  }

  /** Rows of a group: the keeper, then the others by kind, then the closest first, then by id. */
  members(group: number): number[] {
    const [keeper, ...others] = this.rows.subarray(this.starts[group], this.starts[group + 1])
    const closeness = (row: number): number => {
      const node = this.#nodes.nodeOf[row] as number
      return closenessOf(this.#code(row, group), this.#stars.cosine[node] as number, this.#stars.distance[node] as number)
    }
    return [keeper as number, ...others.sort((a, b) => Math.min(this.#code(a, group), 2) - Math.min(this.#code(b, group), 2) || closeness(b) - closeness(a) || a - b)]
  }

  size(group: number): number {
    return (this.starts[group + 1] as number) - (this.starts[group] as number)
  }

  #put(group: number, row: number, next: Int32Array): void {
    const at = next[group] as number
    this.rows[at] = row
    next[group] = at + 1
    this.groupOf[row] = group
  }

  #code(row: number, group: number): number {
    const keeper = this.keeper[group] as number
    const node = this.#nodes.nodeOf[row] as number
    if (node === this.#nodes.nodeOf[keeper] || this.#stars.twin[node] === 1) return sameContent(this.#table, row, keeper) ? kindCode.exact : kindCode.pixel
    return this.#stars.distance[node] === noDistance ? kindCode.descriptor : kindCode.perceptual
  }
}

const sameContent = ({ sha }: ImageTable, a: number, b: number): boolean => (sha[a * hashWords] !== 0 || sha[a * hashWords + 1] !== 0) && sameHash(sha, a, sha, b)

/** Codes in `states`; `verdict` by image row: 0 none, 1 keep, 2 drop, 3 unsure. */
export function groupStates(groups: GroupList, verdict: Uint8Array): Uint8Array {
  const result = new Uint8Array(groups.count)
  for (let group = 0; group < groups.count; group++) {
    const start = groups.starts[group] as number
    const end = groups.starts[group + 1] as number
    let undecided = verdict[groups.rows[start] as number] === 0 ? 1 : 0
    let kept = verdict[groups.rows[start] as number] === 1 ? 1 : 0
    let dropped = 0
    for (let at = start + 1; at < end; at++) {
      const value = verdict[groups.rows[at] as number]
      if (value === 0) undecided++
      else if (value === 1) kept++
      else if (value === 2) dropped++
    }
    const others = end - start - 1
    result[group] = dropped === others && verdict[groups.rows[start] as number] !== 2 ? 1 : undecided > 0 ? 0 : kept === others + 1 ? 2 : 3
  }
  return result
}

/** The groups that pass, as group numbers in no particular order. */
export function filteredGroups(groups: GroupList, state: Uint8Array, filter: GroupFilter): Int32Array {
  const passing = new Int32Array(groups.count)
  let n = 0
  for (let group = 0; group < groups.count; group++) {
    const open = state[group] === 0
    if (filter.state === 'open' && !open) continue
    if (filter.state === 'decided' && open) continue
    if (filter.kind && filter.kind.length > 0 && !filter.kind.includes(kinds[groups.kind[group] as number] as EdgeKind)) continue
    passing[n++] = group
  }
  return passing.slice(0, n)
}

/** Orders group numbers; ties by the keeper's path. 'most-similar' puts the surest first: identical pictures, then by closeness. */
export function orderedGroups(numbers: Int32Array, groups: GroupList, table: ImageTable, order: GroupOrder): Int32Array {
  const path = (group: number): number => table.pathRank[groups.keeper[group] as number] as number
  const sureness = (group: number): number => (groups.closeness[group] as number) + (2 - Math.min(2, groups.kind[group] as number))
  const size = (group: number): number => (groups.starts[group + 1] as number) - (groups.starts[group] as number)
  const by: Readonly<Record<GroupOrder, (a: number, b: number) => number>> = {
    'most-similar': (a, b) => sureness(b) - sureness(a),
    'least-similar': (a, b) => sureness(a) - sureness(b),
    largest: (a, b) => size(b) - size(a),
    path: () => 0
  }
  return numbers.slice().sort((a, b) => by[order](a, b) || path(a) - path(b))
}
