import { expect, test } from 'vitest'
import { matrixOf } from '../../core/domain/matrix.ts'
import type { RankedLists } from '../../core/domain/rankedLists.ts'
import { mutualAffinity } from '../../core/rerank/affinity.ts'
import { diffuse, diffusionDefaults, diffusionGraph } from '../../core/rerank/diffusion.ts'
import { searchDiffused } from '../../core/rerank/diffusionSearch.ts'
import { ownNeighbours } from '../../core/rerank/ownNeighbours.ts'
import { denseRow } from '../../core/rerank/sparseRows.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

interface Case {
  readonly graph: string
  readonly n_trunc: number
  readonly kd: number
  readonly knn_ids: number[][]
  readonly knn_sims: number[][]
  readonly affinity_dense: number[][]
  readonly laplacian_alpha_dense: number[][]
  readonly offline_dense: number[][]
  readonly 'n_query(first rows)': number
  readonly query_gallery_scores: number[][]
  readonly ranks: number[][]
}

const file = golden<{ features: Record<string, number[][]>; cases: readonly Case[] }>('landmark_diffusion')

for (const wanted of file.cases) {
  const lists: RankedLists = { queries: wanted.knn_ids.length, k: wanted.n_trunc, indices: Int32Array.from(wanted.knn_ids.flat()), scores: Float32Array.from(wanted.knn_sims.flat()) }
  const options = { ...diffusionDefaults, neighbours: wanted.kd }
  const name = `graph ${wanted.graph}, truncated to ${wanted.n_trunc}, ${wanted.kd} neighbours`

  test(`${name}: affinity and Laplacian`, () => {
    const affinity = mutualAffinity(lists, options)
    const graph = diffusionGraph(lists, options)
    const wrong: string[] = []
    for (let i = 0; i < lists.queries; i++) {
      const a = denseRow(affinity, i)
      const s = denseRow(graph, i)
      for (let j = 0; j < lists.queries; j++) {
        if (!(Math.abs((a[j] as number) - (wanted.affinity_dense[i]?.[j] as number)) < 1e-6)) wrong.push(`A ${i}, ${j}: ${a[j]}, not ${wanted.affinity_dense[i]?.[j]}`)
        if (!(Math.abs((i === j ? 1 : 0) - (s[j] as number) - (wanted.laplacian_alpha_dense[i]?.[j] as number)) < 1e-6)) wrong.push(`L ${i}, ${j}: ${s[j]}`)
      }
    }
    expect(wrong).toEqual([])
  })

  // Of the row's greatest value, as errors of linear systems are told: NumPy's float32 power is off by a last place here and there, which near alpha = 1 grows a hundredfold.
  test(`${name}: offline rows within 2e-5, the early stop included`, () => {
    const offline = diffuse(lists, options)
    const wrong: string[] = []
    for (let i = 0; i < lists.queries; i++) {
      const row = denseRow(offline, i)
      const scale = Math.max(...(wanted.offline_dense[i] as number[]).map(Math.abs))
      for (let j = 0; j < lists.queries; j++) {
        const value = wanted.offline_dense[i]?.[j] as number
        if (!(Math.abs((row[j] as number) - value) <= 2e-5 * Math.max(Math.abs(value), 0.05 * scale))) wrong.push(`row ${i}, column ${j}: ${row[j]}, not ${value}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test(`${name}: scores and ranking`, () => {
    const queries = wanted['n_query(first rows)']
    const references = lists.queries - queries
    const ranked = searchDiffused(diffuse(lists, options), queries, { length: references, unreached: true })
    for (let q = 0; q < queries; q++) {
      const order = ranked.indices.subarray(q * references, (q + 1) * references)
      // The original sorted with NumPy's argsort, which is not stable: references that it scores equally (0: not reached) stand in no order of their own, and
      // its last place decides between those within 1e-6. All others stand exactly where they stood.
      const scoreOf = (reference: number): number => wanted.query_gallery_scores[q]?.[reference] as number
      order.forEach((reference, rank) => {
        const theirs = wanted.ranks[q]?.[rank] as number
        if (reference !== theirs) expect(Math.abs(scoreOf(reference) - scoreOf(theirs)), `rank ${rank} of query ${q}: ${reference}, not ${theirs}`).toBeLessThan(1e-6)
      })
      expect(new Set(order).size).toBe(references)
      order.forEach((reference, rank) => expect(Math.abs((ranked.scores[q * references + rank] as number) - (wanted.query_gallery_scores[q]?.[reference] as number))).toBeLessThan(1e-5))
    }
  })

  test(`${name}: the neighbours are those that we find ourselves`, async () => {
    const rows = file.features[wanted.graph] as number[][]
    const features = matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
    const found = await ownNeighbours(features, { from: 0, to: features.rows }, wanted.n_trunc, new PlainBlas())
    found.indices.forEach((row, at) => {
      // Of two that are equally near to the last place of a float32 either may come first.
      if (row !== lists.indices[at]) expect(Math.abs((found.scores[at] as number) - (lists.scores[at] as number)), `place ${at}: ${row}, not ${lists.indices[at]}`).toBeLessThan(3e-7)
    })
  })
}
