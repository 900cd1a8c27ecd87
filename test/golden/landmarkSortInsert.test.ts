import { expect, test } from 'vitest'
import { matrixOf, type Matrix } from '../../core/domain/matrix.ts'
import { emptyLists, type RankedLists } from '../../core/domain/rankedLists.ts'
import { cosineBallot, type LabelPredictions, softVote } from '../../core/pseudo/softVote.ts'
import { sortInsert, sortInsertFirstVersion } from '../../core/rerank/sortInsert.ts'
import { PlainBlas } from '../support/plainBlas.ts'
import { golden } from './golden.ts'

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
    const found = await predict(ofQueries ? file.test_feats : file.index_feats, Number(/voting_k=(\d+)/.exec(name)?.[1] ?? usualVoters))
    for (const [i, id] of (ofQueries ? file.test_ids : file.index_ids).entries()) {
      const [label, score] = wanted[id] ?? ['', 0]
      expect(String(found.labels[i])).toBe(label)
      expect(Math.abs((found.scores[i] as number) - score)).toBeLessThan(1e-5)
    }
  })
}

for (const { version, topk, voting_k: voters = usualVoters, thresh, images } of file.cases) {
  test(`${version}: ${topk} listed, ${voters} voting, threshold ${thresh ?? 'none'}`, async () => {
    const options = thresh === undefined ? sortInsertFirstVersion : { length: topk, threshold: thresh }
    const { lists } = sortInsert(initialLists(topk), await predict(file.test_feats, voters), await predict(file.index_feats, voters), options)
    for (const [q, id] of file.test_ids.entries()) {
      const found = [...lists.indices.subarray(q * lists.k, (q + 1) * lists.k)].filter((i) => i >= 0).map((i) => file.index_ids[i])
      expect(found.join(' ')).toBe(images[id])
    }
  })
}
