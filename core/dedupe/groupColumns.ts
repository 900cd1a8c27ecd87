import { edgeKind } from '../contract/duplicates.ts'

/** Codes of evidence are places in this list, the strongest first. */
export const kinds = edgeKind.options

/** Groups as columns: an array of objects for a million members would hold up the engine while it crosses from thread to thread. */
export interface GroupColumns {
  /** Image ids. */
  readonly keepers: Int32Array
  /** Why this keeper. */
  readonly reasons: readonly string[]
  /** Members of group g are at starts[g] to starts[g + 1]; the keeper is not among them. */
  readonly starts: Int32Array
  readonly members: Int32Array
  /** Places in `kinds`. */
  readonly kinds: Uint8Array
  /** Cosine and Hamming distance to the keeper; NaN where that evidence did not see the pair. */
  readonly similarities: Float32Array
  readonly distances: Float32Array
}

/** The image ids of group number `group`, the keeper first. */
export const imagesOfGroup = ({ keepers, starts, members }: GroupColumns, group: number): number[] =>
  [keepers[group] as number, ...members.subarray(starts[group], starts[group + 1])]

/** The images of every group, each with its keeper first. */
export const imagesOfGroups = (groups: GroupColumns): number[][] => Array.from(groups.keepers, (_, group) => imagesOfGroup(groups, group))
