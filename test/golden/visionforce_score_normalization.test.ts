import { afterAll, describe, expect, test } from 'vitest'
import { stretchOffsets } from '../../core/descriptors/scoreStretching.ts'
import { bestPairs } from '../../core/search/bestPairs.ts'
import { OnnxBlas } from '../../core/search/onnxBlas.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { largestDifference, matrixFrom } from './numbers.ts'

interface Stretching {
  readonly query_ids: string[]
  readonly reference_ids: string[]
  readonly query: number[][]
  readonly reference: number[][]
  readonly train: number[][]
  readonly cases: { script: string; reduction: string; n: number; factor: number; norms?: number[]; csv: string }[]
}

const file = golden<Stretching>('visionforce_score_normalization')
const queries = matrixFrom(file.query)
const references = matrixFrom(file.reference)
const onnx = await OnnxBlas.open()
afterAll(() => onnx.close())

describe.each([{ engine: 'plain loops', blas: new PlainBlas() }, { engine: 'ONNX Runtime', blas: onnx }])('by $engine', ({ blas }) => {
  test.each(file.cases.map((each) => ({ ...each, name: `${each.script}: ${each.reduction} of ${each.n}, factor ${each.factor}` })))('$name', async ({ script, reduction, n, factor, norms, csv }) => {
    const offsets = await stretchOffsets(queries, matrixFrom(file.train), { n, factor, reduction: reduction === 'min' ? 'min' : 'mean' }, blas)
    if (norms) expect(largestDifference(offsets, norms)).toBeLessThan(1e-5)
    const [, ...lines] = csv.trim().split(/\r?\n/)
    const found = await bestPairs(queries, references, lines.length, { offsets }, blas)
    // Where references are cut up and searched for queries, the columns come out swapped; the offset is the query's all the same.
    const swapped = script.includes('reverse')
    const scores = new Map(Array.from(found.scores, (score, i) => {
      const pair = [file.query_ids[found.queries[i] as number], file.reference_ids[found.references[i] as number]]
      return [(swapped ? pair.toReversed() : pair).join(), score] as const
    }))
    const expected = lines.map((line) => line.split(',')).map(([a, b, score]) => [`${a},${b}`, Number(score)] as const)
    expect([...scores.keys()].sort()).toEqual(expected.map(([pair]) => pair).sort())
    for (const [pair, score] of expected) expect(Math.abs((scores.get(pair) ?? Number.NaN) - score)).toBeLessThan(1e-5)
  })
})
