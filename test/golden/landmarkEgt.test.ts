import { expect, test } from 'vitest'
import { matrixOf } from '../../core/domain/matrix.ts'
import type { RankedLists } from '../../core/domain/rankedLists.ts'
import { exploreExploit } from '../../core/rerank/exploreExploit.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

interface File {
  readonly index_ids: string[]
  readonly index_feats: number[][]
  readonly query_feats: number[][]
  readonly ii_ids: number[][]
  readonly ii_sims: number[][]
  readonly ti_ids: number[][]
  readonly ti_sims: number[][]
  readonly cases: readonly { query: number; cosine_th: number | 'inf'; explore_k: number; result: string[] }[]
}

const file = golden<File>('landmark_egt')
const listsOf = (ids: number[][], sims: number[][]): RankedLists => ({ queries: ids.length, k: ids[0]?.length ?? 0, indices: Int32Array.from(ids.flat()), scores: Float32Array.from(sims.flat()) })
const fromQueries = listsOf(file.ti_ids, file.ti_sims)
const graph = listsOf(file.ii_ids, file.ii_sims)
const matrix = (rows: number[][]) => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)

for (const { query, cosine_th, explore_k, result } of file.cases) {
  const options = { threshold: cosine_th === 'inf' ? Infinity : cosine_th, explore: explore_k, length: result.length }

  test(`query ${query}, threshold ${cosine_th}, exploring ${explore_k}: the original's order exactly`, () => {
    const { lists } = exploreExploit(fromQueries, graph, options)
    expect([...lists.indices.subarray(query * lists.k, (query + 1) * lists.k)].map((i) => file.index_ids[i])).toEqual(result)
  })
}

for (const [name, features, given] of [['queries', file.query_feats, fromQueries], ['references', file.index_feats, graph]] as const) {
  test(`the lists of ${name} are those that we find ourselves`, async () => {
    const found = await new PlainBlas().nearest(matrix(features), matrix(file.index_feats), given.k)
    found.indices.forEach((row, at) => {
      // Of two that are equally near to the last place of a float32 either may come first.
      if (row !== given.indices[at]) expect(Math.abs((found.scores[at] as number) - (given.scores[at] as number)), `place ${at}: ${row}, not ${given.indices[at]}`).toBeLessThan(3e-7)
    })
  })
}
