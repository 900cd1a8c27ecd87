import type { ImageRole } from '../contract/common.ts'
import type { EdgeKind } from '../contract/duplicates.ts'
import type { VerdictValue } from '../contract/images.ts'

/** Which images, in any order. `named` ones were listed by the caller, so that one that is not there is an error. */
export interface Chosen {
  readonly ids: Int32Array
  readonly named: boolean
}

/** Groups as columns (an array of objects for a million members would hold up the engine while it crosses to the writer). */
export interface GroupColumns {
  readonly keepers: Int32Array
  readonly reasons: readonly string[]
  /** Members of group g are at starts[g] to starts[g + 1]; the keeper is not among them. */
  readonly starts: Int32Array
  readonly members: Int32Array
  /** Place in `edgeKinds`. */
  readonly kinds: Uint8Array
  /** Cosine and Hamming distance to the keeper; NaN where that evidence did not see the pair. */
  readonly similarities: Float64Array
  readonly distances: Float64Array
}
export const edgeKinds = ['exact', 'pixel', 'perceptual', 'descriptor'] as const satisfies readonly EdgeKind[]

/** An act whose views and groups have been looked up: plain data for the writer thread, which decides everything else in its transaction. */
export type ResolvedAct =
  | { readonly kind: 'verdict'; readonly chosen: Chosen; readonly value: VerdictValue | null; readonly reason: string | null }
  | { readonly kind: 'label'; readonly chosen: Chosen; readonly state: 'class' | 'none' | 'unsure' | 'clear'; readonly classId: number | null; readonly runId: number | null }
  | { readonly kind: 'accept-predictions'; readonly chosen: Chosen; readonly runId: number; readonly minScore: number | null }
  | { readonly kind: 'accept-groups'; readonly groups: GroupColumns; readonly all: boolean }
  | { readonly kind: 'keep-groups' | 'drop-groups' | 'clear-groups'; readonly ids: Int32Array; readonly groups: number }
  /** `others` null: every pair within `images`; else each of `images` with each of `others`. */
  | { readonly kind: 'relation' | 'break-group'; readonly images: Int32Array; readonly others: Int32Array | null; readonly value: 'different' | 'variant' | null }
  /** `others`: the rest of the group, whose pins go. */
  | { readonly kind: 'pin-keeper'; readonly imageId: number; readonly pinned: boolean; readonly others: Int32Array }
  | { readonly kind: 'role'; readonly chosen: Chosen; readonly value: ImageRole | null }
  | { readonly kind: 'protect'; readonly chosen: Chosen; readonly value: boolean | null }
  | { readonly kind: 'identity'; readonly chosen: Chosen; readonly value: string | null }
  | { readonly kind: 'fold'; readonly chosen: Chosen; readonly value: number | null }
  | { readonly kind: 'class-add'; readonly name: string }
  | { readonly kind: 'class-rename'; readonly classId: number; readonly name: string }
  | { readonly kind: 'class-merge'; readonly classId: number; readonly into: number }
