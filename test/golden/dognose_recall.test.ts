import { expect, test } from 'vitest'
import { matrixOf } from '../../core/domain/matrix.ts'
import { nearestOtherRecall, nearestOthers } from '../../core/metrics/nearestOther.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

/** Recall at a rank where ties of the squared distance (within 2e-6: torch.cdist multiplies float32 matrices) fall badly, and where they fall well. */
function recallBounds(features: number[][], labels: number[], rank: number): { least: number; most: number } {
  let [least, most] = [0, 0]
  for (const [i, one] of features.entries()) {
    const distances = features.map((other, j) => (i === j ? Infinity : other.reduce((sum, value, d) => sum + (value - (one[d] as number)) ** 2, 0)))
    const hits = distances.filter((distance, j) => labels[j] === labels[i] && distance < Infinity)
    const nearest = Math.min(...hits)
    if (distances.filter((distance) => distance < nearest + 2e-6).length - hits.filter((distance) => distance < nearest + 2e-6).length < rank && hits.length > 0) least++
    if (distances.filter((distance) => distance < nearest - 2e-6).length < rank && hits.length > 0) most++
  }
  return { least: least / features.length, most: most / features.length }
}

test('recall@k over the nearest others by Euclidean distance (dog nose prints)', async () => {
  const { features, labels, ranks, recall } = golden<{ recall_at_k: { features: number[][]; labels: number[]; ranks: number[]; recall: number[] } }>('dognose').recall_at_k
  const matrix = matrixOf(Float32Array.from(features.flat()), features[0]?.length ?? 1)
  const lists = await nearestOthers(matrix, Math.max(...ranks), new PlainBlas())
  const found = nearestOtherRecall(lists, Int32Array.from(labels), ranks)
  expect(found).toHaveLength(recall.length)
  // The original divides in float32, and of neighbours at the same distance any may come first.
  const bounds = ranks.map((rank) => recallBounds(features, labels, rank))
  for (const [i, value] of recall.entries()) {
    const { least, most } = bounds[i] as { least: number; most: number }
    for (const one of [value, found[i] as number]) {
      expect(one).toBeGreaterThan(least - 1e-6)
      expect(one).toBeLessThan(most + 1e-6)
    }
  }
})
