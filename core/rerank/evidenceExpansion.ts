import type { Matrix } from '../domain/matrix.ts'
import { rowOf } from '../domain/matrix.ts'

/** Verified pairs, one a place: row `rows[p]` of what is expanded, row `neighbours[p]` of the pool, and the inliers that speak for them. */
export interface EvidencePairs {
  readonly rows: Int32Array
  readonly neighbours: Int32Array
  readonly inliers: Float32Array | Int32Array
}

export interface EvidenceOptions {
  /** Pairs with fewer inliers do not count. Landmark 2019: 90 (70 and 120 were tried), which means something with DELF only. */
  readonly leastInliers: number
  /** At most so many neighbours a row, most inliers first (equal ones in the order of the pairs). Landmark 2019: 5. */
  readonly count: number
}

/**
 * Query expansion and DBA from geometric evidence (DELF-QE, Landmark 2019 experiments/e45): x' = (x + Σ w_j x_j) / (1 + Σ w_j), w_j = <x,x_j>.
 * Not normalised again: the final search was by Euclidean distance of what came out. Returns new vectors for `rows`.
 *
 * `pool` is where neighbours come from (train and index for queries). Null means `rows` itself, and then rows are updated in place as there:
 * a row sees those that were updated before it, in `order` (default: ascending; the original went by image id as text). Pairs of a row
 * with itself are passed over then.
 * Throws RangeError for a pair outside the rows.
 */
export function expandByEvidence(rows: Matrix, pool: Matrix | null, pairs: EvidencePairs, { leastInliers, count }: EvidenceOptions, order?: Int32Array): Matrix {
  const expanded: Matrix = { ...rows, data: rows.data.slice() }
  const source = pool ?? expanded
  if (source.dim !== rows.dim) throw new RangeError(`Rows of ${rows.dim} values have no neighbours of ${source.dim}.`)
  const pairsOfRow = groupByRow(pairs, rows.rows, source.rows, (p) => (pairs.inliers[p] as number) >= leastInliers && (pool !== null || pairs.rows[p] !== pairs.neighbours[p]))
  const sum = new Float64Array(rows.dim)
  for (let turn = 0; turn < rows.rows; turn++) {
    const row = order?.[turn] ?? turn
    const chosen = pairsOfRow.get(row)?.sort((a, b) => (pairs.inliers[b] as number) - (pairs.inliers[a] as number) || a - b).slice(0, count)
    if (!chosen) continue
    const vector = rowOf(expanded, row)
    sum.set(vector)
    let total = 1
    for (const pair of chosen) {
      const neighbour = rowOf(source, pairs.neighbours[pair] as number)
      let weight = 0
      for (let i = 0; i < rows.dim; i++) weight += (vector[i] as number) * (neighbour[i] as number)
      total += weight
      for (let i = 0; i < rows.dim; i++) sum[i] = (sum[i] as number) + weight * (neighbour[i] as number)
    }
    // Verified neighbours that all point away: there is no mean to take.
    if (!(total > 0)) continue
    for (let i = 0; i < rows.dim; i++) vector[i] = (sum[i] as number) / total
  }
  return expanded
}

function groupByRow(pairs: EvidencePairs, rows: number, pool: number, counts: (pair: number) => boolean): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (let pair = 0; pair < pairs.rows.length; pair++) {
    const row = pairs.rows[pair] as number
    const neighbour = pairs.neighbours[pair] as number
    if (row < 0 || row >= rows || neighbour < 0 || neighbour >= pool) throw new RangeError(`Pair ${pair} joins row ${row} of ${rows} and row ${neighbour} of ${pool}.`)
    if (!counts(pair)) continue
    const group = groups.get(row)
    if (group) group.push(pair)
    else groups.set(row, [pair])
  }
  return groups
}
