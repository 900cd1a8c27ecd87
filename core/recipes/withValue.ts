import type { Calibration, Recipe } from '../contract/recipes.ts'
import { foundWithName } from './uncalibrated.ts'

/** A copy of the recipe under another name, with a constant as it was found with the user's own data: there it is calibrated. */
export function withValue(recipe: Recipe, name: string, { step, param, best, models }: Pick<Calibration, 'step' | 'param' | 'best' | 'models'>): Recipe {
  return {
    ...recipe,
    name,
    steps: recipe.steps.map((each) => (each.id === step ? { ...each, with: { ...each.with, [param]: best }, foundWith: { ...each.foundWith, ...(models.length === 0 ? {} : { [param]: foundWithName(models) }) } } : each))
  }
}
