import { expect, test } from 'vitest'
import { matrixOf, type Matrix } from '../../core/domain/matrix.ts'
import { neighbourMean } from '../../core/rerank/neighbourMean.ts'
import { augmentReferences, expandQueries } from '../../core/rerank/queryExpansion.ts'
import { rowRange, stackRows } from '../../core/rerank/stackRows.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { rowDifferences } from './numbers.ts'
import { openNeighbours } from './undecided.ts'

interface File {
  readonly k_including_self: number
  readonly feats_test: number[][]
  readonly feats_index: number[][]
  readonly sims: number[][]
  readonly 'topk_idx (over concat[test,index])': number[][]
  readonly variants: readonly { alpha: number; qe: boolean; dba: boolean; test_out: number[][]; index_out: number[][] }[]
}

const file = golden<File>('landmark_alpha_qe')
const matrix = (rows: number[][]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
const queries = matrix(file.feats_test)
const references = matrix(file.feats_index)

function expectClose(found: Matrix, wanted: number[][]): void {
  expect(found.rows).toBe(wanted.length)
  wanted.flat().forEach((value, i) => expect(Math.abs((found.data[i] as number) - value), `value ${i}`).toBeLessThan(1e-5))
}

for (const { alpha, qe, dba, test_out, index_out } of file.variants) {
  test(`alpha ${alpha}${qe ? ', queries expanded' : ''}${dba ? ', references augmented' : ''}: as the original has it, from its neighbour lists`, () => {
    const ids = file['topk_idx (over concat[test,index])']
    const lists = { queries: ids.length, k: ids[0]?.length ?? 0, indices: Int32Array.from(ids.flat()), scores: Float32Array.from(file.sims.flat()) }
    const all = neighbourMean(stackRows(queries, references), lists, { alpha, count: lists.k })
    expectClose(qe ? rowRange(all, 0, queries.rows) : queries, test_out)
    expectClose(dba ? rowRange(all, queries.rows, all.rows) : references, index_out)
  })

  test(`alpha ${alpha}${qe ? ', queries expanded' : ''}${dba ? ', references augmented' : ''}: the same with neighbours that we look for ourselves`, async () => {
    const options = { alpha, count: file.k_including_self }
    const blas = new PlainBlas()
    const all = stackRows(queries, references)
    const open = [...await openNeighbours(all, all, options.count)]
    const openReferences = new Set(open.map((row) => row - queries.rows))
    expect(rowDifferences(qe ? await expandQueries(queries, references, blas, { ...options, pool: 'all' }) : queries, test_out, new Set(open))).toEqual([])
    expect(rowDifferences(dba ? await augmentReferences(queries, references, blas, options) : references, index_out, openReferences)).toEqual([])
  })
}
