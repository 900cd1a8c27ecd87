import type { Matrix } from '../domain/matrix.ts'
import type { RankedLists } from '../domain/rankedLists.ts'

/** For each list the sum of its references' rows, each times `weight(score)`: lists.queries x references.dim, summed in double precision. */
export function neighbourSums(references: Matrix, { queries, k, indices, scores }: RankedLists, weight: (score: number) => number): Matrix {
  const { dim, data } = references
  const out = new Float32Array(queries * dim)
  const sum = new Float64Array(dim)
  for (let query = 0; query < queries; query++) {
    sum.fill(0)
    for (let place = query * k; place < (query + 1) * k; place++) {
      const row = indices[place] as number
      if (row < 0) break
      add(sum, data, row * dim, weight(scores[place] as number))
    }
    out.set(sum, query * dim)
  }
  return { rows: queries, dim, data: out }
}

function add(sum: Float64Array, data: Float32Array, at: number, weight: number): void {
  for (let d = 0; d < sum.length; d++) sum[d] = (sum[d] as number) + weight * (data[at + d] as number)
}
