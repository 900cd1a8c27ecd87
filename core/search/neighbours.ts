import { Ranking } from './ranking.ts'
import { RowScorer } from './rowScorer.ts'
import { type CandidateLists, TooManyCandidates, type VectorIndex } from './vectorIndex.ts'
import type { VectorRows } from './vectorRows.ts'

/** More candidates than asked for, so that the engine's rounding seldom decides who is the last neighbour. */
const margin = 8
/** Candidates of several queries that are held at once. */
const listLimit = 4_000_000

export interface QueryRows {
  /** n x dim, row-major, unit length. */
  readonly matrix: Float32Array
  readonly imageIds: Int32Array
}

export interface Neighbours {
  /** n x k image ids, most similar first, -1 where there are fewer. */
  readonly imageIds: Int32Array
  /** n x k cosines, 0 beside -1. */
  readonly similarities: Float32Array
}

/**
 * The k most similar references of each query: greater `similarity` first, then the smaller image id. Exact and the same for every engine:
 * the engine proposes, each candidate is scored again in double precision, and a query whose last neighbour lies within the engine's
 * rounding of what it left out is looked up once more by radius.
 */
export async function neighbours(
  index: VectorIndex, references: VectorRows, queries: QueryRows, { k, excludeSelf }: { k: number; excludeSelf: boolean }, signal: AbortSignal
): Promise<Neighbours> {
  const n = queries.imageIds.length
  const imageIds = new Int32Array(n * k).fill(-1)
  const similarities = new Float32Array(n * k)
  if (n === 0 || references.count === 0) return { imageIds, similarities }
  const proposed = await index.nearest(queries.matrix, n, k + (excludeSelf ? 1 : 0) + margin, signal)
  const scorer = await RowScorer.for(references, queries.matrix, proposed.indices)
  const ranking = new Ranking(k)
  const put = (query: number): void => {
    imageIds.set(ranking.ids, query * k)
    similarities.set(ranking.values, query * k)
  }
  const rank = (candidates: Int32Array, query: number): void => {
    const self = excludeSelf ? (queries.imageIds[query] as number) : -1
    ranking.clear()
    scorer.begin(query)
    for (const candidate of candidates) {
      if (candidate < 0) break
      const id = references.source.imageIds[candidate] as number
      if (id !== self) ranking.offer(scorer.score(candidate), id)
    }
  }
  const doubtful: number[] = []
  let smallest: Int32Array | undefined
  for (let query = 0; query < n; query++) {
    if (isZero(queries.matrix, query * references.dim, references.dim)) {
      smallest ??= smallestIds(references.source.imageIds, k + 1)
      ranking.clear()
      for (const id of smallest) if (!excludeSelf || id !== queries.imageIds[query]) ranking.offer(0, id)
      put(query)
      continue
    }
    rank(proposed.indices.subarray(query * proposed.count, (query + 1) * proposed.count), query)
    if ((proposed.bounds[query] as number) > -Infinity && ranking.least <= (proposed.bounds[query] as number) + 2 * index.tolerance) doubtful.push(query)
    put(query)
  }
  const floorOf = (query: number): number => ((imageIds[query * k + k - 1] as number) < 0 ? -Infinity : (similarities[query * k + k - 1] as number) - 2 * index.tolerance)
  await eachList(index, references, queries.matrix, doubtful, floorOf, 0, signal, async (lists, rows) => {
    await scorer.prepare(lists.indices)
    for (const [position, query] of rows.entries()) {
      rank(lists.indices.subarray(lists.starts[position], lists.starts[position + 1]), query)
      put(query)
    }
  })
  return { imageIds, similarities }
}

const isZero = (matrix: Float32Array, at: number, dim: number): boolean => {
  for (let i = at; i < at + dim; i++) if (matrix[i] !== 0) return false
  return true
}

/** A query of zeros ties with every reference; by the rule for ties it gets the smallest ids, without looking at any vector. */
function smallestIds(imageIds: Int32Array, count: number): Int32Array {
  const ranking = new Ranking(Math.min(count, imageIds.length))
  for (const id of imageIds) ranking.offer(0, id)
  return ranking.ids
}

/** Calls back with the candidates of these query rows above their floors, so many rows at a time as fit in memory. */
export async function eachList(
  index: VectorIndex, references: VectorRows, matrix: Float32Array, rows: readonly number[], floorOf: (row: number) => number, from: number, signal: AbortSignal,
  use: (lists: CandidateLists, rows: readonly number[]) => Promise<void>
): Promise<void> {
  if (rows.length === 0) return
  const { dim } = references
  const some = new Float32Array(rows.length * dim)
  for (const [position, row] of rows.entries()) some.set(matrix.subarray(row * dim, (row + 1) * dim), position * dim)
  try {
    const floors = Float32Array.from(rows, floorOf)
    await use(await index.within(some, rows.length, floors, { from, limit: Math.max(listLimit, references.count) }, signal), rows)
  } catch (error) {
    if (!(error instanceof TooManyCandidates) || rows.length === 1) throw error
    const half = rows.length >> 1
    await eachList(index, references, matrix, rows.slice(0, half), floorOf, from, signal, use)
    await eachList(index, references, matrix, rows.slice(half), floorOf, from, signal, use)
  }
}
