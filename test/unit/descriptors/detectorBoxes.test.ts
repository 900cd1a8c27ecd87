import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeDetections, letterboxFor } from '../../../core/descriptors/detectorBoxes.ts'
import { classNumbers, detectorCard } from '../../../core/descriptors/detectorCard.ts'

const card = (layout: 'yolov5' | 'yolov8') =>
  detectorCard.parse({ format: 'winnow-detector-1', name: 'Test', file: 'test.onnx', sha256: 'a'.repeat(64), input: { name: 'images' }, output: { name: 'out', layout }, classes: ['overlay', 'emoji'], licence: 'MIT', source: 'test' })
const options = { classes: [0, 1], confidence: 0.1, iou: 0.45, maxDetections: 300 }

interface Given { x: number; y: number; w: number; h: number; objectness: number; classes: [number, number] }

/** The same boxes as either layout. */
function output(layout: 'yolov5' | 'yolov8', boxes: readonly Given[]): { data: Float32Array; dims: number[] } {
  if (layout === 'yolov5') return { data: Float32Array.from(boxes.flatMap(({ x, y, w, h, objectness, classes }) => [x, y, w, h, objectness, ...classes])), dims: [1, boxes.length, 7] }
  const columns = boxes.map(({ x, y, w, h, objectness, classes: [a, b] }) => [x, y, w, h, a * objectness, b * objectness])
  return { data: Float32Array.from([0, 1, 2, 3, 4, 5].flatMap((row) => columns.map((column) => column[row] as number))), dims: [1, 6, boxes.length] }
}

describe.each(['yolov5', 'yolov8'] as const)('%s', (layout) => {
  test('boxes are scaled back from the letterbox, weak ones left out, overlapping ones of a class suppressed', () => {
    // 320 x 160 in 640: twice as large, with 160 of padding above and below.
    const { data, dims } = output(layout, [
      { x: 100, y: 260, w: 80, h: 40, objectness: 0.9, classes: [0.95, 0.05] },
      { x: 104, y: 262, w: 80, h: 40, objectness: 0.8, classes: [0.95, 0.05] },
      { x: 102, y: 260, w: 80, h: 40, objectness: 0.9, classes: [0.1, 0.7] },
      { x: 400, y: 300, w: 40, h: 40, objectness: 0.09, classes: [1, 0] },
      { x: 620, y: 470, w: 100, h: 100, objectness: 0.5, classes: [0.9, 0] }
    ])
    const found = decodeDetections(data, dims, card(layout), { width: 320, height: 160 }, options)
    expect(found.map(({ box, classNumber }) => [classNumber, box.left, box.top, box.width, box.height])).toEqual([[0, 30, 40, 40, 20], [1, 31, 40, 40, 20], [0, 285, 130, 35, 30]])
    expect(found.map(({ score }) => Number(score.toFixed(4)))).toEqual([0.855, 0.63, 0.45])
    expect(decodeDetections(data, dims, card(layout), { width: 320, height: 160 }, { ...options, classes: [1] })).toHaveLength(1)
    expect(decodeDetections(data, dims, card(layout), { width: 320, height: 160 }, { ...options, maxDetections: 2 })).toHaveLength(2)
  })

  test('whatever the model gives, boxes lie inside the picture and have pixels', () => {
    const number = fc.oneof(fc.float({ min: -2000, max: 2000 }), fc.constantFrom(Number.NaN, Infinity, -Infinity))
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, number, number, fc.float({ min: 0, max: 1 }), fc.float({ min: 0, max: 1 })), { maxLength: 30 }), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (rows, width, height) => {
        const { data, dims } = output(layout, rows.map(([x, y, w, h, objectness, a]) => ({ x, y, w, h, objectness, classes: [a, 1 - a] })))
        for (const { box } of decodeDetections(data, dims, card(layout), { width, height }, options)) {
          expect(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 && box.left + box.width <= width && box.top + box.height <= height).toBe(true)
        }
      })
    )
  })

  test('an output of another shape is refused by name', () => {
    const { data, dims } = output(layout, [{ x: 1, y: 1, w: 1, h: 1, objectness: 1, classes: [1, 0] }])
    const other = card(layout === 'yolov5' ? 'yolov8' : 'yolov5')
    expect(() => decodeDetections(data, dims, other, { width: 10, height: 10 }, options)).toThrow(/gave 1 x .*Correct "output.layout"/)
  })
})

test('the letterbox fills one side and is centred in the other', () => {
  expect(letterboxFor(1000, 500, 640)).toEqual({ width: 640, height: 320, left: 0, top: 160 })
  expect(letterboxFor(100, 100, 640)).toEqual({ width: 640, height: 640, left: 0, top: 0 })
  expect(letterboxFor(10_000, 1, 640)).toEqual({ width: 640, height: 1, left: 0, top: 319 })
})

test('classes are asked for by name', () => {
  expect(classNumbers(card('yolov5'), [])).toEqual([0, 1])
  expect(classNumbers(card('yolov5'), ['emoji'])).toEqual([1])
  expect(() => classNumbers(card('yolov5'), ['face'])).toThrow('knows no class "face"; it knows "overlay", "emoji"')
})
