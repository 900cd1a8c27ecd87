import type { Recipe, StepResult, WhatIf } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { JobContext } from '../jobs/job.ts'
import type { ProjectContext } from '../services.ts'
import type { ResultRecord, RunRecord } from '../project/repositories/recipes.ts'
import { StepExecutor } from './executor.ts'
import { expandRecipe } from './expand.ts'
import { namedMetrics } from './headline.ts'
import { keysOf, keySteps } from './plan.ts'

export const toStepResult = ({ id, use, kind, summary, facts, params, seconds, peakBytes, madeAt }: ResultRecord): StepResult => ({ resultId: id, use, kind, summary, facts, params, seconds, peakBytes, madeAt })

/**
 * What a finished run would have given with other parameters. Only cheap steps run for it; where others would have to, nothing is done and
 * they are named. Throws BAD_INPUT where the parameters are not right.
 */
export async function tryParameters(context: ProjectContext, run: RunRecord, set: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<WhatIf> {
  return await trial(context, run.body, run.options, { ...run.overrides, ...set }, new Map((await context.project.read.recipes.steps(run.id)).map(({ step, resultId }) => [step, resultId])), signal)
}

async function trial(context: ProjectContext, recipe: Recipe, options: RunRecord['options'], set: Readonly<Record<string, unknown>>, before: ReadonlyMap<string, number | null>, signal: AbortSignal): Promise<WhatIf> {
  const { steps, problems } = await expandRecipe(recipe, options, set)
  if (problems.length > 0) throw new WinnowError('BAD_INPUT', problems.map(({ at, message }) => `${at}: ${message}`).join(' '), problems)
  const keyed = await keySteps(context, steps)
  const needs = keyed.filter(({ result, module }) => !result && !module.definition.cheap).map(({ id }) => id)
  if (needs.length > 0) return { needs, steps: [], metrics: [] }
  const job: JobContext = { ...context, signal, jobId: 0, report: () => undefined, fail: () => undefined, note: () => undefined }
  const executor = new StepExecutor(job, context.engine.steps)
  const keys = keysOf(keyed)
  const made: { step: string; result: ResultRecord }[] = []
  for (const step of keyed) {
    const result = (await executor.kept(step)) ?? (await executor.run(step, keys, () => undefined))
    made.push({ step: step.id, result })
  }
  return { needs: [], steps: made.map(({ step, result }) => ({ step, changed: before.get(step) !== result.id, result: toStepResult(result) })), metrics: namedMetrics(recipe.shows, made) }
}
