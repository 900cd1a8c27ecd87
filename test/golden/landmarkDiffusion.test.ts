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
    for (let i = 0; i < lists.queries; i++) {
      const a = denseRow(affinity, i)
      const s = denseRow(graph, i)
      for (let j = 0; j < lists.queries; j++) {
        expect(a[j], `A ${i}, ${j}`).toBeCloseTo(wanted.affinity_dense[i]?.[j] as number, 6)
        expect((i === j ? 1 : 0) - (s[j] as number), `L ${i}, ${j}`).toBeCloseTo(wanted.laplacian_alpha_dense[i]?.[j] as number, 6)
      }
    }
  })

  test(`${name}: offline rows within 2e-5, the early stop included`, () => {
    const offline = diffuse(lists, options)
    for (let i = 0; i < lists.queries; i++) {
      const row = denseRow(offline, i)
      const scale = Math.max(...(wanted.offline_dense[i] as number[]).map(Math.abs))
      for (let j = 0; j < lists.queries; j++) {
        const value = wanted.offline_dense[i]?.[j] as number
        expect(Math.abs((row[j] as number) - value), `row ${i}, column ${j}: ${row[j]}, not ${value}`).toBeLessThanOrEqual(2e-5 * Math.abs(value) + 1e-9 * scale)
      }
    }
  })

  test(`${name}: scores and ranking`, () => {
    const queries = wanted['n_query(first rows)']
    const references = lists.queries - queries
    const ranked = searchDiffused(diffuse(lists, options), queries, { length: references, unreached: true })
    for (let q = 0; q < queries; q++) {
      const order = ranked.indices.subarray(q * references, (q + 1) * references)
      // The original sorted with NumPy's argsort, which is not stable: references that it scores equally (0: not reached) stand in no order of their own. All others exactly.
      const scoreOf = (reference: number): number => wanted.query_gallery_scores[q]?.[reference] as number
      const tied = (reference: number): boolean => (wanted.query_gallery_scores[q] as number[]).filter((score) => score === scoreOf(reference)).length > 1
      const named = (reference: number): string => (tied(reference) ? `one of those that score ${scoreOf(reference)}` : String(reference))
      expect([...order].map(named)).toEqual((wanted.ranks[q] as number[]).map(named))
      expect(new Set(order).size).toBe(references)
      order.forEach((reference, rank) => expect(Math.abs((ranked.scores[q * references + rank] as number) - (wanted.query_gallery_scores[q]?.[reference] as number))).toBeLessThan(1e-5))
    }
  })

  test(`${name}: the neighbours are those that we find ourselves`, async () => {
    const rows = file.features[wanted.graph] as number[][]
    const features = matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)
    const found = await ownNeighbours(features, { from: 0, to: features.rows }, wanted.n_trunc, new PlainBlas())
    expect([...found.indices]).toEqual([...lists.indices])
  })
}
