import type { LabelClass } from '../../../core/contract/labels.ts'

export interface ClassMatch {
  classId: number
  name: string
  /** How many images a person or the folders gave it. */
  count: number
}

/**
 * Classes for what was typed: exact name, then names that begin so, then words that begin so, then anything that contains it; among equals the more used.
 * An empty query gives the most used.
 */
export function findClasses(classes: readonly LabelClass[], query: string, limit = 8): ClassMatch[] {
  const typed = fold(query)
  return classes
    .map((entry) => ({ entry, rank: rankOf(fold(entry.name), typed) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || used(b.entry) - used(a.entry) || a.entry.name.localeCompare(b.entry.name))
    .slice(0, limit)
    .map(({ entry }) => ({ classId: entry.id, name: entry.name, count: used(entry) }))
}

/** The name to create for what was typed, or null where it is empty or already there (case and spaces aside). */
export function newClassName(classes: readonly LabelClass[], query: string): string | null {
  const name = query.trim().replace(/\s+/g, ' ')
  if (name === '' || name.length > 200) return null
  return classes.some((entry) => fold(entry.name) === fold(name)) ? null : name
}

const NO_MATCH = 9
const used = (entry: LabelClass) => entry.human + entry.given
const fold = (text: string) => text.trim().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ')

function rankOf(name: string, typed: string): number {
  if (typed === '' || name === typed) return 0
  if (name.startsWith(typed)) return 1
  if (name.split(/[\s_\-./]+/).some((word) => word.startsWith(typed))) return 2
  if (name.includes(typed)) return 3
  return NO_MATCH
}
