import { expect, test } from 'vitest'
import { normaliseRows } from '../../../core/domain/matrix.ts'
import { isFiniteRow, poolOutput } from '../../../core/models/pooling.ts'
import type { ModelCard } from '../../../core/contract/models.ts'

const card = (dim: number, pooling: ModelCard['output']['pooling'], layout: 'NCHW' | 'NHWC' = 'NCHW'): Pick<ModelCard, 'output' | 'input'> =>
  ({ output: { name: 'y', dim, pooling, gemPower: 3 }, input: { name: 'x', layout, dtype: 'float32', width: 8, height: 8 } })

/** Two images, three tokens of two values: image 0 has (1,2) (3,4) (5,0). */
const tokens = Float32Array.of(1, 2, 3, 4, 5, 0, 7, 7, 7, 7, 7, 7)
/** The same as a map of two channels over 1 x 3 positions. */
const map = Float32Array.of(1, 3, 5, 2, 4, 0, 7, 7, 7, 7, 7, 7)

test('tokens and maps pool to the same vectors', () => {
  const gem = [Math.cbrt((1 + 27 + 125) / 3), Math.cbrt((8 + 64 + 1e-18) / 3)]
  for (const [pooling, expected] of [['mean', [3, 2]], ['max', [5, 4]], ['cls', [1, 2]], ['gem', gem]] as const) {
    for (const pooled of [poolOutput(tokens, [2, 3, 2], 2, card(2, pooling)), poolOutput(map, [2, 2, 1, 3], 2, card(2, pooling))]) {
      expect([...pooled.subarray(2)].map((x) => x.toFixed(4))).toEqual(['7.0000', '7.0000'])
      for (const [i, value] of expected.entries()) expect(pooled[i]).toBeCloseTo(value, 5)
    }
  }
})

test('N x dim and N x dim x 1 x 1 are taken as they are; rows that only fill a fixed batch are dropped', () => {
  expect([...poolOutput(Float32Array.of(1, 2, 3, 4), [2, 2], 1, card(2, 'none'))]).toEqual([1, 2])
  expect([...poolOutput(Float32Array.of(1, 2, 3, 4), [2, 2, 1, 1], 2, card(2, 'none'))]).toEqual([1, 2, 3, 4])
})

test('an output that does not fit the card is refused with what to change', () => {
  expect(() => poolOutput(new Float32Array(12), [2, 6], 2, card(4, 'none'))).toThrow(/2 x 6.*"output.dim"/)
  expect(() => poolOutput(new Float32Array(12), [2, 3, 2], 2, card(2, 'none'))).toThrow(/3 vectors of 2 for each image.*"output.pooling"/)
  expect(() => poolOutput(new Float32Array(4), [1, 4], 2, card(4, 'none'))).toThrow(/for 2 images/)
})

test('rows are scaled to length one, a row of zeros stays, and NaN or infinity is noticed', () => {
  const rows = Float32Array.of(3, 4, 0, 0, Number.NaN, 1, Infinity, 0)
  expect([0, 1, 2, 3].map((row) => isFiniteRow(rows, 2, row))).toEqual([true, true, false, false])
  normaliseRows(rows, 2)
  expect(rows[0]).toBeCloseTo(0.6, 6)
  expect([rows[2], rows[3]]).toEqual([0, 0])
})
