import type { ImageRole } from '../contract/common.ts'
import type { VerdictValue } from '../contract/images.ts'
import type { GroupColumns } from '../dedupe/groupColumns.ts'

/** Which images, in any order. `named` ones were listed by the caller, so that one that is not there is an error. */
export interface Chosen {
  readonly ids: Int32Array
  readonly named: boolean
}

/** An act whose views and groups have been looked up: plain data for the writer thread, which decides everything else in its transaction. */
export type ResolvedAct =
  | { readonly kind: 'verdict'; readonly chosen: Chosen; readonly value: VerdictValue | null; readonly reason: string | null }
  | { readonly kind: 'clean'; readonly drops: Int32Array; readonly keeps: Int32Array; readonly reason: string }
  | { readonly kind: 'label'; readonly chosen: Chosen; readonly state: 'class' | 'none' | 'unsure' | 'clear'; readonly classId: number | null; readonly runId: number | null }
  | { readonly kind: 'accept-predictions'; readonly chosen: Chosen; readonly runId: number; readonly minScore: number | null }
  | { readonly kind: 'accept-groups'; readonly groups: GroupColumns; readonly all: boolean }
  | { readonly kind: 'keep-groups' | 'drop-groups' | 'clear-groups'; readonly ids: Int32Array; readonly groups: number }
  /** `others` null: every pair within `images`; else each of `images` with each of `others`. */
  | { readonly kind: 'relation' | 'break-group'; readonly images: Int32Array; readonly others: Int32Array | null; readonly value: 'different' | 'variant' | 'same' | null }
  /** Pairs a[i], b[i] that are matches. */
  | { readonly kind: 'accept-matches'; readonly a: Int32Array; readonly b: Int32Array }
  | { readonly kind: 'veto'; readonly list: string; readonly reason: string; readonly images: readonly number[]; readonly pairs: readonly (readonly [number, number])[]; readonly on: boolean }
  | { readonly kind: 'veto-list'; readonly listId: number; readonly applied: boolean | null; readonly name: string | null; readonly reason: string | null; readonly removed: boolean | null }
  /** `others`: the rest of the group, whose pins go. */
  | { readonly kind: 'pin-keeper'; readonly imageId: number; readonly pinned: boolean; readonly others: Int32Array }
  | { readonly kind: 'role'; readonly chosen: Chosen; readonly value: ImageRole | null }
  | { readonly kind: 'protect'; readonly chosen: Chosen; readonly value: boolean | null }
  | { readonly kind: 'identity'; readonly chosen: Chosen; readonly value: string | null }
  | { readonly kind: 'fold'; readonly chosen: Chosen; readonly value: number | null }
  | { readonly kind: 'class-add'; readonly name: string }
  | { readonly kind: 'class-rename'; readonly classId: number; readonly name: string }
  | { readonly kind: 'class-merge'; readonly classId: number; readonly into: number }
