import type { DuplicateSummary, EdgeKind, GroupMember, KeeperRule } from '../../../core/contract/duplicates.ts'
import { formatCount, formatNumber, formatScore } from '../../components/format.ts'

/** "412 groups, 1,190 images, 778 would go" */
export function summaryWords(summary: Pick<DuplicateSummary, 'groups' | 'images' | 'wouldDrop'>): string {
  if (summary.groups === 0) return 'No groups at these settings'
  return `${formatCount(summary.groups, 'group')}, ${formatCount(summary.images, 'image')}, ${formatNumber(summary.wouldDrop)} would go`
}

/** The bulk button says what it does: "Accept 212 groups: 418 images go". */
export function acceptWords(groups: number, images: number | null): string {
  const what = `Accept ${formatCount(groups, 'group')}`
  if (images === null) return what
  return `${what}: ${formatCount(images, 'image goes', 'images go')}`
}

/** Why a member is in the group, as short as a caption: "same file", "0.993", "3 bits apart". */
export function evidenceWords(member: Pick<GroupMember, 'kind' | 'similarity' | 'distance'>): string {
  if (member.kind === 'exact') return 'same file'
  if (member.kind === 'pixel') return 'same pixels'
  if (member.similarity !== null) return formatScore(member.similarity)
  if (member.distance !== null) return member.distance === 0 ? 'same hash' : `${formatCount(member.distance, 'bit')} apart`
  return ''
}

/** The head of a comparison: "smaller: 1068×710 against 4272×2838" is "smaller" below a thumbnail. */
export const shortComparison = (text: string): string => text.split(/[:(]/, 1)[0]!.trim()

export const kindWords: Record<EdgeKind, string> = {
  exact: 'same file',
  pixel: 'same pixels',
  perceptual: 'looks the same',
  descriptor: 'similar'
}

export const ruleWords: Record<KeeperRule, { name: string; hint: string }> = {
  protected: { name: 'Protected first', hint: 'An image in a protected folder stays' },
  labelled: { name: 'Labelled by a person', hint: 'An image that a person has labelled stays' },
  larger: { name: 'Larger', hint: 'More pixels, unless it is only an enlargement' },
  'less-compressed': { name: 'Less compressed', hint: 'More bytes for each pixel' },
  sharper: { name: 'Sharper', hint: 'More fine detail at the same size' },
  older: { name: 'Older', hint: 'The file that was written first' },
  'shorter-path': { name: 'Shorter path', hint: 'The file that lies nearer to the top' }
}

/** In the order in which they are tried when nobody chose otherwise. */
export const allRules: readonly KeeperRule[] = ['protected', 'labelled', 'larger', 'less-compressed', 'sharper', 'older', 'shorter-path']
