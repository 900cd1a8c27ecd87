/** What one bench found. `ratio` is the number that is judged: it compares two measurements of the same run on the same machine. */
export interface BenchResult {
  readonly bench: string
  readonly what: string
  readonly ratio: number
  readonly target: { readonly atLeast: number } | { readonly atMost: number }
  readonly unit: string
  /** Where the clock and the CPU time were both taken: which of them `ratio` is, what each said, and the share of all cores that other programs took. */
  readonly judged?: 'wall' | 'cpu'
  readonly wall?: number
  readonly cpu?: number
  readonly others?: number
  /** Absolute figures beside it, for people. */
  readonly figures: Readonly<Record<string, number | string>>
}

export const isMet = ({ ratio, target }: BenchResult): boolean => ('atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost)
