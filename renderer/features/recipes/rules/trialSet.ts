import type { RecipePlan, RunDetails } from '../../../../core/contract/recipes.ts'
import { sameValue } from './options.ts'
import { recipeStepOf } from './shownSteps.ts'

/** "step.param" -> value: what is asked for now and was otherwise in the run. Copies of a step that runs once a model share their parameters, so those that name the model itself are left out. */
export function trialSet(run: Pick<RunDetails, 'steps'>, plan: Pick<RecipePlan, 'steps'>): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const { step, params } of plan.steps) {
    const before = run.steps.find((one) => one.step === step)
    if (!before) continue
    for (const [param, value] of Object.entries(params)) if (value !== undefined && !sameValue(value, before.params[param])) changed[`${recipeStepOf(step)}.${param}`] = value
  }
  return changed
}
