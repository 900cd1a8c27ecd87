import { expect, test } from 'vitest'
import { matrixOf, type Matrix } from '../../core/domain/matrix.ts'
import { rankedPairs } from '../../core/metrics/copyDetection.ts'
import { closestPairsOverall } from '../../core/metrics/descriptorTrack.ts'
import { microAp, recallAtPrecision } from '../../core/metrics/rankedHits.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

const expected = golden<{ gt: [string, string | null][]; num_rows: number; rows: [string, string, number][]; average_precision: number; recall_p90: number }>('isc21_descriptor_eval')
const source = golden<{ query_ids: string[]; reference_ids: string[]; query_out: number[][]; reference_out: number[][] }>('isc21_negative_embedding_subtraction')

const matrix = (rows: number[][]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)

test('the descriptor track: the globally closest pairs of the listed queries, and their uAP and R@P90', async () => {
  const listed = new Set(expected.gt.map(([query]) => query))
  const queries = source.query_ids.map((id, row) => ({ id, row })).filter(({ id }) => listed.has(id))
  const found = await closestPairsOverall(matrix(queries.map(({ row }) => source.query_out[row] ?? [])), matrix(source.reference_out), new PlainBlas())

  expect(found.score).toHaveLength(expected.num_rows)
  const scores = new Map(expected.rows.map(([query, reference, score]) => [`${query} ${reference}`, score]))
  const names = [...found.query].map((query, i) => `${queries[query]?.id} ${source.reference_ids[found.reference[i] ?? -1]}`)
  // Of the pairs that are as far as the last one taken, either may be in.
  const last = Math.min(...scores.values())
  const only = [...names.filter((name) => !scores.has(name)), ...[...scores.keys()].filter((name) => !names.includes(name))]
  for (const [i, name] of names.entries()) expect(Math.abs((found.score[i] ?? Number.NaN) - (scores.get(name) ?? last))).toBeLessThan(only.includes(name) ? 1e-6 : 1e-5)
  for (const name of only) if (scores.has(name)) expect((scores.get(name) as number) - last).toBeLessThan(1e-6)

  const row = (ids: readonly string[], id: string): number => ids.indexOf(id)
  const listedIds = queries.map(({ id }) => id)
  const pairs = expected.gt.filter((one): one is [string, string] => one[1] !== null)
  // From the original's rows: its float32 distances say which pairs are tied.
  const ranked = rankedPairs({
    query: Int32Array.from(expected.rows, ([query]) => row(listedIds, query)), reference: Int32Array.from(expected.rows, ([, reference]) => row(source.reference_ids, reference)),
    score: Float64Array.from(expected.rows, ([, , score]) => score)
  }, {
    kind: 'pairs', queries: Int32Array.from(new Set(expected.gt.map(([query]) => row(listedIds, query)))),
    query: Int32Array.from(pairs, ([query]) => row(listedIds, query)), reference: Int32Array.from(pairs, ([, reference]) => row(source.reference_ids, reference))
  })
  expect(microAp(ranked)).toBeCloseTo(expected.average_precision, 9)
  expect(recallAtPrecision(ranked, 0.9)?.recall ?? 0).toBeCloseTo(expected.recall_p90, 9)
})
