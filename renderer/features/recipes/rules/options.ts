import type { OptionValues, Recipe, RecipeOption } from '../../../../core/contract/recipes.ts'

export type OptionValue = OptionValues[string]

/** What counts for an option now; undefined where nothing was said and there is no default. */
export const optionValue = (option: RecipeOption, values: OptionValues, name: string): OptionValue | undefined => values[name] ?? option.default

/** Values with one changed; what is empty is left out, so that the recipe's own default counts. */
export function withOption(values: OptionValues, name: string, value: OptionValue | undefined): OptionValues {
  const { [name]: _, ...rest } = values
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return empty ? rest : { ...rest, [name]: value }
}

/** Only what the recipe knows, for a recipe that lost an option since its last run. */
export const knownOptions = (recipe: Pick<Recipe, 'options'>, values: OptionValues): OptionValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(recipe.options, name)))

/** Only overrides of steps that the recipe has. */
export const knownSet = (recipe: Pick<Recipe, 'steps'>, set: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(set).filter(([place]) => recipe.steps.some(({ id }) => place.startsWith(`${id}.`))))

/** Whether two values read alike, whatever the order of their fields. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]))
}

/** Whether two sets of options lead to the same run. */
export function sameOptions(recipe: Pick<Recipe, 'options'>, a: OptionValues, b: OptionValues): boolean {
  return Object.entries(recipe.options).every(([name, option]) => sameValue(asList(option, optionValue(option, a, name)), asList(option, optionValue(option, b, name))))
}

const asList = ({ type }: RecipeOption, value: OptionValue | undefined): unknown => (type === 'models' && typeof value === 'string' ? [value] : value)
