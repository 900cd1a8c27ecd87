import type { RecipePlan, RunDetails } from '../../../../core/contract/recipes.ts'
import { sameValue } from './options.ts'
import { recipeStepOf } from './shownSteps.ts'

/**
 * "step.param" -> value: what was set by hand, now or in the run, and is asked for otherwise than the run had it. What differs for other
 * reasons (a step learned a new parameter since) is no wish of anybody's.
 */
export function trialSet(run: Pick<RunDetails, 'steps' | 'overrides'>, plan: Pick<RecipePlan, 'steps'>, set: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const { step, params } of plan.steps) {
    const before = run.steps.find((one) => one.step === step)
    for (const [param, value] of Object.entries(params)) {
      const place = `${recipeStepOf(step)}.${param}`
      const touched = Object.hasOwn(set, place) || Object.hasOwn(run.overrides, place)
      if (before && touched && value !== undefined && !sameValue(value, before.params[param])) changed[place] = value
    }
  }
  return changed
}
