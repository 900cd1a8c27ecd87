import type { RecipeSummary } from '../../../../core/contract/recipes.ts'

const matches = ({ name, title, about, source }: RecipeSummary, words: readonly string[]): boolean => {
  const text = `${name} ${title} ${about} ${source}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Those that come with Winnow first, one's own below, each by title; only those in which every typed word is found. */
export function shownRecipes(recipes: readonly RecipeSummary[], typed: string): RecipeSummary[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return recipes.filter((recipe) => matches(recipe, words)).toSorted((a, b) => Number(b.builtIn) - Number(a.builtIn) || a.title.localeCompare(b.title, 'en'))
}

/** The name `by` places away from `name` in a list; the first where it is not in it. */
export function neighbour<T>(list: readonly T[], here: T | null, by: number): T | null {
  const at = here === null ? -1 : list.indexOf(here)
  if (at < 0) return list[by < 0 ? list.length - 1 : 0] ?? null
  return list[Math.max(0, Math.min(list.length - 1, at + by))] ?? null
}
