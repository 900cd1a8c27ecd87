import type { ImageColumns } from '../project/repositories/duplicates.ts'

/** All that the keeper rules look at, as columns over the ready images (row i is image `ids[i]`). */
export interface ImageTable extends ImageColumns {
  /** 0 none, 1 given with the data, 2 said by a person. */
  readonly label: Uint8Array
  readonly pinned: Uint8Array
}

/** A picture counts as enlarged when it has this many times the pixels of another version of it ... */
const muchLarger = 1.44
/** ... and this share of its sharpness or less (both measured at 256 px, where a true enlargement is still blurred if its source was small). */
const clearlyLessSharp = 0.25

/**
 * Whether `larger` is an enlargement of `smaller`: much larger (1.2 times each way) but clearly less sharp. Then its pixels hold nothing
 * that the smaller one lacks, and the rule "larger" prefers the smaller one.
 */
export function isUpscaled(table: ImageTable, larger: number, smaller: number): boolean {
  const pixels = pixelsOf(table, larger)
  return pixels >= muchLarger * pixelsOf(table, smaller) && (table.sharpness[larger] as number) < clearlyLessSharp * (table.sharpness[smaller] as number)
}

export const pixelsOf = ({ width, height }: ImageTable, row: number): number => (width[row] as number) * (height[row] as number)
