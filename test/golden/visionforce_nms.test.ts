import { expect, test } from 'vitest'
import { suppressEqualScores, type Corners } from '../../core/descriptors/nms.ts'
import { golden } from './golden.ts'

const { boxes_xyxy: boxes, keep_by_iou_thresh: kept } = golden<{ readonly boxes_xyxy: Corners[]; readonly keep_by_iou_thresh: Readonly<Record<string, number[]>> }>('visionforce_nms')

for (const [iou, expected] of Object.entries(kept)) {
  test(`at IoU ${iou} the same boxes are kept, in the same order`, () => {
    expect(suppressEqualScores(boxes, Number(iou))).toEqual(expected)
  })
}
