import type { Histogram } from '../contract/common.ts'
import type { MatchOverview, MatchTruth } from '../contract/matches.ts'
import type { PairIndex } from './pairIndex.ts'
import { bestOf, decisionsOf, type QueryView } from './queryList.ts'
import { type TruthLookup, truthOf } from './truthLookup.ts'

const bins = 60

type Standing = Pick<MatchOverview, 'scores' | 'suggested' | 'truth'>
/** What no decision changes is worked out once for each table. */
const known = new WeakMap<PairIndex, { readonly truth: TruthLookup | null; readonly standing: Standing }>()

/** A source in numbers. */
export function overviewOf(view: QueryView, verified: boolean): MatchOverview {
  const { index, truth } = view
  const before = known.get(index)
  const standing = before?.truth === truth ? before.standing : standingOf(view)
  known.set(index, { truth, standing })
  return { queries: index.queries.length, decided: decisionsOf(view).size, pairs: index.references.length, verified, ...standing }
}

function standingOf({ index, truth }: QueryView): Standing {
  const counts: Record<MatchTruth, number> = { right: 0, wrong: 0, distractor: 0 }
  if (truth) {
    for (const query of index.queries) {
      const said = truthOf(truth, query, bestOf(index, query))
      if (said) counts[said]++
    }
  }
  return { scores: histogramOf(index.scores), suggested: truth ? nineOfTen(index, truth) : bestTenth(index), truth: truth ? counts : null }
}

function histogramOf(scores: Float32Array): Histogram {
  if (scores.length === 0) return { from: 0, to: 1, counts: [] }
  let [from, to] = [Infinity, -Infinity]
  for (const score of scores) {
    from = Math.min(from, score)
    to = Math.max(to, score)
  }
  const counts = Array.from({ length: bins }, () => 0)
  const scale = to > from ? bins / (to - from) : 0
  for (const score of scores) {
    const bin = Math.min(bins - 1, Math.floor((score - from) * scale))
    counts[bin] = (counts[bin] as number) + 1
  }
  return { from, to, counts }
}

/** The score that a tenth of the queries reach with their best reference. */
function bestTenth(index: PairIndex): number {
  const best = Float32Array.from(index.queries, (query) => index.scores[index.range(query)[0]] as number).sort()
  return best[best.length - 1 - Math.floor(best.length / 10)] ?? 0
}

/** The lowest score down to which nine of ten pairs are right; the highest score where that holds nowhere. */
function nineOfTen({ queries, offsets, references, scores }: PairIndex, truth: TruthLookup): number {
  const right = new Int8Array(scores.length).fill(-1)
  queries.forEach((query, position) => {
    for (let at = offsets[position] as number; at < (offsets[position + 1] as number); at++) {
      const said = truth.pair(query, references[at] as number)
      if (said !== null) right[at] = Number(said)
    }
  })
  const judged = Uint32Array.from(scores.keys()).filter((at) => (right[at] as number) >= 0).sort((x, y) => (scores[y] as number) - (scores[x] as number))
  let found = scores[judged[0] ?? 0] ?? 0
  let hits = 0
  judged.forEach((at, i) => {
    hits += right[at] as number
    const next = judged[i + 1]
    if (hits >= 0.9 * (i + 1) && (next === undefined || scores[next] !== scores[at])) found = scores[at] as number
  })
  return found
}
