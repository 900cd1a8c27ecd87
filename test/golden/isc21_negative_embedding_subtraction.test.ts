import { afterAll, describe, expect, test } from 'vitest'
import { augmentNegatives, subtractNegatives } from '../../core/descriptors/negatives.ts'
import type { Matrix } from '../../core/domain/matrix.ts'
import type { Blas } from '../../core/search/blas.ts'
import { dot } from '../../core/search/dot.ts'
import { OnnxBlas } from '../../core/search/onnxBlas.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { largestDifference, matrixFrom, orderDifferences, rowDifferences } from './numbers.ts'
import { openNeighbours } from './undecided.ts'

type Rows = number[][]
const dba = 'train_dba_intermediate(recomputed with the same expressions)'
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
  readonly [dba]: Rows
  readonly function_variants: { num_iter: number; k: number; beta: number; negatives: string; query_out: Rows }[]
}

const file = golden<Subtraction>('isc21_negative_embedding_subtraction')
const { params } = file
const train = matrixFrom(file.train)
// Each step starts from what the original had, so that a neighbour that is open in one step does not carry over to the next.
const negatives = matrixFrom(file[dba])
const onnx = await OnnxBlas.open()
afterAll(() => onnx.close())

type SubtractionParams = Pick<Subtraction['params'], 'k' | 'beta' | 'num_iter'>
const subtract = async (rows: Rows, negatives: Matrix, { k, beta, num_iter: iterations }: SubtractionParams, blas: Blas): Promise<Matrix> => await subtractNegatives(matrixFrom(rows), negatives, { k, beta, iterations }, blas)

/** Rows whose nearest negatives are open in one of the iterations. */
async function open(rows: Rows, from: Matrix, { k, beta, num_iter: iterations }: SubtractionParams): Promise<Set<number>> {
  const found = new Set<number>()
  let current = matrixFrom(rows)
  for (let turn = 0; turn < iterations; turn++) {
    for (const row of await openNeighbours(current, from, k)) found.add(row)
    current = await subtractNegatives(current, from, { k, beta, iterations: 1 }, new PlainBlas())
  }
  return found
}

describe.each([{ engine: 'plain loops', blas: new PlainBlas() }, { engine: 'ONNX Runtime', blas: onnx }])('by $engine', ({ blas }) => {
  const augmented = augmentNegatives(train, { k: params.dba_k, alpha: params.dba_alpha }, blas)

  test('DBA of the negatives', async () => {
    expect(rowDifferences(await augmented, file[dba], await openNeighbours(train, train, params.dba_k))).toEqual([])
  })

  test('negatives subtracted from queries and references', async () => {
    for (const [rows, out] of [[file.query_in, file.query_out], [file.reference_in, file.reference_out]] as const) expect(rowDifferences(await subtract(rows, negatives, params, blas), out, await open(rows, negatives, params))).toEqual([])
  })

  test.each(file.function_variants.map((variant) => ({ ...variant, name: `k ${variant.k}, beta ${variant.beta}, ${variant.num_iter} times, negatives ${variant.negatives}` })))('the function with $name', async (variant) => {
    const from = variant.negatives === 'dba' ? negatives : train
    expect(rowDifferences(await subtract(file.query_in, from, variant, blas), variant.query_out, await open(file.query_in, from, variant))).toEqual([])
  })

  test('the matching file: the same references in the same order, scores of minus the squared distance', async () => {
    const [header, ...lines] = file.csv_text.trim().split(/\r?\n/)
    expect(header).toBe('query_id,reference_id,score')
    const queries = matrixFrom(file.query_out)
    const references = matrixFrom(file.reference_out)
    const lists = await blas.nearest(queries, references, Math.min(params.topk_csv, file.reference_ids.length))
    // Where there are fewer references than places, faiss fills up with the greatest float32.
    const rows = lines.map((line) => line.split(',')).filter(([, , score]) => Number(score) > -1e30)
    const pairOf = (query: string, reference: string): string => `${query},${reference}`
    const cosines = new Map(file.query_ids.flatMap((query, q) => file.reference_ids.map((reference, r) => [pairOf(query, reference), dot(queries.data, q * queries.dim, references.data, r * references.dim, queries.dim)] as const)))
    const found = Array.from(lists.indices, (reference, i) => pairOf(file.query_ids[Math.floor(i / lists.k)] as string, file.reference_ids[reference] as string))
    const wanted = rows.map(([query = '', reference = '']) => pairOf(query, reference))
    expect(orderDifferences(found, wanted, (pair) => cosines.get(pair) ?? Number.NaN)).toEqual([])
    expect(new Set(found).size).toBe(found.length)
    expect(largestDifference(rows.map(([, , score]) => Number(score)), Array.from(lists.scores, (score) => 2 * score - 2))).toBeLessThan(1e-5)
  })
})
