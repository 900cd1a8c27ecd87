import type { ResultPage } from '../../../../core/contract/recipes.ts'

type Columns = ResultPage['columns']

/** What says most, most first. */
const telling = ['score', 'label', 'inliers', 'ratio', 'part']

/** Indices of the columns for a narrow place: two images and two numbers. */
export function briefColumns(columns: Columns): number[] {
  const images = columns.flatMap(({ type }, i) => (type === 'image' ? [i] : [])).slice(0, 2)
  const rank = (name: string): number => (telling.includes(name) ? telling.indexOf(name) : telling.length)
  const numbers = columns.flatMap(({ type, name }, i) => (type !== 'image' ? [{ i, name }] : [])).sort((a, b) => rank(a.name) - rank(b.name) || a.i - b.i).slice(0, images.length === 2 ? 1 : 2)
  return [...images, ...numbers.map(({ i }) => i).sort((a, b) => a - b)]
}

/** "referencePart" is "reference part". */
export const columnTitle = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`).replaceAll('.', ' ')

export function cellText(value: number | string | null): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(4)
}

/** Facts that are a number, a word or a yes: the others are for programs. */
export function plainFacts(facts: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (hiddenFacts.has(name) || value === '' || value === null) return []
    if (typeof value === 'number') return [[columnTitle(name), Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(5)))]]
    if (typeof value === 'boolean') return [[columnTitle(name), value ? 'yes' : 'no']]
    if (typeof value === 'string') return [[columnTitle(name), value]]
    return Array.isArray(value) && value.length > 0 && value.length <= 8 && value.every((one) => typeof one !== 'object') ? [[columnTitle(name), value.join(', ')]] : []
  })
}
const hiddenFacts = new Set(['file', 'fingerprint', 'dtype', 'descriptorId'])

/** Names of classes that a labels result brings along: [[id, name], …]. */
export function ownNames(facts: Readonly<Record<string, unknown>>): ReadonlyMap<number, string> {
  const { names } = facts
  if (!Array.isArray(names)) return new Map()
  return new Map(names.flatMap((pair) => (Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string' ? [[pair[0], pair[1]] as const] : [])))
}
