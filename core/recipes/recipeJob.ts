import type { OptionValues, Recipe } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { JobContext, JobHandler } from '../jobs/job.ts'
import type { RunStepRecord } from '../project/repositories/recipes.ts'
import { removeUnused } from './cleanUp.ts'
import { StepExecutor } from './executor.ts'
import { headlineOf, runMetrics } from './headline.ts'
import { type KeyedStep, keysOf, keySteps, partialOf, rekeyed } from './plan.ts'
import { loadRecipe } from './recipeBook.ts'
import { expandRecipe } from './expand.ts'

/**
 * Runs a recipe step by step. Every result is kept under its key as soon as it is whole, so a killed or cancelled run goes on where it was
 * and a changed one runs only what changed.
 */
export const recipeJob: JobHandler<'recipe'> = async ({ recipe: named, body, options, set }, context) => {
  const { project } = context
  const recipe = body ?? (await loadRecipe(project, named ?? '')).recipe
  const steps = await keyedRun(context, recipe, options, set)
  const runId = await openRun(context, recipe, options, set, steps)
  try {
    const { made, kept } = await runSteps(context, runId, steps)
    await project.write.recipes.finishRun(runId, 'done', null, Date.now())
    await removeUnused(project, context.engine.steps.making)
    const found = headlineOf(await runMetrics(project, recipe.shows, runId))
    return { result: `${recipe.title}: ${made} ${made === 1 ? 'step' : 'steps'} run, ${kept} kept from before.${found === null ? '' : ` ${found}.`}`, data: { runId } }
  } catch (error) {
    const state = context.signal.aborted ? 'cancelled' : 'failed'
    await project.write.recipes.finishRun(runId, state, state === 'failed' ? (error instanceof Error ? error.message : String(error)) : null, Date.now())
    throw error
  } finally {
    project.emit({ topic: 'recipes' })
  }
}

/** Throws BAD_INPUT that lists everything that is wrong with the recipe. */
async function keyedRun(context: JobContext, recipe: Recipe, options: OptionValues, set: Readonly<Record<string, unknown>>): Promise<KeyedStep[]> {
  const { steps, problems } = await expandRecipe(recipe, options, set)
  if (problems.length > 0) throw new WinnowError('BAD_INPUT', `The recipe ${recipe.name} cannot run. ${problems.map(({ at, message }) => `${at}: ${message}`).join(' ')}`, problems)
  return await keySteps(context, steps)
}

const toRecord = ({ id, title, module, params, inputs }: KeyedStep): RunStepRecord => ({ step: id, use: module.definition.use, title, params, inputs, state: 'waiting', resultId: null })

async function openRun({ project, jobId }: JobContext, recipe: Recipe, options: OptionValues, set: Readonly<Record<string, unknown>>, steps: readonly KeyedStep[]): Promise<number> {
  const begun = await project.read.recipes.runOfJob(jobId)
  const records = steps.map(toRecord)
  if (begun) {
    await project.write.recipes.restartRun(begun.id, records)
    return begun.id
  }
  return await project.write.recipes.startRun({ recipe: recipe.name, title: recipe.title, body: recipe, options, overrides: { ...set }, jobId, startedAt: Date.now() }, records)
}

async function runSteps(context: JobContext, runId: number, steps: readonly KeyedStep[]): Promise<{ made: number; kept: number }> {
  const { engine, project, signal, report } = context
  const executor = new StepExecutor(context, engine.steps)
  let plan = steps
  let made = 0
  let kept = 0
  for (let i = 0; i < plan.length; i++) {
    signal.throwIfAborted()
    const step = plan[i] as KeyedStep
    const stage = `${i + 1} of ${plan.length}: ${step.title}`
    const there = await executor.settled(step)
    if (there) {
      kept++
      await project.write.recipes.setStep(runId, step.id, 'kept', there.id)
      continue
    }
    report(stage, 0, null)
    await project.write.recipes.setStep(runId, step.id, 'running', null)
    project.emit({ topic: 'recipes' })
    try {
      const result = await executor.run(step, keysOf(plan), (done, total, message) => report(stage, done, total, message))
      await project.write.recipes.setStep(runId, step.id, 'done', result.id)
      made++
      if (partialOf(result) !== partialOf(step.result)) plan = rekeyed(plan, step.id, result)
    } catch (error) {
      await project.write.recipes.setStep(runId, step.id, signal.aborted ? 'waiting' : 'failed', null)
      throw signal.aborted ? error : withStep(error, step)
    }
    project.emit({ topic: 'recipes' })
  }
  return { made, kept }
}

/** Says in which step it was. */
function withStep(error: unknown, { id, title }: KeyedStep): WinnowError {
  const { code, message, data } = error as { code?: unknown; message?: string; data?: unknown }
  const known = ['NOT_FOUND', 'BAD_INPUT', 'CONFLICT', 'LOCKED', 'NEWER_VERSION', 'UNAVAILABLE', 'CORRUPT'] as const
  const named = known.find((each) => each === code)
  return new WinnowError(named ?? 'UNAVAILABLE', `${title} (step "${id}"): ${message ?? String(error)}`, data)
}
