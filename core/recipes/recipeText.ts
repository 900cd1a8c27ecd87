import type { z } from 'zod'
import { type Recipe, recipe, type RecipeProblem } from '../contract/recipes.ts'

export type ParsedRecipe = { readonly recipe: Recipe; readonly problems: [] } | { readonly recipe: null; readonly problems: RecipeProblem[] }

/** Far beyond any recipe; a larger file is not one. */
const mostCharacters = 1_000_000

/** Reads the text of a recipe file. Whether its steps fit together is a matter of `expandRecipe`. */
export function parseRecipe(text: string): ParsedRecipe {
  if (text.length > mostCharacters) return { recipe: null, problems: [{ at: '', message: 'The file is too large to be a recipe.' }] }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { recipe: null, problems: [{ at: placeOf(text, error), message: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` }] }
  }
  const parsed = recipe.strict().safeParse(value)
  return parsed.success ? { recipe: parsed.data, problems: [] } : { recipe: null, problems: parsed.error.issues.map((issue) => toProblem(issue)) }
}

/** "line 12" where the parser says at which character it gave up. */
function placeOf(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  return position === undefined ? '' : `line ${text.slice(0, Number(position)).split('\n').length}`
}

export const toProblem = ({ path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>, prefix = ''): RecipeProblem => ({
  at: path.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : at === '' ? String(part) : `${at}.${String(part)}`), prefix),
  message
})
