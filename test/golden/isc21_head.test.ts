import { expect, test } from 'vitest'
import { featureMaps, gemPool } from '../../core/descriptors/featureMap.ts'
import { applyLinear, foldBatchNorm } from '../../core/descriptors/linear.ts'
import { matrixOf, normaliseRows } from '../../core/domain/matrix.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { largestDifference, matrixFrom } from './numbers.ts'

interface Head {
  readonly feature_map: number[][][][]
  readonly gem: Record<string, number[][]>
  readonly fc_weight: number[][]
  readonly bn: { weight: number[]; bias: number[]; running_mean: number[]; running_var: number[]; eps: number }
  readonly embedding_eval_p1: number[][]
}

const head = golden<Head>('isc21_head')
const maps = featureMaps(Float32Array.from(head.feature_map.flat(3)), head.feature_map.length, head.feature_map[0]?.length ?? 0)

test.each(Object.keys(head.gem))('GeM with p = %s is that of the ISC21 model', (p) => {
  expect(largestDifference(gemPool(maps, Number(p)).data, (head.gem[p] ?? []).flat())).toBeLessThan(1e-5)
})

test('GeM, linear layer, BatchNorm and L2 give the descriptor of the ISC21 model', async () => {
  const { bn } = head
  const layer = foldBatchNorm(
    { weight: matrixFrom(head.fc_weight), bias: null },
    { weight: Float32Array.from(bn.weight), bias: Float32Array.from(bn.bias), mean: Float32Array.from(bn.running_mean), variance: Float32Array.from(bn.running_var), eps: bn.eps }
  )
  const { data, dim } = await applyLinear(gemPool(maps, 1), layer, new PlainBlas())
  normaliseRows(data, dim)
  expect(matrixOf(data, dim).rows).toBe(head.embedding_eval_p1.length)
  expect(largestDifference(data, head.embedding_eval_p1.flat())).toBeLessThan(1e-5)
})
