import { WinnowError } from '../domain/errors.ts'
import type { Curve, ExportFormat, FormatChoice, OptionValues, Recipe, RecipePlan, RecipeProblem, RecipeSummary, ResultPage, RunDetails, RunSummary, StepResult, StepType, WhatIf } from '../contract/recipes.ts'
import type { RunRecord } from '../project/repositories/recipes.ts'
import type { ProjectContext, Service } from '../services.ts'
import { resultFormats } from '../formats/exportResult.ts'
import { exportResultFile } from '../formats/resultFiles.ts'
import { Artefact } from './artefact.ts'
import { catalogue, isStepType, stepModule } from './catalogue.ts'
import { removeUnused } from './cleanUp.ts'
import { resultFolder } from './executor.ts'
import { expandRecipe } from './expand.ts'
import { headlineOf, mainSummary, runMetrics } from './headline.ts'
import { keySteps, planOf } from './plan.ts'
import { allRecipes, loadRecipe, removeRecipe, saveRecipe } from './recipeBook.ts'
import { parseRecipe } from './recipeText.ts'
import { proposeLabels } from './proposeLabels.ts'
import { pageOf, readCurves } from './resultPage.ts'
import { isTransductive } from './step.ts'
import { uncalibratedOf } from './uncalibrated.ts'
import { toStepResult, tryParameters } from './whatIf.ts'

interface ResultExport {
  readonly resultId: number
  readonly format: ExportFormat
  readonly file: string
  readonly overwrite: boolean
  readonly names?: 'path' | 'name' | 'stem' | 'sha256' | undefined
  readonly limit?: number | undefined
}

/** Recipes, their runs and what the steps made. Running one is a job. */
export class RecipeService implements Service<'recipes'> {
  readonly #context: ProjectContext
  /** A newer trial takes the place of one that still runs: only the slider's last position matters. */
  #trial: AbortController | null = null

  constructor(context: ProjectContext) {
    this.#context = context
  }

  async list(): Promise<RecipeSummary[]> {
    const { project } = this.#context
    const [all, runs] = await Promise.all([allRecipes(project), project.read.recipes.runs(null)])
    return await Promise.all(all.map(async ({ recipe, builtIn }) => {
      const last = runs.find((run) => run.recipe === recipe.name)
      return {
        name: recipe.name,
        title: recipe.title,
        about: recipe.about,
        source: recipe.source,
        builtIn,
        steps: recipe.steps.length,
        valid: recipe.steps.every(({ use }) => isStepType(use)),
        lastRun: last ? { runId: last.id, state: last.state, at: last.startedAt, headline: headlineOf(await runMetrics(project, last.body.shows, last.id)) ?? (await mainSummary(project, last.body.shows, last.id)) } : null
      }
    }))
  }

  async read({ name }: { name: string }): Promise<{ recipe: Recipe; builtIn: boolean; problems: RecipeProblem[] }> {
    const { recipe, builtIn } = await loadRecipe(this.#context.project, name)
    return { recipe, builtIn, problems: await structuralProblems(recipe) }
  }

  async check({ text }: { text: string }): Promise<{ recipe: Recipe | null; problems: RecipeProblem[] }> {
    const parsed = parseRecipe(text)
    return parsed.recipe ? { recipe: parsed.recipe, problems: await structuralProblems(parsed.recipe) } : parsed
  }

  async save({ recipe }: { recipe: Recipe }): Promise<{ ok: true }> {
    await saveRecipe(this.#context.project, recipe)
    this.#context.project.emit({ topic: 'recipes' })
    return { ok: true }
  }

  async remove({ name }: { name: string }): Promise<{ ok: true }> {
    await removeRecipe(this.#context.project, name)
    this.#context.project.emit({ topic: 'recipes' })
    return { ok: true }
  }

  async catalogue(): Promise<StepType[]> {
    return await catalogue()
  }

  /** What would run and what is kept. What is wrong comes as problems, not as an error. */
  async plan({ recipe, options, set }: { recipe: string | Recipe; options: OptionValues; set: Record<string, unknown> }): Promise<RecipePlan> {
    const body = typeof recipe === 'string' ? (await loadRecipe(this.#context.project, recipe)).recipe : recipe
    const { steps, problems } = await expandRecipe(body, options, set)
    if (problems.length > 0) return { steps: [], uncalibrated: [], problems }
    try {
      return { ...planOf(await keySteps(this.#context, steps)), problems: [] }
    } catch (error) {
      // A file or a model that is not there is the user's to mend, like any other problem of the recipe.
      if (error instanceof WinnowError && (error.code === 'NOT_FOUND' || error.code === 'BAD_INPUT')) return { steps: [], uncalibrated: [], problems: [{ at: 'options', message: error.message }] }
      throw error
    }
  }

  async runs({ recipe }: { recipe?: string | undefined }): Promise<RunSummary[]> {
    const runs = await this.#context.project.read.recipes.runs(recipe ?? null)
    return await Promise.all(runs.map((run) => this.#summary(run)))
  }

  async run({ runId }: { runId: number }): Promise<RunDetails> {
    const { project } = this.#context
    const run = await this.#run(runId)
    const records = await project.read.recipes.steps(runId)
    const steps = await Promise.all(records.map(async ({ step, use, title, params, inputs, state, resultId }) => {
      const [found, definition] = await Promise.all([resultId === null ? null : project.read.recipes.resultById(resultId), isStepType(use) ? stepModule(use).then((module) => module.definition) : null])
      return { step, use, title, params, inputs, transductive: definition ? isTransductive(definition, { params, inputs }) : false, cheap: definition?.cheap ?? false, state: state === 'running' && run.state !== 'running' ? 'waiting' : state, result: found ? toStepResult(found) : null }
    }))
    const { steps: expanded, problems } = await expandRecipe(run.body, run.options, run.overrides)
    return {
      ...(await this.#summary(run)),
      recipeBody: run.body,
      options: run.options,
      overrides: run.overrides,
      shows: run.body.shows,
      steps,
      uncalibrated: problems.length > 0 ? [] : uncalibratedOf(expanded.map((step) => ({ ...step, params: records.find((record) => record.step === step.id)?.params ?? step.params })))
    }
  }

  async removeRun({ runId }: { runId: number }): Promise<{ ok: true }> {
    const { engine, project } = this.#context
    const run = await this.#run(runId)
    if (run.state === 'running') throw new WinnowError('CONFLICT', 'This run is still going on. Cancel its job first.')
    await project.write.recipes.removeRun(runId)
    await removeUnused(project, engine.steps.making)
    project.emit({ topic: 'recipes' })
    return { ok: true }
  }

  async whatIf({ runId, set }: { runId: number; set: Record<string, unknown> }): Promise<WhatIf> {
    this.#trial?.abort(new WinnowError('CONFLICT', 'A later trial took the place of this one.'))
    const trial = new AbortController()
    this.#trial = trial
    return await tryParameters(this.#context, await this.#run(runId), set, trial.signal)
  }

  async result({ resultId }: { resultId: number }): Promise<StepResult> {
    return toStepResult(await this.#result(resultId))
  }

  async rows({ resultId, offset, limit }: { resultId: number; offset: number; limit: number }): Promise<ResultPage> {
    return await pageOf(this.#context.project, await this.artefact(resultId), offset, limit)
  }

  async curves({ resultId }: { resultId: number }): Promise<Curve[]> {
    return await readCurves(await this.artefact(resultId))
  }

  async propose({ resultId }: { resultId: number }): Promise<{ runId: number; images: number; newClasses: string[] }> {
    const { project } = this.#context
    return await proposeLabels(project, await this.artefact(resultId), { resultId })
  }

  formats(): Promise<Record<string, FormatChoice[]>> {
    return Promise.resolve(Object.fromEntries(Object.entries(resultFormats).map(([kind, choices]) => [kind, [...choices]])))
  }

  async exportResult({ resultId, format, file, overwrite, names, limit }: ResultExport): Promise<{ files: string[]; rows: number; notes: string[] }> {
    const { folder } = await this.artefact(resultId)
    const { files, rows, notes } = await exportResultFile(this.#context.project, folder, format, file, { overwrite, names, limit })
    return { files: [...files], rows, notes: [...notes] }
  }

  /** The files of a result, for those who read its columns. Throws NOT_FOUND or CORRUPT. */
  async artefact(resultId: number): Promise<Artefact> {
    const { key } = await this.#result(resultId)
    return await Artefact.open(resultFolder(this.#context.project.resultsFolder, key))
  }

  async #result(resultId: number) {
    const found = await this.#context.project.read.recipes.resultById(resultId)
    if (!found) throw new WinnowError('NOT_FOUND', `There is no result ${resultId} in this project (any more). Load the run again.`)
    return found
  }

  async #run(runId: number): Promise<RunRecord> {
    const run = await this.#context.project.read.recipes.run(runId)
    if (!run) throw new WinnowError('NOT_FOUND', `There is no run ${runId} of a recipe in this project (any more). Load the runs again.`)
    return run
  }

  async #summary({ id, recipe, title, body, state, jobId, startedAt, finishedAt, error }: RunRecord): Promise<RunSummary> {
    const { project } = this.#context
    return { runId: id, recipe, title, state, jobId, startedAt, finishedAt, error, metrics: await runMetrics(project, body.shows, id) }
  }
}

const standIns = { model: 'default', models: ['default'], file: '/file', number: 1, text: 'text', boolean: true, choice: '' } as const

/** What is wrong with the recipe itself, whatever its options: each that has no value yet stands for one, so that no step is left out. */
async function structuralProblems(recipe: Recipe): Promise<RecipeProblem[]> {
  const given = Object.entries(recipe.options).map(([name, { type, default: own, choices }]) => [name, own === undefined || own === false ? (choices?.[0] ?? standIns[type]) : own] as const)
  const { problems } = await expandRecipe(recipe, structuredClone(Object.fromEntries(given)) as OptionValues)
  return problems
}
