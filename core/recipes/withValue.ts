import type { Calibration, Recipe } from '../contract/recipes.ts'

/** A copy of the recipe under another name, with a constant as it was found with the user's own data: there it is calibrated. */
export function withValue(recipe: Recipe, name: string, { step, param, best, models }: Pick<Calibration, 'step' | 'param' | 'best' | 'models'>): Recipe {
  const [model] = models
  return {
    ...recipe,
    name,
    steps: recipe.steps.map((each) => (each.id === step ? { ...each, with: { ...each.with, [param]: best }, foundWith: { ...each.foundWith, ...(model === undefined ? {} : { [param]: model }) } } : each))
  }
}
