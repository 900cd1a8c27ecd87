import type { Matrix } from '../domain/matrix.ts'
import type { RankedLists } from '../domain/rankedLists.ts'
import type { Blas } from '../search/blas.ts'
import type { NeighbourPairs } from './pairColumns.ts'

export interface SameLabelRule {
  /** How many nearest of the whole set are looked at, the image itself among them: 1000 in the original. */
  readonly k: number
  /** How many of those with the same label are kept, the image itself counted: 100 in the original, so that at most 99 pairs come out. */
  readonly most: number
}

export const gldv2Rule: SameLabelRule = { k: 1000, most: 100 }

/** Entries of a k-nearest answer that are held at once: 16 MB of indices and scores. */
const listEntries = 2_000_000

/** A block of answers: pairs of the queries before `rowsDone` have all been handed over. */
export interface NeighbourBlock extends NeighbourPairs {
  readonly rowsDone: number
}

export interface SameLabelSearch extends SameLabelRule {
  /** n x dim, unit rows: the order by inner product is then the order by Euclidean distance. */
  readonly vectors: Matrix
  /** n: place of each image's class; -1 for one without a label, which is somebody's neighbour but never asks. */
  readonly classOf: Int32Array
  readonly blas: Pick<Blas, 'nearest'>
  /** Rows that are done already (a resume). */
  readonly from?: number
  /** Rows of one block; by default as many as keep the block's lists within 16 MB. */
  readonly blockRows?: number
  readonly signal?: AbortSignal
}

/**
 * The candidate pairs of the GLDv2 cleaning rule: for each labelled image the images of its own label **among its k nearest of the whole set**
 * (not the k nearest of its label: in a class of strangers most lists come out empty, which is the point), nearest first.
 * The filter runs on each block of queries as it is answered, so no n x k graph exists at any time: what stays is at most `most - 1` pairs
 * an image. Images that are alone with their label are not searched for, since they cannot have a pair.
 *
 * Landmark 2019 (lyakaap), exp/delf/matching_localfeatures.py, which drops the first of each list as "itself". Where an identical picture stands
 * before the image itself that drops the twin and keeps the image beside itself; here the image itself is the one that is dropped.
 * Throws RangeError where labels and vectors differ in length, or for k or most below 2.
 */
export async function* sameLabelNeighbours(search: SameLabelSearch): AsyncGenerator<NeighbourBlock, void, undefined> {
  const { vectors, classOf, blas, k, from = 0, signal } = search
  if (classOf.length !== vectors.rows) throw new RangeError(`${classOf.length} labels are not one for each of ${vectors.rows} vectors.`)
  if (!Number.isInteger(k) || k < 2 || !Number.isInteger(search.most) || search.most < 2) throw new RangeError(`k and most must be whole numbers from 2, not ${k} and ${search.most}.`)
  const asking = rowsWithCompany(classOf)
  const { dim, rows } = vectors
  const width = Math.min(k, rows)
  const blockRows = search.blockRows ?? Math.max(1, Math.min(4096, Math.floor(listEntries / Math.max(1, width))))
  // The first asking row that is not done: rows ascend.
  let at = 0
  while (at < asking.length && (asking[at] as number) < from) at++
  for (; at < asking.length; at += blockRows) {
    signal?.throwIfAborted()
    const queries = asking.subarray(at, at + blockRows)
    const data = new Float32Array(queries.length * dim)
    for (const [place, row] of queries.entries()) data.set(vectors.data.subarray(row * dim, (row + 1) * dim), place * dim)
    const lists = await blas.nearest({ rows: queries.length, dim, data }, vectors, width)
    yield { ...keepSameLabel(lists, queries, classOf, search.most), rowsDone: (queries.at(-1) as number) + 1 }
  }
}

/**
 * Of each ranked list the entries with the label of its query, in rank order, without the query itself; at most `most` with it counted.
 * `queries[i]` is the row that list i belongs to; lists and labels speak of the same rows.
 */
export function keepSameLabel(lists: RankedLists, queries: Int32Array, classOf: Int32Array, most: number): NeighbourPairs {
  const room = lists.queries * Math.min(most, lists.k)
  const found = { queries: new Int32Array(room), references: new Int32Array(room), similarities: new Float32Array(room), ranks: new Int32Array(room) }
  let length = 0
  for (let list = 0; list < lists.queries; list++) {
    const query = queries[list] as number
    const label = classOf[query] as number
    if (label < 0) continue
    let kept = 1
    let rank = 0
    for (let i = list * lists.k; i < (list + 1) * lists.k && kept < most; i++) {
      const reference = lists.indices[i] as number
      if (reference < 0) break
      if (reference === query) continue
      rank++
      if (classOf[reference] !== label) continue
      kept++
      found.queries[length] = query
      found.references[length] = reference
      found.similarities[length] = lists.scores[i] as number
      found.ranks[length++] = rank
    }
  }
  return {
    queries: found.queries.slice(0, length),
    references: found.references.slice(0, length),
    similarities: found.similarities.slice(0, length),
    ranks: found.ranks.slice(0, length)
  }
}

/** Rows, ascending, whose label at least one other row has. */
export function rowsWithCompany(classOf: Int32Array): Int32Array {
  const sizes = new Map<number, number>()
  for (const label of classOf) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  return classOf.map((label, row) => (label >= 0 && (sizes.get(label) as number) > 1 ? row : -1)).filter((row) => row >= 0)
}
