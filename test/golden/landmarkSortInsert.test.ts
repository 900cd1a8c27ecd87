import { expect, test } from 'vitest'
import { matrixOf, type Matrix } from '../../core/domain/matrix.ts'
import { emptyLists, type RankedLists } from '../../core/domain/rankedLists.ts'
import { cosineBallot, type LabelPredictions, softVote } from '../../core/pseudo/softVote.ts'
import { sortInsert, sortInsertFirstVersion } from '../../core/rerank/sortInsert.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'
import { orderDifferences } from './numbers.ts'
import { openVotes } from './undecided.ts'

interface File {
  readonly train_landmarks: number[]
  readonly train_feats: number[][]
  readonly index_ids: string[]
  readonly index_feats: number[][]
  readonly test_ids: string[]
  readonly test_feats: number[][]
  readonly initial_rank: Record<string, string[]>
  readonly cases: readonly { version: string; topk: number; voting_k?: number; thresh?: number; images: Record<string, string> }[]
  readonly [predictions: `pred_${string}(voting_k=${number})`]: Record<string, [label: string, score: number]>
}

const file = golden<File>('landmark_rerank_sort_insert')
const matrix = (rows: number[][]): Matrix => matrixOf(Float32Array.from(rows.flat()), rows[0]?.length ?? 1)

/** How many vote where a case does not say: their submission's value. */
const usualVoters = 3

/** The original's own predictions where the file holds them, so that a vote that is left open does not carry over; else ours. */
async function predictions(side: 'index' | 'test', voters: number): Promise<LabelPredictions> {
  const found = await predict(side === 'test' ? file.test_feats : file.index_feats, voters)
  const given = file[`pred_${side}(voting_k=${voters})`]
  if (!given) return found
  const rows = (side === 'test' ? file.test_ids : file.index_ids).map((id) => given[id] ?? ['-1', Number.NaN])
  return { ...found, labels: Int32Array.from(rows, ([label]) => Number(label)), scores: Float64Array.from(rows, ([, score]) => Number(score)) }
}

async function predict(rows: number[][], voters: number): Promise<LabelPredictions> {
  const lists = await new PlainBlas().nearest(matrix(rows), matrix(file.train_feats), voters)
  return softVote(lists, Int32Array.from(file.train_landmarks), voters, cosineBallot(voters))
}

function initialLists(longest: number): RankedLists {
  const lists = emptyLists(file.test_ids.length, Math.min(longest, Math.max(...Object.values(file.initial_rank).map((ids) => ids.length))))
  for (const [q, id] of file.test_ids.entries()) for (const [rank, reference] of (file.initial_rank[id] ?? []).slice(0, lists.k).entries()) lists.indices[q * lists.k + rank] = file.index_ids.indexOf(reference)
  return lists
}

for (const name of Object.keys(file).filter((key) => key.startsWith('pred_'))) {
  test(`${name}: labels by soft voting`, async () => {
    const wanted = file[name as `pred_${string}(voting_k=${number})`] ?? {}
    const ofQueries = name.startsWith('pred_test')
    const voters = Number(/voting_k=(\d+)/.exec(name)?.[1] ?? usualVoters)
    const rows = ofQueries ? file.test_feats : file.index_feats
    const found = await predict(rows, voters)
    const open = await openVotes(matrix(rows), matrix(file.train_feats), Int32Array.from(file.train_landmarks), voters)
    for (const [i, id] of (ofQueries ? file.test_ids : file.index_ids).entries()) {
      if (open.has(i)) continue
      const [label, score] = wanted[id] ?? ['', 0]
      expect(String(found.labels[i])).toBe(label)
      expect(Math.abs((found.scores[i] as number) - score)).toBeLessThan(1e-5)
    }
  })
}

for (const { version, topk, voting_k: voters = usualVoters, thresh, images } of file.cases) {
  test(`${version}: ${topk} listed, ${voters} voting, threshold ${thresh ?? 'none'}`, async ({ skip }) => {
    const options = thresh === undefined ? sortInsertFirstVersion : { length: topk, threshold: thresh }
    for (const [side, rows] of [['test', file.test_feats], ['index', file.index_feats]] as const) {
      if (file[`pred_${side}(voting_k=${voters})`]) continue
      const open = await openVotes(matrix(rows), matrix(file.train_feats), Int32Array.from(file.train_landmarks), voters)
      if (open.size > 0) skip(`The file does not say how ${open.size} votes went that are open.`)
    }
    const ofQueries = await predictions('test', voters)
    const ofReferences = await predictions('index', voters)
    const { lists } = sortInsert(initialLists(topk), ofQueries, ofReferences, options)
    for (const [q, id] of file.test_ids.entries()) {
      const found = [...lists.indices.subarray(q * lists.k, (q + 1) * lists.k)].filter((i) => i >= 0).map((i) => file.index_ids[i] as string)
      const scoreOf = (reference: string): number => ofReferences.scores[file.index_ids.indexOf(reference)] as number
      const listed = new Set(file.initial_rank[id]?.slice(0, topk))
      // The original adds and compares in float32: one exactly at the threshold may go either way.
      const onTheEdge = (reference: string): boolean => thresh !== undefined && !listed.has(reference) && Math.abs(scoreOf(reference) + (ofQueries.scores[q] as number) - thresh) < 1e-6
      const [ours, theirs] = [found, (images[id] ?? '').split(' ')].map((ids) => ids.filter((reference) => !onTheEdge(reference))) as [string[], string[]]
      const edges = found.some(onTheEdge) || (images[id] ?? '').split(' ').some(onTheEdge)
      const length = edges ? Math.min(ours.length, theirs.length) : theirs.length
      // Of references with the same score either may be inserted first; those that were listed keep their order.
      expect(orderDifferences(edges ? ours.slice(0, length) : ours, theirs.slice(0, length), scoreOf)).toEqual([])
      expect(ours.slice(0, length).filter((reference) => listed.has(reference))).toEqual(theirs.slice(0, length).filter((reference) => listed.has(reference)))
      expect(new Set(found).size).toBe(found.length)
    }
  })
}
