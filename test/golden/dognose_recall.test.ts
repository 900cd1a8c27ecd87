import { expect, test } from 'vitest'
import { matrixOf } from '../../core/domain/matrix.ts'
import { nearestOtherRecall, nearestOthers } from '../../core/metrics/nearestOther.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

test('recall@k over the nearest others by Euclidean distance (dog nose prints)', async () => {
  const { features, labels, ranks, recall } = golden<{ recall_at_k: { features: number[][]; labels: number[]; ranks: number[]; recall: number[] } }>('dognose').recall_at_k
  const matrix = matrixOf(Float32Array.from(features.flat()), features[0]?.length ?? 1)
  const lists = await nearestOthers(matrix, Math.max(...ranks), new PlainBlas())
  const found = nearestOtherRecall(lists, Int32Array.from(labels), ranks)
  expect(found).toHaveLength(recall.length)
  for (const [i, value] of recall.entries()) expect(found[i]).toBeCloseTo(value, 12)
})
