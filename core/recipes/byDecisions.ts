import { PairIndex } from '../metrics/intIndex.ts'
import type { Pairs } from './kinds.ts'

/** What becomes of pairs by what people said of them; see the params of the step human-decisions. */
export interface DecisionRules {
  readonly keep: 'all' | 'accepted'
  readonly minScore?: number | undefined
  readonly variants: 'refuse' | 'open' | 'accept'
  readonly raise: boolean
}

/** What somebody said of two images; the order of the two means nothing. */
export interface SaidOfPair {
  readonly a: number
  readonly b: number
  readonly value: 'same' | 'variant' | 'different'
}

export interface DecidedPairs {
  /** Rows of the pairs that stay, in their new order, and their scores. */
  readonly kept: Int32Array
  readonly scores: Float32Array
  readonly accepted: number
  readonly open: number
  readonly refused: number
}

type Fate = 'accepted' | 'refused' | 'open'

/** Takes out what people refused; puts what they accepted before all others (with `raise`). */
export function byDecisions({ a, b, scores }: Pick<Pairs, 'a' | 'b' | 'scores'>, said: readonly SaidOfPair[], rules: DecisionRules): DecidedPairs {
  const index = new PairIndex(Int32Array.from(said, (one) => Math.min(one.a, one.b)), Int32Array.from(said, (one) => Math.max(one.a, one.b)))
  const [accepted, open, all]: [number[], number[], number[]] = [[], [], []]
  let refused = 0
  for (let i = 0; i < a.length; i++) {
    const [one, two] = [a[i] as number, b[i] as number]
    const fate = fateOf(said[index.find(Math.min(one, two), Math.max(one, two))]?.value, rules)
    if (fate === 'refused') refused++
    else if (fate === 'accepted') accepted.push(i)
    else if (passes(scores[i] as number, rules)) open.push(i)
    else continue
    if (fate !== 'refused' && !rules.raise) all.push(i)
  }
  const kept = Int32Array.from(rules.raise ? [...accepted, ...open] : all)
  const newScores = Float32Array.from(kept, (i) => scores[i] as number)
  if (rules.raise) raise(newScores, accepted.length)
  return { kept, scores: newScores, accepted: accepted.length, open: open.length, refused }
}

function fateOf(value: SaidOfPair['value'] | undefined, { variants }: DecisionRules): Fate {
  if (value === 'same') return 'accepted'
  if (value === 'different') return 'refused'
  if (value === undefined || variants === 'open') return 'open'
  return variants === 'accept' ? 'accepted' : 'refused'
}

const passes = (score: number, { keep, minScore }: DecisionRules): boolean => (minScore === undefined ? keep === 'all' : score >= Math.fround(minScore))

/** Lifts the first `count` scores by one amount, so that the least of them lies above the rest. */
function raise(scores: Float32Array, count: number): void {
  if (count === 0 || count === scores.length) return
  const least = scores.subarray(0, count).reduce((min, score) => Math.min(min, score), Infinity)
  const most = scores.subarray(count).reduce((max, score) => Math.max(max, score), -Infinity)
  if (least > most) return
  // A hundredth of the range apart, so that float32 keeps them apart too.
  const lift = most - least + Math.max(1e-3, (most - least) / 100)
  for (let i = 0; i < count; i++) scores[i] = (scores[i] as number) + lift
}
