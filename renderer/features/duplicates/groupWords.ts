import type { DuplicateGroup, DuplicateSummary, EdgeKind, GroupMember, KeeperRule } from '../../../core/contract/duplicates.ts'
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

const apart = (bits: number): string => (bits === 0 ? 'same hash' : `${formatCount(bits, 'bit')} apart`)

/**
 * Why a member is in the group, as short as a caption: "same file", "0.993", "3 bits apart". What the hash found is told by the hash: the
 * cosine of a mirrored or turned copy is low and would only confuse.
 */
export function evidenceWords(member: Pick<GroupMember, 'kind' | 'similarity' | 'distance'>): string {
  if (member.kind === 'exact') return 'same file'
  if (member.kind === 'pixel') return 'same pixels'
  if (member.kind === 'perceptual' && member.distance !== null) return apart(member.distance)
  if (member.similarity !== null) return formatScore(member.similarity)
  return member.distance === null ? '' : apart(member.distance)
}

/** The same of a whole group: the evidence of the member that is farthest from the keeper, by what its kind measures. */
export function groupEvidenceWords({ kind, members, leastToKeeper }: Pick<DuplicateGroup, 'kind' | 'members' | 'leastToKeeper'>): string {
  const distances = members.flatMap((member) => (member.kind === 'perceptual' && member.distance !== null ? [member.distance] : []))
  if (kind === 'perceptual' && distances.length > 0) return apart(Math.max(...distances))
  return leastToKeeper === null ? '–' : formatScore(leastToKeeper)
}

/** How the hash saw that the pictures lie to each other comes first; it explains more than any difference of quality. */
export const isOrientation = (text: string): boolean => /^(mirrored|turned)/.test(text)

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
