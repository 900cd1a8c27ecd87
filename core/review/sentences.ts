import type { LabelState, VerdictValue } from '../contract/images.ts'

const numbers = new Intl.NumberFormat('en-US')
export const formatted = (count: number): string => numbers.format(count)
export const counted = (count: number, one: string, many = `${one}s`): string => `${formatted(count)} ${count === 1 ? one : many}`

const images = (count: number): string => counted(count, 'image')

/** What an act did, in a sentence without its full stop: "Dropped 12 images as duplicates of 4". */
export const sentences = {
  verdict: (count: number, value: VerdictValue | null): string =>
    value === null ? `Cleared the verdict of ${images(count)}` : value === 'unsure' ? `Marked ${images(count)} unsure` : `${value === 'keep' ? 'Kept' : 'Dropped'} ${images(count)}`,
  clean: (dropped: number, back: number): string =>
    dropped === 0 && back > 0 ? `Brought back ${images(back)}` : `Dropped ${images(dropped)}${back > 0 ? ` and brought back ${formatted(back)}` : ''}`,
  label: (count: number, state: LabelState | 'clear', className: string | null): string =>
    state === 'class' ? `Labelled ${images(count)} ${className ?? ''}`
    : state === 'none' ? `Labelled ${images(count)} as none of the classes`
    : state === 'unsure' ? `Left the label of ${images(count)} open as unsure`
    : `Cleared the label of ${images(count)}`,
  acceptPredictions: (count: number, minScore: number | null, left: number): string =>
    `Accepted ${counted(count, 'predicted label')}${minScore === null ? '' : ` with a score of ${minScore.toFixed(2)} or more`}` +
    (left > 0 ? `; ${images(left)} that a person had labelled ${left === 1 ? 'was' : 'were'} left as ${left === 1 ? 'it was' : 'they were'}` : ''),
  acceptGroups: (dropped: number, keepers: number, spared: number, skipped: number): string =>
    (dropped > 0 ? `Dropped ${images(dropped)} as ${dropped === 1 ? 'a duplicate' : 'duplicates'} of ${formatted(keepers)}` : `Kept ${images(keepers)}`) +
    (spared > 0 ? `; ${images(spared)} that a person kept ${spared === 1 ? 'stays' : 'stay'}` : '') +
    (skipped > 0 ? `; ${counted(skipped, 'group')} left open, because the keeper had been dropped` : ''),
  keepGroups: (count: number, groups: number): string => `Kept all ${images(count)} of ${counted(groups, 'group')}`,
  dropGroups: (count: number, groups: number): string => `Dropped all ${images(count)} of ${counted(groups, 'group')}`,
  clearGroups: (count: number, groups: number): string => `Cleared the verdict of ${images(count)} in ${counted(groups, 'group')}`,
  relation: (count: number, value: 'different' | 'variant' | 'same' | null): string =>
    value === null ? `Forgot what was said about ${counted(count, 'pair')}` : `Marked ${counted(count, 'pair')} as ${value === 'different' ? 'not the same' : value === 'same' ? (count === 1 ? 'a match' : 'matches') : (count === 1 ? 'a variant' : 'variants')}`,
  acceptMatches: (count: number, left: number): string =>
    `Accepted ${counted(count, 'match', 'matches')}${left > 0 ? `; ${counted(left, 'pair')} of which somebody had spoken ${left === 1 ? 'was' : 'were'} left as ${left === 1 ? 'it was' : 'they were'}` : ''}`,
  noMatches: 'Nothing changed: no pair is that good and still open',
  veto: (count: number, list: string, on: boolean): string => (on ? `Put ${counted(count, 'entry', 'entries')} on the veto list ${list}` : `Took ${counted(count, 'entry', 'entries')} off the veto list ${list}`),
  vetoList: (name: string, what: 'applied' | 'unapplied' | 'removed' | 'renamed'): string =>
    what === 'applied' ? `Applied the veto list ${name}` : what === 'unapplied' ? `Stopped applying the veto list ${name}` : what === 'removed' ? `Removed the veto list ${name}` : `Changed the veto list ${name}`,
  breakGroup: (count: number, rest: number): string => `Took ${images(count)} out of a group of ${formatted(count + rest)}`,
  pin: (name: string, pinned: boolean): string => (pinned ? `Made ${name} the keeper` : `Left the keeper to the rules instead of ${name}`),
  role: (count: number, role: string | null): string => (role === null ? `Gave ${images(count)} the role of their folder` : `Gave ${images(count)} the role ${role}`),
  protect: (count: number, value: boolean | null): string =>
    value === null ? `Protected ${images(count)} as their folder says` : `${value ? 'Protected' : 'Removed the protection of'} ${images(count)}`,
  identity: (count: number, identity: string | null): string => (identity === null ? `Removed the identity of ${images(count)}` : `Gave ${images(count)} the identity ${identity}`),
  fold: (count: number, fold: number | null): string => (fold === null ? `Took ${images(count)} out of their fold` : `Put ${images(count)} into fold ${fold}`),
  classAdd: (name: string): string => `Added the class ${name}`,
  classRename: (from: string, to: string): string => `Renamed the class ${from} to ${to}`,
  classMerge: (from: string, to: string): string => `Merged the class ${from} into ${to}`,
  nothing: 'Nothing changed: it was so already',
  noPredictions: (minScore: number | null, left: number): string =>
    left > 0 ? `Nothing changed: a person had labelled ${left === 1 ? 'the image' : `all ${images(left)}`} already`
    : `Nothing changed: none of these images has an open prediction${minScore === null ? '' : ` with a score of ${minScore.toFixed(2)} or more`}`,
  noGroups: 'Nothing changed: there is no such group at these settings',
  undone: (summary: string): string => `Undid: ${summary}`,
  redone: (summary: string): string => `Did again: ${summary}`
}
