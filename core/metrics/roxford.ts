import { IntIndex, PairIndex } from './intIndex.ts'
import { noTruth } from './noTruth.ts'
import type { RetrievedImages } from './retrieval.ts'
import { grades, type Grade, type RelevanceTruth } from './truth.ts'

export const difficulties = ['easy', 'medium', 'hard'] as const
export type Difficulty = (typeof difficulties)[number]

/** What counts as found and what is taken out of the ranking before it is looked at (Radenovic et al. 2018, "Revisiting Oxford and Paris"). */
const protocol: Record<Difficulty, { readonly positive: readonly Grade[]; readonly junk: readonly Grade[] }> = {
  easy: { positive: ['easy'], junk: ['junk', 'hard'] },
  medium: { positive: ['easy', 'hard'], junk: ['junk'] },
  hard: { positive: ['hard'], junk: ['junk', 'easy'] }
}

export interface RoxfordMetrics {
  readonly map: number
  /** mP@k for each of `ranks`; k is cut to the rank of the query's last positive. */
  readonly precisionAt: readonly number[]
  /** Queries with a positive at this difficulty: what both are a mean of. */
  readonly queries: number
  /** Average precision beside truth.queries; NaN where there is no positive. */
  readonly perQuery: Float64Array
}

/**
 * ROxford / RParis (filipradenovic/cnnimageretrieval-pytorch cirtorch/utils/evaluate.py): junk is deleted from the ranking; AP is the area under the
 * precision-recall curve by the trapezium rule, sum over positives j of (P0 + P1) / (2 n), P0 = j / rank (1 at rank 0), P1 = (j + 1) / (rank + 1), ranks
 * from 0, n all positives whether listed or not. Lists should rank the whole database; what is cut off counts as not found. An image listed
 * again keeps its rank and counts once. Throws BAD_INPUT where no query has a positive.
 */
export function roxfordMetrics(lists: RetrievedImages, truth: RelevanceTruth, difficulty: Difficulty, ranks: readonly number[] = [1, 5, 10]): RoxfordMetrics {
  const { positive, junk } = protocol[difficulty]
  const owner = new Int32Array(truth.images.length)
  for (let place = 0; place < truth.queries.length; place++) owner.fill(place, truth.offsets[place], truth.offsets[place + 1])
  const judged = new PairIndex(owner, truth.images)
  const gradeOf = (place: number, image: number): Grade | undefined => {
    const at = judged.find(place, image)
    return at < 0 ? undefined : grades[truth.grade[at] as number]
  }
  const listOf = new IntIndex(lists.queries)
  const perQuery = new Float64Array(truth.queries.length).fill(Number.NaN)
  const precisions = ranks.map(() => 0)
  let queries = 0
  let sum = 0
  for (let place = 0; place < truth.queries.length; place++) {
    let positives = 0
    for (let at = truth.offsets[place] as number; at < (truth.offsets[place + 1] as number); at++) if (positive.includes(grades[truth.grade[at] as number] as Grade)) positives++
    if (positives === 0) continue
    queries++
    const list = listOf.find(truth.queries[place] as number)
    const found = list < 0 ? [] : positiveRanks(lists, list, (image) => {
      const grade = gradeOf(place, image)
      return grade === undefined ? 'wrong' : positive.includes(grade) ? 'positive' : junk.includes(grade) ? 'junk' : 'wrong'
    })
    let ap = 0
    for (const [j, rank] of found.entries()) ap += ((rank === 0 ? 1 : j / rank) + (j + 1) / (rank + 1)) / (2 * positives)
    perQuery[place] = ap
    sum += ap
    const last = found.at(-1)
    if (last === undefined) continue
    for (const [i, k] of ranks.entries()) {
      const cut = Math.min(last + 1, k)
      precisions[i]! += found.filter((rank) => rank < cut).length / cut
    }
  }
  if (queries === 0) throw noTruth(`query with ${difficulty === 'easy' ? 'an easy' : difficulty === 'hard' ? 'a hard' : 'an easy or hard'} image`)
  return { map: sum / queries, precisionAt: precisions.map((total) => total / queries), queries, perQuery }
}

/** The ranks, from 0, of the positives once junk is gone. */
function positiveRanks({ images, k }: RetrievedImages, list: number, judge: (image: number) => 'positive' | 'junk' | 'wrong'): number[] {
  const found: number[] = []
  const seen = new Set<number>()
  let rank = 0
  for (let at = list * k; at < (list + 1) * k; at++) {
    const image = images[at] as number
    if (image < 0) break
    const verdict = judge(image)
    if (verdict === 'junk') continue
    if (verdict === 'positive' && !seen.has(image)) {
      seen.add(image)
      found.push(rank)
    }
    rank++
  }
  return found
}
