import type { z } from 'zod'
import { type Recipe, recipe, type RecipeProblem } from '../contract/recipes.ts'
import { jsonErrorAt } from './jsonPlace.ts'

export type ParsedRecipe = { readonly recipe: Recipe; readonly problems: [] } | { readonly recipe: null; readonly problems: RecipeProblem[] }

/** Far beyond any recipe; a larger file is not one. */
const mostCharacters = 1_000_000

/** Reads the text of a recipe file. Whether its steps fit together is a matter of `expandRecipe`. */
export function parseRecipe(text: string): ParsedRecipe {
  if (text.length > mostCharacters) return { recipe: null, problems: [{ at: '', message: 'The file is too large to be a recipe.' }] }
  const plain = text.replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = JSON.parse(plain)
  } catch (error) {
    return { recipe: null, problems: [{ at: placeOf(plain), message: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` }] }
  }
  const parsed = recipe.strict().safeParse(value)
  return parsed.success ? { recipe: parsed.data, problems: [] } : { recipe: null, problems: parsed.error.issues.map((issue) => toProblem(issue)) }
}

/** "line 12": where it stops being JSON. What the parser itself says names no place for most mistakes. */
function placeOf(text: string): string {
  const at = jsonErrorAt(text)
  return at === null ? '' : `line ${text.slice(0, at).split('\n').length}`
}

export const toProblem = ({ path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>, prefix = ''): RecipeProblem => ({
  at: path.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : at === '' ? String(part) : `${at}.${String(part)}`), prefix),
  // What is not there at all is "undefined" to programmers only.
  message: message.replace(/^Invalid input: expected (.+), received undefined$/u, 'It is missing: $1 is expected.')
})
