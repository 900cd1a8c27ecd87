import type { LabelPredictions } from './softVote.ts'

export interface BannedLabel {
  readonly label: number
  readonly count: number
}

/**
 * Distractor ban: a label that more than `threshold` queries were given is taken for a magnet of distractors; the scores of all its predictions become
 * -count, below every other. Labels stay. Landmark 2019 (lyakaap), submit_recognition.py, ban_distractor_lids with threshold 30, which matched by
 * substring, so that banning 12 also rewrote 112 into 12; labels are compared whole here.
 * Returns the new scores and the banned labels, most frequent first, then the smaller label.
 */
export function banDistractors({ labels, scores }: Pick<LabelPredictions, 'labels' | 'scores'>, threshold: number): { readonly scores: Float64Array; readonly banned: readonly BannedLabel[] } {
  if (!(threshold >= 0)) throw new RangeError(`The ban needs a threshold from 0, not ${threshold}.`)
  const counts = new Map<number, number>()
  for (const label of labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1)
  const banned = [...counts].filter(([, count]) => count > threshold).map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count || a.label - b.label)
  const scoreOf = new Map(banned.map(({ label, count }) => [label, -count]))
  return { scores: scores.map((score, i) => scoreOf.get(labels[i] as number) ?? score), banned }
}
