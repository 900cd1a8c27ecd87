import { isWinnowError } from '../../domain/errors.ts'
import { noTruth } from '../noTruth.ts'
import { judgeByClass, judgeByPairs, judgeByRelevance, type Judge } from '../judge.ts'
import { type MetricReport, plural, value } from '../report.ts'
import { retrievalMetrics, type RetrievedImages } from '../retrieval.ts'
import { difficulties, roxfordMetrics } from '../roxford.ts'
import { type ClassTruth, classesOf, type PairsTruth, type RelevanceTruth, relevanceOf, type Usage } from '../truth.ts'

export interface RetrievalTask {
  readonly ranks: readonly number[]
  readonly depth: number
  /** The query itself is taken out of its list. */
  readonly skipSelf: boolean
  readonly usage: Usage
  /** For truth by classes: what could be found; all images that any list holds unless told. */
  readonly gallery?: Int32Array | undefined
}

const curveRanks = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000]

/** Retrieval: mAP, R@k, MRR, precision and recall among the first k, and R@k as a curve over k. */
export function retrievalReport(lists: RetrievedImages, truth: RelevanceTruth | PairsTruth | ClassTruth, { ranks, depth, skipSelf, usage, gallery }: RetrievalTask): MetricReport {
  const drawn = curveRanks.filter((k) => k <= Math.max(1, lists.k))
  const judge = judgeOf(truth, lists, usage, gallery)
  const measured = retrievalMetrics(lists, judge, { depth, skipSelf, ranks: [...ranks, ...drawn] })
  const { queries, withoutList, leftOut } = measured
  const notes = [
    ...(withoutList > 0 ? [`${plural(withoutList, 'query has', 'queries have')} no list and ${withoutList === 1 ? 'counts' : 'count'} 0.`] : []),
    ...(leftOut > 0 ? [`${plural(leftOut, 'list')} of queries with nothing to find, or not in the truth, were left out.`] : []),
    ...(lists.k < depth ? [`The lists hold at most ${plural(lists.k, 'image')} each; mAP@${depth} looks at ${depth}.`] : [])
  ]
  return {
    values: [
      value(`mAP@${depth}`, measured.map, `Mean over ${plural(queries, 'query', 'queries')} of the average precision among the first ${depth}, divided by the smaller of ${depth} and the number of right images.`),
      ...ranks.map((k, i) => value(`R@${k}`, measured.hitAt[i] ?? null, `The share of queries with a right image among the first ${k}.`)),
      // What the pet-biometrics solution calls recall@k: an image alone in its class is a miss.
      ...(truth.kind === 'classes' && judge.queries.length > queries
        ? ranks.map((k, i) => value(`R@${k} of all`, ((measured.hitAt[i] ?? 0) * queries) / judge.queries.length, `The same with the ${plural(judge.queries.length - queries, 'image')} alone in their class as misses.`))
        : []),
      value('MRR', measured.mrr, 'Mean of 1 / rank of the first right image.'),
      ...ranks.filter((k) => k > 1).map((k) => value(`P@${k}`, measured.precisionAt[ranks.indexOf(k)] ?? null, `The mean share of right images among the first ${k}.`)),
      ...ranks.filter((k) => k > 1).map((k) => value(`recall@${k}`, measured.recallAt[ranks.indexOf(k)] ?? null, `The mean share of the right images that are among the first ${k}.`))
    ],
    curves: [{ name: 'hits-at-k', xTitle: 'k', yTitle: 'queries with a right image among the first k', x: Float64Array.from(drawn), y: Float64Array.from(measured.hitAt.slice(ranks.length)) }],
    notes
  }
}

function judgeOf(truth: RelevanceTruth | PairsTruth | ClassTruth, lists: RetrievedImages, usage: Usage, gallery: Int32Array | undefined): Judge {
  if (truth.kind === 'pairs') return judgeByPairs(truth)
  if (truth.kind === 'relevance') return judgeByRelevance(relevanceOf(truth, usage))
  return judgeByClass(classesOf(truth, usage), lists.queries, gallery ?? Int32Array.from(new Set(lists.images.filter((image) => image >= 0))))
}

/** Revisited Oxford and Paris: mAP and mP@k, easy, medium and hard. A difficulty without positives has no number. */
export function roxfordReport(lists: RetrievedImages, truth: RelevanceTruth, { ranks, usage }: Pick<RetrievalTask, 'ranks' | 'usage'>): MetricReport {
  const judged = relevanceOf(truth, usage)
  const values = difficulties.flatMap((difficulty) => {
    const letter = difficulty.slice(0, 1).toUpperCase()
    const measured = attempt(() => roxfordMetrics(lists, judged, difficulty, ranks))
    return [
      value(`mAP ${letter}`, measured?.map ?? null, `${difficulty}: mean over ${plural(measured?.queries ?? 0, 'query', 'queries')} of the area under the precision-recall curve, junk taken out.`),
      ...ranks.map((k, i) => value(`mP@${k} ${letter}`, measured?.precisionAt[i] ?? null, `${difficulty}: the mean precision among the first ${k}, or down to the last right image.`))
    ]
  })
  if (values.every((one) => one.value === null)) throw noTruth('query with an easy or hard image')
  return { values, curves: [], notes: [] }
}

function attempt<T>(measure: () => T): T | null {
  try {
    return measure()
  } catch (error) {
    if (!isWinnowError(error)) throw error
    return null
  }
}

