import type { ImageFilter, ImageSort } from '../../../core/contract/images.ts'
import { failureWords } from '../../components/failureWords.ts'

/** One condition of a filter in words, with the filter that is left without it. */
export interface FilterChip {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly without: ImageFilter
}

const labelWords: Record<string, string> = {
  labelled: 'has a class', unlabelled: 'no class', human: 'labelled by a person', unsure: 'label unsure', none: 'none of the classes', disagree: 'person and folder disagree'
}
const verdictWords: Record<string, string> = { keep: 'kept', drop: 'dropped', unsure: 'unsure', undecided: 'undecided' }
const stateWords: Record<string, string> = { new: 'not read yet', ready: 'ready', failed: 'could not be read', missing: 'file is gone' }

/** The words for one value of a facet. */
export function valueWords(key: keyof ImageFilter | 'class', value: string): string {
  if (key === 'label') return labelWords[value] ?? value
  if (key === 'verdict') return verdictWords[value] ?? value
  if (key === 'state') return stateWords[value] ?? value
  if (key === 'failure') return failureWords(value)
  if (key === 'folder') return value === '' ? '(top folder)' : value
  return value
}

const names = { state: 'State', failure: 'Problem', format: 'Format', role: 'Role', classId: 'Class', folder: 'Folder', label: 'Label', verdict: 'Verdict', rootId: 'Root' } as const
type ListKey = keyof typeof names
const listKeys = Object.keys(names) as ListKey[]

function without(filter: ImageFilter, key: keyof ImageFilter): ImageFilter {
  const { [key]: _gone, ...rest } = filter
  return rest
}

/** Every condition as a chip. Values inside one condition are alternatives: "jpeg or png". */
export function filterChips(filter: ImageFilter, className: (id: number) => string, rootName: (id: number) => string): FilterChip[] {
  const chips: FilterChip[] = []
  for (const key of listKeys) {
    const values = filter[key]
    if (!values?.length) continue
    const words = values.map((value) => (key === 'classId' ? className(Number(value)) : key === 'rootId' ? rootName(Number(value)) : valueWords(key, String(value))))
    const shown = words.length > 3 ? `${words.slice(0, 2).join(', ')} or ${words.length - 2} more` : words.join(' or ')
    chips.push({ id: key, name: names[key], value: shown, without: without(filter, key) })
  }
  if (filter.text) chips.push({ id: 'text', name: 'Name', value: `contains “${filter.text}”`, without: without(filter, 'text') })
  if (filter.minWidth !== undefined) chips.push({ id: 'minWidth', name: 'Width', value: `at least ${filter.minWidth} px`, without: without(filter, 'minWidth') })
  if (filter.minScore !== undefined) chips.push({ id: 'minScore', name: 'Score', value: `≥ ${filter.minScore.toFixed(2)}`, without: without(filter, 'minScore') })
  if (filter.maxScore !== undefined) chips.push({ id: 'maxScore', name: 'Score', value: `≤ ${filter.maxScore.toFixed(2)}`, without: without(filter, 'maxScore') })
  if (filter.protected !== undefined) chips.push({ id: 'protected', name: 'Protected', value: filter.protected ? 'yes' : 'no', without: without(filter, 'protected') })
  if (filter.ids) chips.push({ id: 'ids', name: 'Chosen', value: `${filter.ids.length} images`, without: without(filter, 'ids') })
  return chips
}

/** Adds a value to a condition, or takes it out; a condition without values goes away. */
export function toggleValue(filter: ImageFilter, key: ListKey, value: string | number): ImageFilter {
  const now = (filter[key] ?? []) as (string | number)[]
  const next = now.includes(value) ? now.filter((other) => other !== value) : [...now, value]
  return next.length === 0 ? without(filter, key) : ({ ...filter, [key]: next } as ImageFilter)
}

export const isFiltered = (filter: ImageFilter): boolean => Object.values(filter).some((value) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))

/** Whether a decision can move images in or out of this list, or about in it. */
export const dependsOnDecisions = (filter: ImageFilter, sort: ImageSort): boolean =>
  Boolean(filter.verdict?.length || filter.label?.length || filter.classId?.length) || sort === 'class'

export const sortWords: Record<ImageSort, string> = {
  path: 'Folder and name', class: 'Class', newest: 'Newest first', oldest: 'Oldest first', largest: 'Largest first', smallest: 'Smallest first',
  sharpest: 'Sharpest first', blurriest: 'Blurriest first', brightest: 'Brightest first', darkest: 'Darkest first', 'score-high': 'Surest prediction first', 'score-low': 'Least sure first'
}
