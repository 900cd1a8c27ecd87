import type { Matrix } from '../../core/domain/matrix.ts'
import type { RankedLists } from '../../core/domain/rankedLists.ts'
import { cosineBallot, softVote } from '../../core/pseudo/softVote.ts'
import { PlainBlas } from '../support/plainBlas.ts'

/*
 * What no original says, because the last place of a float32 decides (theirs depends on the BLAS and on how many rows it was given).
 */

/** Closer than this, two cosines are told apart by the last places of a float32 only. */
const lastPlace = 5e-7

const allLists = async (rows: Matrix, references: Matrix): Promise<RankedLists> => await new PlainBlas().nearest(rows, references, references.rows)

/** Places in row's list that are as near as its k-th: the others before k are in, those behind are out. */
function atEdge(lists: RankedLists, row: number, k: number): number[] {
  const score = (rank: number): number => lists.scores[row * lists.k + rank] as number
  const edge = score(Math.min(k, lists.k) - 1)
  return Array.from({ length: lists.k }, (_, rank) => rank).filter((rank) => Math.abs(score(rank) - edge) < lastPlace)
}

/** Rows whose k nearest are open: the k-th and the next are equally near. */
export async function openNeighbours(rows: Matrix, references: Matrix, k: number): Promise<Set<number>> {
  const lists = await allLists(rows, references)
  return new Set(Array.from({ length: lists.queries }, (_, row) => row).filter((row) => atEdge(lists, row, k).some((rank) => rank >= k)))
}

/** Rows whose label by a vote of the k nearest is open: another class at the edge of the k, or two classes with the same sum. */
export async function openVotes(rows: Matrix, voters: Matrix, classOf: Int32Array, k: number): Promise<Set<number>> {
  const lists = await allLists(rows, voters)
  const { scores, runnersUp } = softVote(lists, classOf, k, cosineBallot(k))
  return new Set(Array.from({ length: lists.queries }, (_, row) => row).filter((row) => {
    const edge = atEdge(lists, row, k)
    const classes = new Set(edge.map((rank) => classOf[lists.indices[row * lists.k + rank] as number]))
    const tied = runnersUp[row] !== 0 && (scores[row] as number) - (runnersUp[row] as number) < 2 * lastPlace
    return (classes.size > 1 && edge.some((rank) => rank >= k)) || tied
  }))
}
