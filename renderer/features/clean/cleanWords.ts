import type { CleanCell, CleanCellAt, CleanEvidence, CleanFate, CleanGrid, CleanGridSummary } from '../../../core/contract/clean.ts'
import { formatCount, formatNumber, formatPercent, formatWhen } from '../../components/format.ts'
import type { Measure } from './gridRules.ts'

export const measureWords: Record<Measure, string> = { images: 'Images', classes: 'Classes', precision: 'Precision', recall: 'Recall' }

/** The axes in words. */
export const axisWords: Record<CleanEvidence, { v: string; f: string }> = {
  inliers: { v: 'A pair needs at least … inliers', f: 'An image is clean with at least … such pairs' },
  'mutual-rank': { v: 'Each among the other’s nearest …', f: 'An image is clean with at least … such pairs' }
}

/** A value of v as the head of its row: "≥ 30", "≤ 10". */
export const boundWords = (evidence: CleanEvidence, v: number): string => `${evidence === 'inliers' ? '≥' : '≤'} ${formatNumber(v)}`

/** "at least 3 pairs with at least 30 inliers", "at least 3 pairs among each other’s nearest 50" */
export function ruleWords(evidence: CleanEvidence, { v, f }: CleanCellAt): string {
  const pairs = formatCount(f, 'pair')
  return evidence === 'inliers' ? `at least ${pairs} with at least ${formatCount(v, 'inlier')}` : `at least ${pairs} among each other’s nearest ${formatNumber(v)}`
}

export const sentenceCase = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`

/** Five characters at most: 9,999 · 12.3k · 4.1M */
export function shortNumber(value: number): string {
  if (value < 10_000) return formatNumber(value)
  const [unit, divisor] = value < 999_500 ? ['k', 1000] : ['M', 1_000_000]
  const part = value / (divisor as number)
  return `${part < 99.95 ? part.toFixed(1) : formatNumber(part)}${unit as string}`
}

/** 0.8403 as "0.84", and never 1.00 for what is not 1. */
export const shareText = (share: number | null): string => (share === null ? '–' : share < 1 ? Math.min(share, 0.994).toFixed(2) : '1.00')

/** The number in a cell. */
export const cellText = (measure: Measure, value: number | null): string =>
  value === null ? '–' : measure === 'images' || measure === 'classes' ? shortNumber(value) : shareText(value)

/** "keeps 121 of 168 images (72 %) and 12 of 12 classes" */
export function keepsWords(grid: Pick<CleanGrid, 'images' | 'classes'>, images: number, classes: number): string {
  return `keeps ${formatNumber(images)} of ${formatCount(grid.images, 'image')} (${grid.images === 0 ? '–' : formatPercent(images / grid.images).replace(' ', '\u00a0')}) and ${formatNumber(classes)} of ${formatCount(grid.classes, 'class', 'classes')}`
}

/** What choosing a cell would do, spelled out, the deed first. */
export function choiceWords({ choice, images }: Pick<CleanCell, 'choice' | 'images'>, leastImages: number): string[] {
  const all = images.tooFewPairs + images.classTooSmall
  if (all === 0 && choice.returns + choice.keptButDropped === 0) return ['Every image of the sweep is kept: there is nothing to drop.']
  const why = [
    images.tooFewPairs > 0 ? `${formatNumber(images.tooFewPairs)} with too few pairs` : null,
    images.classTooSmall > 0 ? `${formatNumber(images.classTooSmall)} of classes with fewer than ${leastImages} clean images` : null
  ].filter((part) => part !== null).join(', ')
  return [
    all === 0 ? null : `Not kept: ${formatCount(all, 'image')} (${why}).`,
    choice.droppedAlready > 0 ? `${formatNumber(choice.droppedAlready)} of them ${choice.droppedAlready === 1 ? 'is' : 'are'} dropped already.` : null,
    choice.spared > 0 ? `${formatNumber(choice.spared)} ${choice.spared === 1 ? 'stays' : 'stay'}: kept by a person, or protected.` : null,
    choice.returns > 0 ? `${formatCount(choice.returns, 'image')} that a cell chosen before dropped ${choice.returns === 1 ? 'comes' : 'come'} back.` : null,
    choice.keptButDropped > 0 ? `${formatCount(choice.keptButDropped, 'image')} that this cell keeps ${choice.keptButDropped === 1 ? 'is' : 'are'} dropped otherwise; choosing does not bring ${choice.keptButDropped === 1 ? 'it' : 'them'} back.` : null
  ].filter((sentence) => sentence !== null)
}

/** "Drop 47 images", "Drop 3, bring back 12 images" */
export function chooseWords(choice: { readonly drops: number; readonly returns: number } | undefined): string {
  if (!choice) return 'Counting…'
  const { drops, returns } = choice
  if (drops === 0) return returns === 0 ? 'Nothing to drop' : `Bring back ${formatCount(returns, 'image')}`
  return returns === 0 ? `Drop ${formatCount(drops, 'image')}` : `Drop ${formatNumber(drops)}, bring back ${formatCount(returns, 'image')}`
}

export const fateWords: Record<CleanFate, string> = { kept: 'kept', 'too-few-pairs': 'too few pairs', 'class-too-small': 'class too small' }

/** How many pairs vouch for an image and the strongest of them: "3 pairs · best 52". */
export function evidenceWords(evidence: CleanEvidence, { pairs, strongest }: { pairs: number; strongest: number | null }): string {
  const count = pairs >= 255 ? '255+ pairs' : formatCount(pairs, 'pair')
  if (strongest === null) return count
  if (strongest === 0) return 'no pair'
  return `${count} · ${evidence === 'inliers' ? 'best' : 'rank'} ${formatNumber(strongest)}`
}

/** One pair's evidence: "52 inliers", "rank 7 of each other". */
export const pairWords = (evidence: CleanEvidence, value: number): string =>
  evidence === 'inliers' ? formatCount(value, 'inlier') : value < 1 ? 'found from one side only' : `rank ${formatNumber(value)}`

export const sweepWords = ({ title, evidence, runId, madeAt }: CleanGridSummary): string => `Run ${runId} · ${evidence === 'inliers' ? 'inliers' : 'mutual ranks'} · ${formatWhen(madeAt)} · ${title}`
