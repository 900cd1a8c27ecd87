import { reversedArgsortOfEqualKeys } from './nmsOrder.ts'

/** Corners of a box, in pixels; right and bottom are as the caller counts them. */
export type Corners = readonly [left: number, top: number, right: number, bottom: number]

export interface NmsOptions {
  /** A box goes where its intersection over union with a kept one is above this. */
  readonly iou: number
  /** Which box is looked at first: indices, best first. */
  readonly order: ArrayLike<number>
  /** Added to widths and heights: 1 where right and bottom are the last pixel inside, 0 where they are the first outside. */
  readonly extra: 0 | 1
}

/**
 * Greedy non-maximum suppression: goes through the boxes in `order`, keeps each that overlaps no kept one by more than `iou`.
 * Returns the kept indices, in the order they were visited. O(n x kept).
 */
export function suppressOverlaps(boxes: readonly Corners[], { iou, order, extra }: NmsOptions): number[] {
  const kept: number[] = []
  for (let i = 0; i < order.length; i++) {
    const candidate = order[i] as number
    if (kept.every((other) => overlap(boxes[other] as Corners, boxes[candidate] as Corners, extra) <= iou)) kept.push(candidate)
  }
  return kept
}

/**
 * The suppression of region proposals in VisionForce (WangWenhao0716/ISC-Track1-Submission, Test/augmentation/query/selective_search_nms.py):
 * all scores are equal, areas count the last pixel (+1), and boxes are visited in the order that NumPy's unstable argsort gives equal keys, from its end.
 * Up to 16 boxes that is the input from its end. Returns the kept indices in that order.
 */
export const suppressEqualScores = (boxes: readonly Corners[], iou: number): number[] =>
  suppressOverlaps(boxes, { iou, order: reversedArgsortOfEqualKeys(boxes.length), extra: 1 })

/** Intersection over union of two boxes, 0..1; 0 where neither has an area. */
export function overlap(a: Corners, b: Corners, extra: 0 | 1): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + extra)
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + extra)
  const both = width * height
  const union = area(a, extra) + area(b, extra) - both
  return union > 0 ? both / union : 0
}

const area = (box: Corners, extra: number): number => (box[2] - box[0] + extra) * (box[3] - box[1] + extra)
