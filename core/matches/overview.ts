import type { Histogram } from '../contract/common.ts'
import type { MatchOverview, MatchTruth } from '../contract/matches.ts'
import { bestOf, decisionOf, type QueryView } from './queryList.ts'
import { truthOf } from './truthLookup.ts'

const bins = 60

/** A source in numbers. */
export function overviewOf(view: QueryView, verified: boolean): MatchOverview {
  const { index, truth } = view
  const counts: Record<MatchTruth, number> = { right: 0, wrong: 0, distractor: 0 }
  let decided = 0
  for (const query of index.queries) {
    if (decisionOf(view, query) !== null) decided++
    const said = truthOf(truth, query, bestOf(index, query))
    if (said) counts[said]++
  }
  return { queries: index.queries.length, decided, pairs: index.references.length, scores: histogramOf(index.scores), suggested: suggested(view), verified, truth: truth ? counts : null }
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

/** The lowest score down to which nine of ten pairs are right, the highest score where that holds nowhere; without a truth, the best tenth of the queries. */
function suggested({ index, truth }: QueryView): number {
  const best = Float32Array.from(index.queries, (query) => index.scores[index.range(query)[0]] as number).sort().toReversed()
  const tenth = best[Math.floor(best.length / 10)] ?? 0
  if (!truth) return tenth
  const judged: { score: number; right: boolean }[] = []
  for (const query of index.queries) {
    const [from, to] = index.range(query)
    for (let at = from; at < to; at++) {
      const right = truth.pair(query, index.references[at] as number)
      if (right !== null) judged.push({ score: index.scores[at] as number, right })
    }
  }
  judged.sort((x, y) => y.score - x.score || Number(x.right) - Number(y.right))
  let right = 0
  let found: number | null = null
  judged.forEach((one, i) => {
    if (one.right) right++
    if (right >= 0.9 * (i + 1) && judged[i + 1]?.score !== one.score) found = one.score
  })
  return found ?? judged[0]?.score ?? tenth
}
