import type { RankedLists } from '../domain/rankedLists.ts'
import type { SparseRows } from './sparseRows.ts'

export interface AffinityOptions {
  /** Two rows are joined where each is among the other's first `neighbours`. fyang93/diffusion: kd = 50. */
  readonly neighbours: number
  /** Power of the similarity. fyang93/diffusion: 3. */
  readonly gamma: number
}

/**
 * The mutual kNN graph: A_ij = max(similarity, 0)^gamma where i is in the first `neighbours` of j and j in those of i, i ≠ j; no entry elsewhere.
 * Of each direction its own list's similarity is taken. Lists are those of all rows among all rows (with or without themselves).
 */
export function mutualAffinity(lists: RankedLists, { neighbours, gamma }: AffinityOptions): SparseRows {
  const { queries: rows, k } = lists
  const used = Math.min(neighbours, k)
  const neighbourOf = lists.indices
  const counts = new Float64Array(rows + 1)
  const mutual = new Uint8Array(rows * used)
  for (let i = 0; i < rows; i++) {
    for (let rank = 0; rank < used; rank++) {
      const j = neighbourOf[i * k + rank] as number
      if (j < 0) break
      if (j >= rows) throw new RangeError(`List ${i} names row ${j} of ${rows}.`)
      if (j === i) continue
      for (let back = j * k; back < j * k + used; back++) {
        const other = neighbourOf[back] as number
        if (other < 0) break
        if (other !== i) continue
        mutual[i * used + rank] = 1
        counts[i + 1] = (counts[i + 1] as number) + 1
        break
      }
    }
  }
  for (let i = 0; i < rows; i++) counts[i + 1] = (counts[i + 1] as number) + (counts[i] as number)
  const total = counts[rows] as number
  const indices = new Int32Array(total)
  const values = new Float32Array(total)
  let at = 0
  for (let i = 0; i < rows; i++) {
    for (let rank = 0; rank < used; rank++) {
      if (mutual[i * used + rank] === 0) continue
      indices[at] = neighbourOf[i * k + rank] as number
      values[at++] = Math.max(lists.scores[i * k + rank] as number, 0) ** gamma
    }
  }
  return { rows, columns: rows, starts: counts, indices, values }
}

/**
 * alpha · D^-½ A D^-½ with D_i = Σ_j A_ij + 1e-12: what the regularised Laplacian I - alpha·S has off its diagonal, without the sign. Rounded to float32
 * after each factor, as the original's sparse float32 products are: with alpha near 1 the system is so badly conditioned that this shows.
 */
export function scaledStochastic(affinity: SparseRows, alpha: number): SparseRows {
  const { rows, starts, indices } = affinity
  const factors = new Float32Array(rows)
  for (let i = 0; i < rows; i++) {
    let degree = 0
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) degree += affinity.values[at] as number
    factors[i] = (degree + 1e-12) ** -0.5
  }
  const values = new Float32Array(affinity.values.length)
  const factor = Math.fround(alpha)
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const left = Math.fround((factors[i] as number) * (affinity.values[at] as number))
      values[at] = factor * Math.fround(left * (factors[indices[at] as number] as number))
    }
  }
  return { rows, columns: rows, starts, indices, values }
}
