import type { ImageRole } from '../../../../core/contract/common.ts'
import type { OptionValues, Recipe, RecipeStep } from '../../../../core/contract/recipes.ts'
import { optionValue } from './options.ts'

export interface RoleNeed {
  /** Any of these would do. */
  readonly roles: readonly ImageRole[]
  readonly images: number
}

const isLeftOut = ({ when }: RecipeStep, { options }: Recipe, values: OptionValues): boolean => {
  if (when === undefined) return false
  const option = options[when]
  const value = option && optionValue(option, values, when)
  return value === undefined || value === false || value === ''
}

/** Which roles the recipe looks for, in its order, and how many images have each. Steps that take all images where none has the role need nothing. */
export function roleNeeds(recipe: Recipe, values: OptionValues, counts: ReadonlyMap<string, number>): RoleNeed[] {
  const needs = new Map<string, RoleNeed>()
  for (const step of recipe.steps) {
    const roles = step.with['role']
    if (step.use !== 'select' || !Array.isArray(roles) || roles.length === 0 || step.with['orAll'] === true || isLeftOut(step, recipe, values)) continue
    const images = roles.reduce((sum: number, role) => sum + (counts.get(String(role)) ?? 0), 0)
    needs.set(roles.join(' '), { roles: roles as ImageRole[], images })
  }
  return [...needs.values()]
}
