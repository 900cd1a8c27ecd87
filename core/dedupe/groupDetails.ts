import type { DuplicateSettings, EdgeKind, GroupMember, KeeperRule } from '../contract/duplicates.ts'
import { similarity } from '../search/similarity.ts'
import { comparisonsOf } from './comparisons.ts'
import type { GroupBook, Replay } from './groupBook.ts'
import { kinds } from './groupColumns.ts'
import { type GroupState, states } from './groups.ts'
import type { ImageTable } from './imageTable.ts'
import { type Candidate, compareKeepers, keeperReason } from './keeperRules.ts'
import { orientationOf } from './orientation.ts'

/** A group but for its pictures' rows, which the images' own repository knows. */
export interface GroupDetails {
  readonly id: number
  readonly kind: EdgeKind
  readonly members: readonly (Omit<GroupMember, 'image'> & { readonly imageId: number })[]
  readonly reason: string
  readonly leastToKeeper: number | null
  readonly leastInside: number | null
  readonly state: GroupState
  readonly variants: readonly { readonly a: number; readonly b: number }[]
}

/** Vectors of unit length by image id, to look at pairs that the search did not store. */
export interface NodeVectors {
  readonly dim: number
  readonly matrix: Float32Array
  readonly offsetOf: ReadonlyMap<number, number>
}

/** Groups of more distinct pictures than this do not get their least similarity inside: it takes every pair. */
const mostPairwise = 400

export class GroupDescriber {
  readonly #book: GroupBook
  readonly #settings: DuplicateSettings
  readonly #replay: Replay
  readonly #table: ImageTable

  constructor(book: GroupBook, settings: DuplicateSettings) {
    this.#book = book
    this.#settings = settings
    this.#replay = book.replay(settings)
    this.#table = book.table
  }

  /** Image ids of group number `group`, the keeper first. */
  imageIds(group: number): number[] {
    return this.#replay.groups.members(group).map((row) => this.#table.ids[row] as number)
  }

  details(group: number, vectors: NodeVectors | null, hashes: ReadonlyMap<number, Uint8Array>): GroupDetails {
    const { groups, states: state } = this.#replay
    const rows = groups.members(group)
    const keeper = rows[0] as number
    const keeperId = this.#table.ids[keeper] as number
    const offsets = rows.map((row) => this.#offsetOf(row, vectors))
    const members = rows.map((row, i) => {
      const imageId = this.#table.ids[row] as number
      const evidence = row === keeper ? null : groups.evidence(row)
      return {
        imageId,
        keeper: row === keeper,
        kind: evidence?.kind ?? null,
        similarity: evidence ? (evidence.similarity ?? between(vectors, offsets[0], offsets[i])) : null,
        distance: evidence?.distance ?? null,
        bytes: this.#table.bytes[row] as number,
        format: this.#table.formats[this.#table.format[row] as number] || null,
        sharpness: numberOrNull(this.#table.sharpness[row] as number),
        pinned: this.#table.pinned[row] === 1,
        comparisons: row === keeper ? [] : [...this.#lie(hashes.get(keeperId), hashes.get(imageId), evidence?.kind), ...comparisonsOf(this.#table, keeper, row)]
      }
    })
    const toKeeper = members.slice(1).map(({ similarity: value }) => value)
    return {
      id: keeperId,
      kind: kinds[groups.kind[group] as number] as EdgeKind,
      members,
      reason: this.reason(rows),
      leastToKeeper: toKeeper.includes(null) ? null : Math.min(...(toKeeper as number[])),
      leastInside: this.#leastInside(rows, offsets, vectors),
      state: states[state[group] as number] as GroupState,
      variants: this.#variants(rows)
    }
  }

  /** Why the first of these rows is kept before the one that would be next. */
  reason(rows: readonly number[]): string {
    const rules: readonly KeeperRule[] = this.#settings.rules
    const candidates = rows.map((row): Candidate => ({ row, upscaled: this.#replay.upscaled[this.#book.nodes.nodeOf[row] as number] === 1 }))
    const [keeper, ...others] = candidates
    const next = others.reduce((best, other) => (compareKeepers(this.#table, rules, other, best) < 0 ? other : best))
    return keeperReason(this.#table, rules, keeper as Candidate, next)
  }

  #lie(keeper: Uint8Array | undefined, member: Uint8Array | undefined, kind: EdgeKind | undefined): GroupMember['comparisons'] {
    const lie = kind === 'perceptual' && keeper && member ? orientationOf(keeper, member, this.#settings.radius ?? 0) : null
    return lie ? [{ text: lie, better: 'same' }] : []
  }

  /** Identical pictures share a vector: any image of the node will do. */
  #offsetOf(row: number, vectors: NodeVectors | null): number | undefined {
    if (!vectors) return undefined
    const { starts, rows, nodeOf } = this.#book.nodes
    const node = nodeOf[row] as number
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) {
      const offset = vectors.offsetOf.get(this.#table.ids[rows[at] as number] as number)
      if (offset !== undefined) return offset
    }
    return undefined
  }

  #leastInside(rows: readonly number[], offsets: readonly (number | undefined)[], vectors: NodeVectors | null): number | null {
    const distinct = new Map(rows.map((row, i) => [this.#book.nodes.nodeOf[row] as number, offsets[i]]))
    if (distinct.size === 1) return 1
    const known = [...distinct.values()].filter((offset) => offset !== undefined)
    if (!vectors || known.length < distinct.size || known.length > mostPairwise) return null
    let least = 1
    for (const [i, a] of known.entries()) for (const b of known.slice(i + 1)) least = Math.min(least, similarity(vectors.matrix, a, vectors.matrix, b, vectors.dim))
    return least
  }

  #variants(rows: readonly number[]): { a: number; b: number }[] {
    const { nodeOf, variants } = this.#book.nodes
    if (variants.length === 0) return []
    const inside = new Set(rows.map((row) => nodeOf[row]))
    return variants.filter(({ a, b }) => inside.has(nodeOf[a]) || inside.has(nodeOf[b])).map(({ a, b }) => ({ a: this.#table.ids[a] as number, b: this.#table.ids[b] as number }))
  }
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

const between = (vectors: NodeVectors | null, a: number | undefined, b: number | undefined): number | null =>
  vectors && a !== undefined && b !== undefined ? similarity(vectors.matrix, a, vectors.matrix, b, vectors.dim) : null
