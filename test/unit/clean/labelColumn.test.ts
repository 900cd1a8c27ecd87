import { expect, test } from 'vitest'
import { classPlaces, labelledImages } from '../../../core/clean/labelColumn.ts'

test('of several labels of an image the first counts; images ascend', () => {
  const { images, labels } = labelledImages(Int32Array.of(9, 3, 9, 5), Int32Array.of(70, 50, 10, 70))
  expect([[...images], [...labels]]).toEqual([[3, 5, 9], [50, 70, 70]])
  const { classes, classOf } = classPlaces(labels)
  expect([[...classes], [...classOf]]).toEqual([[50, 70], [0, 1, 1]])
})

test('a negative label is refused with its image', () => {
  expect(() => labelledImages(Int32Array.of(9), Int32Array.of(-4))).toThrow('Label -4 of image 9')
})
