import type { OptionValues, Recipe } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { JobContext, JobHandler } from '../jobs/job.ts'
import { trialValues } from './calibration.ts'
import { removeUnused } from './cleanUp.ts'
import { StepExecutor } from './executor.ts'
import { expandRecipe } from './expand.ts'
import { namedMetrics } from './headline.ts'
import type { ResultRecord } from '../project/repositories/recipes.ts'
import { type KeyedStep, keysOf, keySteps, partialOf, rekeyed } from './plan.ts'
import { loadRecipe } from './recipeBook.ts'
import { modelsBehind } from './uncalibrated.ts'

interface Trial {
  readonly value: number
  readonly metric: number | null
}

/**
 * Finds the value of a constant with the user's own data: runs what depends on it for each of several values, measures each against the
 * recipe's truth, then looks closer around the best. What does not depend on it runs once.
 */
export const calibrateJob: JobHandler<'calibrate'> = async (request, context) => {
  const { project } = context
  const recipe = request.body ?? (await loadRecipe(project, request.recipe ?? '')).recipe
  const calibration = new Calibration(context, recipe, request)
  try {
    const { metric, trials, best, models } = await calibration.run(request.values)
    return {
      result: `${request.step}.${request.param} = ${short(best.value)} gives the best ${metric}: ${(best.metric ?? 0).toFixed(4)} (${trials.length} values tried).`,
      data: { step: request.step, param: request.param, metric, trials, best: best.value, models }
    }
  } finally {
    await removeUnused(project, context.engine.steps.making)
    project.emit({ topic: 'recipes' })
  }
}

const short = (value: number): string => String(Number(value.toPrecision(4)))

class Calibration {
  readonly #context: JobContext
  readonly #recipe: Recipe
  readonly #options: OptionValues
  readonly #set: Readonly<Record<string, unknown>>
  readonly #step: string
  readonly #param: string
  readonly #executor: StepExecutor
  #metric: string | undefined
  /** Why a step would not work with a value that was tried. */
  #refusal: WinnowError | null = null

  constructor(context: JobContext, recipe: Recipe, { options, set, step, param, metric }: { options: OptionValues; set: Record<string, unknown>; step: string; param: string; metric?: string | undefined }) {
    this.#context = context
    this.#recipe = recipe
    this.#options = options
    this.#set = set
    this.#step = step
    this.#param = param
    this.#metric = metric
    this.#executor = new StepExecutor(context, context.engine.steps)
  }

  async run(values: readonly number[] | undefined): Promise<{ metric: string; trials: Trial[]; best: Trial; models: string[] }> {
    const steps = await this.#keyed({})
    const step = steps.find(({ id }) => id === this.#step || id.startsWith(`${this.#step}.`))
    if (!step) throw new WinnowError('BAD_INPUT', `The recipe has no step "${this.#step}". It has ${steps.map(({ id }) => id).join(', ')}.`)
    if (!steps.some(({ module }) => module.definition.output === 'metrics')) {
      throw new WinnowError('BAD_INPUT', `Nothing measures this recipe, so no value is better than another. Give it a truth (--truth FILE), or make one from your own images: winnow generate --set copies.`)
    }
    const current = step.params[this.#param]
    if (current !== undefined && typeof current !== 'number') throw new WinnowError('BAD_INPUT', `${this.#step}.${this.#param} is no number: there is nothing to search.`)
    // What the first guesses are made from must be there.
    const before = await this.#runAll(steps, this.#context.report, step.id)
    const coarse = values ?? (await trialValues(this.#context.project, step, new Map(before.map(({ step: id, result }) => [id, result.key])), this.#param, current))
    const trials: Trial[] = []
    await this.#try(coarse, trials, 2 * coarse.length)
    if (!values) await this.#try(between(trials), trials, trials.length + between(trials).length)
    trials.sort((x, y) => x.value - y.value)
    const best = bestOf(trials)
    if (!best || best.metric === null) throw this.#refusal ?? new WinnowError('BAD_INPUT', 'No value gave a number to compare: look at what the metric step needs.')
    return { metric: this.#metric ?? '', trials, best, models: modelsBehind(steps).get(step.id) ?? [] }
  }

  async #try(values: readonly number[], trials: Trial[], total: number): Promise<void> {
    for (const value of values) {
      if (trials.some((trial) => trial.value === value)) continue
      this.#context.signal.throwIfAborted()
      this.#context.report(`Trying ${this.#step}.${this.#param} = ${short(value)}`, trials.length, total)
      trials.push({ value, metric: await this.#measure(value) })
    }
  }

  async #measure(value: number): Promise<number | null> {
    const made = await this.#tryAll(await this.#keyed({ [`${this.#step}.${this.#param}`]: value }))
    if (!made) return null
    // What the recipe is for comes first: what it is compared with does not depend on the constant.
    const metrics = namedMetrics(this.#recipe.shows, made)
    this.#metric ??= metrics.find(({ higherIsBetter }) => higherIsBetter)?.name
    const found = metrics.find(({ name }) => name === this.#metric)
    if (!found) throw new WinnowError('BAD_INPUT', `The recipe measures no "${this.#metric ?? ''}". It measures ${metrics.map(({ name }) => name).join(', ')}.`)
    return found.value === null ? null : found.higherIsBetter ? found.value : -found.value
  }

  /** null where a step cannot work with the value that is tried (it leaves nothing to work on): a bad value, not the end of the search. */
  async #tryAll(steps: readonly KeyedStep[]): Promise<{ step: string; result: ResultRecord }[] | null> {
    try {
      return await this.#runAll(steps, () => undefined)
    } catch (error) {
      // Out of a step process an error comes with its code, not with its class.
      const { code, message } = error as { code?: unknown; message?: string }
      if (code !== 'BAD_INPUT' || this.#context.signal.aborted) throw error
      this.#refusal = new WinnowError('BAD_INPUT', message ?? String(error))
      return null
    }
  }

  /** Runs what is not there yet or not whole, in order, up to (and without) the step `last`. */
  async #runAll(steps: readonly KeyedStep[], report: (title: string, done: number, total: number | null, message?: string) => void, last?: string): Promise<{ step: string; result: ResultRecord }[]> {
    const made = []
    let plan = steps
    for (let i = 0; i < plan.length; i++) {
      const step = plan[i] as KeyedStep
      if (step.id === last) break
      const there = await this.#executor.settled(step)
      if (!there) report(step.title, 0, null)
      const result = there ?? (await this.#executor.run(step, keysOf(plan), (done, total, message) => report(step.title, done, total, message)))
      made.push({ step: step.id, result })
      if (partialOf(result) !== partialOf(step.result)) plan = rekeyed(plan, step.id, result)
    }
    return made
  }

  async #keyed(set: Record<string, unknown>): Promise<KeyedStep[]> {
    const { steps, problems } = await expandRecipe(this.#recipe, this.#options, { ...this.#set, ...set })
    if (problems.length > 0) throw new WinnowError('BAD_INPUT', `The recipe ${this.#recipe.name} cannot run. ${problems.map(({ at, message }) => `${at}: ${message}`).join(' ')}`, problems)
    return await keySteps(this.#context, steps)
  }
}

/** Of equals the middle one: a value on a plateau's edge falls off it with the next data. */
function bestOf(trials: readonly Trial[]): Trial | undefined {
  const most = trials.reduce((best, { metric }) => (metric !== null && metric > best ? metric : best), -Infinity)
  const plateau = trials.filter(({ metric }) => metric === most)
  return plateau[Math.floor((plateau.length - 1) / 2)]
}

/** Values around the best one, halfway and a quarter of the way to its neighbours. */
function between(trials: readonly Trial[]): number[] {
  const sorted = trials.toSorted((x, y) => x.value - y.value)
  const best = bestOf(sorted)
  const at = sorted.findIndex((trial) => trial === best)
  const [before, here, after] = [sorted[at - 1]?.value, sorted[at]?.value, sorted[at + 1]?.value]
  if (here === undefined) return []
  const whole = sorted.every(({ value }) => Number.isInteger(value))
  const found = [before, after].flatMap((side) => (side === undefined ? [] : [0.25, 0.5, 0.75].map((share) => here + (side - here) * share)))
  return [...new Set(found.map((value) => (whole ? Math.round(value) : Number(value.toPrecision(6)))))].filter((value) => !trials.some((trial) => trial.value === value))
}
