import { afterAll, describe, expect, test } from 'vitest'
import { augmentNegatives, subtractNegatives } from '../../core/descriptors/negatives.ts'
import type { Matrix } from '../../core/domain/matrix.ts'
import type { Blas } from '../../core/search/blas.ts'
import { OnnxBlas } from '../../core/search/onnxBlas.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { largestDifference, matrixFrom } from './numbers.ts'

type Rows = number[][]
interface Subtraction {
  readonly params: { dba_k: number; dba_alpha: number; k: number; beta: number; num_iter: number; topk_csv: number }
  readonly query_ids: string[]
  readonly reference_ids: string[]
  readonly train: Rows
  readonly query_in: Rows
  readonly reference_in: Rows
  readonly query_out: Rows
  readonly reference_out: Rows
  readonly csv_text: string
  readonly 'train_dba_intermediate(recomputed with the same expressions)': Rows
  readonly function_variants: { num_iter: number; k: number; beta: number; negatives: string; query_out: Rows }[]
}

const file = golden<Subtraction>('isc21_negative_embedding_subtraction')
const { params } = file
const train = matrixFrom(file.train)
const onnx = await OnnxBlas.open()
afterAll(() => onnx.close())

type SubtractionParams = Pick<Subtraction['params'], 'k' | 'beta' | 'num_iter'>
const subtract = async (rows: Rows, negatives: Matrix, { k, beta, num_iter: iterations }: SubtractionParams, blas: Blas): Promise<Matrix> => await subtractNegatives(matrixFrom(rows), negatives, { k, beta, iterations }, blas)

describe.each([{ engine: 'plain loops', blas: new PlainBlas() }, { engine: 'ONNX Runtime', blas: onnx }])('by $engine', ({ blas }) => {
  const augmented = augmentNegatives(train, { k: params.dba_k, alpha: params.dba_alpha }, blas)

  test('DBA of the negatives', async () => {
    expect(largestDifference((await augmented).data, file['train_dba_intermediate(recomputed with the same expressions)'].flat())).toBeLessThan(1e-5)
  })

  test('negatives subtracted from queries and references', async () => {
    expect(largestDifference((await subtract(file.query_in, await augmented, params, blas)).data, file.query_out.flat())).toBeLessThan(1e-5)
    expect(largestDifference((await subtract(file.reference_in, await augmented, params, blas)).data, file.reference_out.flat())).toBeLessThan(1e-5)
  })

  test.each(file.function_variants.map((variant) => ({ ...variant, name: `k ${variant.k}, beta ${variant.beta}, ${variant.num_iter} times, negatives ${variant.negatives}` })))('the function with $name', async (variant) => {
    const negatives = variant.negatives === 'dba' ? await augmented : train
    expect(largestDifference((await subtract(file.query_in, negatives, variant, blas)).data, variant.query_out.flat())).toBeLessThan(1e-5)
  })

  test('the matching file: the same references in the same order, scores of minus the squared distance', async () => {
    const [header, ...lines] = file.csv_text.trim().split(/\r?\n/)
    expect(header).toBe('query_id,reference_id,score')
    const lists = await blas.nearest(await subtract(file.query_in, await augmented, params, blas), await subtract(file.reference_in, await augmented, params, blas), Math.min(params.topk_csv, file.reference_ids.length))
    const rows = lines.map((line) => line.split(','))
    expect(rows.map(([query, reference]) => `${query},${reference}`)).toEqual(Array.from(lists.indices, (reference, i) => `${file.query_ids[Math.floor(i / lists.k)]},${file.reference_ids[reference]}`))
    expect(largestDifference(rows.map(([, , score]) => Number(score)), Array.from(lists.scores, (score) => 2 * score - 2))).toBeLessThan(1e-5)
  })
})
