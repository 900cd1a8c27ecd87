export interface ScoreRange {
  from: number
  to: number
}

export const FULL_RANGE: ScoreRange = { from: 0, to: 1 }

const onGrid = (score: number) => Math.round(Math.min(1, Math.max(0, score)) * 100) / 100

/** The range with one end moved to `score`; the ends never cross. */
export function withEnd(range: ScoreRange, end: 'from' | 'to', score: number): ScoreRange {
  const at = onGrid(score)
  return end === 'from' ? { from: Math.min(at, range.to), to: range.to } : { from: range.from, to: Math.max(at, range.from) }
}

/** As the engine's filter: an end that leaves nothing out is not sent. */
export function rangeFilter({ from, to }: ScoreRange): { minScore?: number; maxScore?: number } {
  return { ...(from > 0 ? { minScore: from } : {}), ...(to < 1 ? { maxScore: to } : {}) }
}
