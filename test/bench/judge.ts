import { median } from './machine.ts'
import { quiet, type Spent } from './spent.ts'

export interface Round {
  readonly product: Spent
  /** What the same work would take by its parts alone, one after the other on the same cores. */
  readonly parts: readonly Spent[]
}

export interface Judged {
  /** How much of the speed of its parts the product reaches; the median of the rounds. */
  readonly ratio: number
  readonly judged: 'wall' | 'cpu'
  readonly wall: number
  readonly cpu: number
  /** The share of all cores that other programs took. */
  readonly others: number
}

/**
 * Judged by the clock where the machine was ours. Where others worked too, the clock measures them as well, and CPU seconds are judged: with all cores
 * busy they are what throughput comes from. They do not see a core that waits, so both are always reported.
 */
export function judge(rounds: readonly Round[]): Judged {
  const ratioOf = (unit: 'wall' | 'cpu'): number => median(rounds.map(({ product, parts }) => parts.reduce((sum, part) => sum + part[unit], 0) / product[unit]))
  const others = median(rounds.map(({ product, parts }) => median([product, ...parts].map((each) => each.others))))
  const judged = others > quiet ? 'cpu' : 'wall'
  const both = { wall: ratioOf('wall'), cpu: ratioOf('cpu') }
  return { ratio: both[judged], judged, ...both, others }
}
