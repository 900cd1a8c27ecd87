import { WinnowError } from '../domain/errors.ts'
import type { DetectorCard } from './detectorCard.ts'
import { suppressOverlaps, type Corners } from './nms.ts'
import type { Box } from './partView.ts'

/** How a picture lies in the square input of a detector: scaled, then padded on all sides. */
export interface Letterbox {
  /** Size of the scaled picture. */
  readonly width: number
  readonly height: number
  /** Where it begins in the input. */
  readonly left: number
  readonly top: number
}

/** YOLOv5's letterbox (utils/augmentations.py): the longest side becomes `size`, enlarged if need be; the padding is shared out, the odd pixel at the end. */
export function letterboxFor(width: number, height: number, size: number): Letterbox {
  const ratio = Math.min(size / width, size / height)
  const fitted = { width: Math.min(size, Math.max(1, Math.round(width * ratio))), height: Math.min(size, Math.max(1, Math.round(height * ratio))) }
  return { ...fitted, left: Math.floor((size - fitted.width) / 2), top: Math.floor((size - fitted.height) / 2) }
}

export interface Detection {
  readonly box: Box
  readonly classNumber: number
  /** 0..1 */
  readonly score: number
}

export interface DecodeOptions {
  readonly classes: readonly number[]
  readonly confidence: number
  readonly iou: number
  readonly maxDetections: number
}

interface Candidate {
  readonly corners: Corners
  readonly classNumber: number
  readonly score: number
}

/**
 * The boxes in the output of a YOLO detector (v5: ultralytics/yolov5 utils/general.py non_max_suppression; v8: the same without objectness), in pixels of the
 * upright picture of `width` x `height`, strongest first. Each box has the class with the highest probability; suppression goes class by class.
 * Boxes are rounded to whole pixels and cut off at the picture's edge; those without a pixel are left out. Throws BAD_INPUT where the output's shape is not that of the card.
 */
export function decodeDetections(output: Float32Array, dims: readonly number[], card: DetectorCard, { width, height }: { readonly width: number; readonly height: number }, options: DecodeOptions): Detection[] {
  const candidates = readCandidates(output, dims, card, options).sort((a, b) => b.score - a.score)
  const kept: Candidate[] = []
  for (const classNumber of new Set(candidates.map((candidate) => candidate.classNumber))) {
    const ofClass = candidates.filter((candidate) => candidate.classNumber === classNumber)
    for (const index of suppressOverlaps(ofClass.map(({ corners }) => corners), { iou: options.iou, order: ofClass.map((_, i) => i), extra: 0 })) kept.push(ofClass[index] as Candidate)
  }
  const { size } = card.input
  const frame = letterboxFor(width, height, size)
  return kept
    .sort((a, b) => b.score - a.score)
    .slice(0, options.maxDetections)
    .map(({ corners, classNumber, score }) => ({ box: toPicture(corners, frame, width, height), classNumber, score }))
    .filter(({ box }) => box.width > 0 && box.height > 0)
}

function readCandidates(output: Float32Array, dims: readonly number[], { name, output: { layout }, classes }: DetectorCard, { classes: wanted, confidence }: DecodeOptions): Candidate[] {
  const before = layout === 'yolov5' ? 5 : 4
  const values = before + classes.length
  const [boxes, given] = layout === 'yolov5' ? [dims[1] ?? 0, dims[2]] : [dims[2] ?? 0, dims[1]]
  if (dims.length !== 3 || dims[0] !== 1 || given !== values) {
    const expected = layout === 'yolov5' ? `1 x boxes x ${values}` : `1 x ${values} x boxes`
    throw new WinnowError('BAD_INPUT', `The detector ${name} gave ${dims.join(' x ')}; ${layout} with ${classes.length} classes gives ${expected}. Correct "output.layout" or "classes" in its card.`)
  }
  // From one value of a box to the next, and from one box to the next.
  const [step, stride] = layout === 'yolov5' ? [1, values] : [boxes, 1]
  const found: Candidate[] = []
  for (let i = 0; i < boxes; i++) {
    const value = (k: number): number => output[i * stride + k * step] as number
    const objectness = layout === 'yolov5' ? value(4) : 1
    if (!(objectness > confidence)) continue
    let best = 0
    for (let c = 1; c < classes.length; c++) if (value(before + c) > value(before + best)) best = c
    const score = objectness * value(before + best)
    if (!(score > confidence) || !wanted.includes(best)) continue
    const [x, y, w, h] = [value(0), value(1), value(2), value(3)]
    if (![x, y, w, h, score].every(Number.isFinite)) continue
    found.push({ corners: [x - w / 2, y - h / 2, x + w / 2, y + h / 2], classNumber: best, score })
  }
  return found
}

function toPicture([x1, y1, x2, y2]: Corners, frame: Letterbox, width: number, height: number): Box {
  const across = (x: number): number => Math.min(width, Math.max(0, Math.round(((x - frame.left) * width) / frame.width)))
  const down = (y: number): number => Math.min(height, Math.max(0, Math.round(((y - frame.top) * height) / frame.height)))
  const left = across(x1)
  const top = down(y1)
  return { left, top, width: across(x2) - left, height: down(y2) - top }
}
