import type { Candidate, LabelItem } from '../../../core/contract/labels.ts'

/** The candidates that have a card, and with it a digit: the first three, and others with a share of the vote that is worth a look; nine at most. */
export const shownCandidates = ({ candidates }: Pick<LabelItem, 'candidates'>): Candidate[] =>
  candidates.filter(({ score }, index) => index < 9 && (index < 3 || score >= 0.01))
