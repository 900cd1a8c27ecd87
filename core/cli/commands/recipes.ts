import type { Command } from 'commander'
import { resolve } from 'node:path'
import { calibration, type ExportFormat, exportFormat, type MetricValue, nameStyle, type RecipePlan, type RunDetails, type Uncalibrated } from '../../contract/recipes.ts'
import { WinnowError } from '../../domain/errors.ts'
import { withValue } from '../../recipes/withValue.ts'
import { exactly, numberText, wholeNumber } from '../arguments.ts'
import { outcomeOf, runJob } from '../follow.ts'
import { optionsOf, overridesOf, recipeOf } from '../recipeOptions.ts'
import { onNothing, onProject } from '../run.ts'
import { bytesInWords, count, secondsInWords, table } from '../words.ts'

interface RunOptions {
  readonly option?: string[]
  readonly set?: string[]
  readonly model?: string
  readonly truth?: string
  readonly dryRun?: boolean
}

interface ExportOptions {
  readonly format?: ExportFormat
  readonly names?: (typeof nameStyle.options)[number]
  readonly limit?: number
  readonly overwrite?: boolean
}

interface CalibrateOptions extends RunOptions {
  readonly metric?: string
  readonly values?: number[]
  readonly save?: string
}

const collect = (text: string, before: string[] = []): string[] => [...before, text]
const projectArgument = ['<project>', 'a project folder, or - for the one open in --engine'] as const

const valueText = (value: number | null): string => (value === null ? 'not defined' : Number.isInteger(value) ? String(value) : value.toFixed(6))
const metricTable = (metrics: readonly MetricValue[]): string => table(['metric', 'value', ''], metrics.map(({ name, value, about }) => [name, valueText(value), about]))

const stepTable = ({ steps }: Pick<RunDetails, 'steps'>): string =>
  table(
    ['step', 'what', 'state', 'time', 'memory', ''],
    steps.map(({ step, title, state, result, transductive }) => [
      step,
      `${title}${transductive ? ' (transductive)' : ''}`,
      state,
      result ? (result.seconds < 1 ? `${Math.round(result.seconds * 1000)} ms` : secondsInWords(result.seconds)) : '',
      result?.peakBytes ? bytesInWords(result.peakBytes) : '',
      result?.summary ?? ''
    ])
  )

const planTable = ({ steps }: Pick<RecipePlan, 'steps'>): string => table(['step', 'what', 'state', 'from'], steps.map(({ step, title, state, inputs }) => [step, title, state, Object.values(inputs).flat().join(', ')]))

const warnings = (uncalibrated: readonly Uncalibrated[]): string[] =>
  uncalibrated.map(({ step, param, value, foundWith, runsWith }) => `Uncalibrated: ${step}.${param} = ${String(value)} was found with ${foundWith}, not with ${runsWith.join(', ')}. Set it from your own data: winnow recipes calibrate.`)

const shorthand = ({ model, truth, option = [] }: RunOptions): string[] => [...option, ...(model === undefined ? [] : [`model=${model}`]), ...(truth === undefined ? [] : [`truth=${truth}`])]

/** run and recipes: whole pipelines over a project. */
export function addRecipeCommands(program: Command): void {
  program
    .command('run')
    .argument('<recipe>', 'its name (see "winnow recipes list"), or a .json file')
    .argument(...projectArgument)
    .description('run a recipe step by step; what did not change since an earlier run is kept')
    .option('--option <name=value>', 'an option of the recipe; say it again for more', collect)
    .option('--set <step.param=value>', 'a parameter instead of what the recipe says; say it again for more', collect)
    .option('--model <id>', 'short for --option model=ID')
    .option('--truth <file>', 'short for --option truth=FILE: what is true, to measure against')
    .option('--dry-run', 'only say what would run')
    .action(async (named: string, project: string, options: RunOptions, command: Command) => {
      await onProject(command, project, async ({ session, terminal }) => {
        const { recipe, fromFile } = await recipeOf(session, named)
        const request = { options: optionsOf(recipe, shorthand(options)), set: overridesOf(options.set ?? []) }
        const plan = await session.client.recipes.plan({ recipe, ...request })
        if (plan.problems.length > 0) throw new WinnowError('BAD_INPUT', `${recipe.title} cannot run:\n${plan.problems.map(({ at, message }) => `  ${at}: ${message}`).join('\n')}`, plan.problems)
        if (options.dryRun) return { json: { plan }, text: [planTable(plan), ...warnings(plan.uncalibrated)].join('\n') }
        const job = await runJob(session, { kind: 'recipe', ...(fromFile ? { body: recipe } : { recipe: recipe.name }), ...request }, terminal)
        const outcome = await outcomeOf(session, job)
        const runId = (job.data as { runId?: number } | null)?.runId
        if (runId === undefined) return outcome
        const run = await session.client.recipes.run({ runId })
        const text = [stepTable(run), '', ...(run.metrics.length > 0 ? [metricTable(run.metrics), ''] : []), ...warnings(run.uncalibrated), outcome.text, `Run ${runId}.`].join('\n')
        return { ...outcome, json: { ...(outcome.json as object), run }, text }
      })
    })

  const recipes = program.command('recipes').description('recipes, their runs and what their steps made')
  recipes
    .command('list')
    .argument(...projectArgument)
    .description('the recipes that come with Winnow, and those of the project')
    .action(async (project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const list = await session.client.recipes.list()
        return { json: { recipes: list }, text: table(['name', 'what it does', 'steps', 'last run'], list.map(({ name, title, steps, lastRun, builtIn }) => [name, `${title}${builtIn ? '' : ' (yours)'}`, steps, lastRun ? `${lastRun.state}${lastRun.headline ? `: ${lastRun.headline}` : ''}` : ''])) }
      })
    })
  recipes
    .command('show')
    .argument('<recipe>', 'its name')
    .argument(...projectArgument)
    .description('a recipe as JSON, to read, or to change and run as a file')
    .action(async (name: string, project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const found = await session.client.recipes.read({ name })
        return { json: found, text: JSON.stringify(found.recipe, null, 2) }
      })
    })
  recipes
    .command('save')
    .argument('<file>', 'a recipe file')
    .argument(...projectArgument)
    .description('take a recipe file over into the project')
    .action(async (file: string, project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const { recipe } = await recipeOf(session, file.endsWith('.json') ? file : `${file}.json`)
        await session.client.recipes.save({ recipe })
        return { json: { recipe }, text: `Saved "${recipe.name}".` }
      })
    })
  recipes
    .command('remove')
    .argument('<recipe>', 'its name')
    .argument(...projectArgument)
    .description('remove a recipe of the project; its runs stay')
    .action(async (name: string, project: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        await session.client.recipes.remove({ name })
        return { json: { removed: name }, text: `Removed "${name}".` }
      })
    })
  recipes
    .command('steps')
    .argument('[step]', 'one step type')
    .description('the step types that a recipe can use, with their inputs and parameters')
    .action(async (use: string | undefined, _options: unknown, command: Command) => {
      await onNothing(command, async () => {
        const { catalogue } = await import('../../recipes/catalogue.ts')
        const all = await catalogue()
        const shown = use === undefined ? all : all.filter((step) => step.use === use)
        if (shown.length === 0) throw new WinnowError('NOT_FOUND', `There is no step type "${use ?? ''}". There are ${all.map((step) => step.use).join(', ')}.`)
        const text = use === undefined
          ? table(['step', 'what it does', 'takes', 'gives'], all.map((step) => [step.use, step.title, step.inputs.map(({ name, optional, many }) => `${name}${many ? '…' : ''}${optional ? '?' : ''}`).join(', '), step.output]))
          : JSON.stringify(shown[0], null, 2)
        return { json: { steps: shown }, text }
      })
    })
  recipes
    .command('calibrate')
    .argument('<recipe>', 'its name, or a .json file')
    .argument(...projectArgument)
    .argument('<step.param>', 'the constant to find')
    .description("find a constant with your own data: the value with which the recipe's metric is best")
    .option('--option <name=value>', 'an option of the recipe; say it again for more', collect)
    .option('--set <step.param=value>', 'another parameter', collect)
    .option('--model <id>', 'short for --option model=ID')
    .option('--truth <file>', 'short for --option truth=FILE')
    .option('--metric <name>', 'which of the metrics (otherwise the first)')
    .option('--values <numbers>', 'just these, with commas between them', (text) => text.split(',').map(numberText))
    .option('--save <name>', 'save a copy of the recipe with the value found')
    .action(async (named: string, project: string, place: string, options: CalibrateOptions, command: Command) => {
      await onProject(command, project, async ({ session, terminal }) => {
        const { recipe, fromFile } = await recipeOf(session, named)
        const dot = place.indexOf('.')
        if (dot < 1) throw new WinnowError('BAD_INPUT', `${place}: write it as step.param. The steps are ${recipe.steps.map(({ id }) => id).join(', ')}.`)
        const [step, param] = [place.slice(0, dot), place.slice(dot + 1)]
        const job = await runJob(session, {
          kind: 'calibrate', ...(fromFile ? { body: recipe } : { recipe: recipe.name }), options: optionsOf(recipe, shorthand(options)), set: overridesOf(options.set ?? []), step, param,
          ...(options.metric === undefined ? {} : { metric: options.metric }), ...(options.values === undefined ? {} : { values: options.values })
        }, terminal)
        const outcome = await outcomeOf(session, job)
        const found = calibration.safeParse(job.data)
        if (!found.success) return outcome
        const { trials, metric, best } = found.data
        const lines = [table([place, metric], trials.map(({ value, metric: reached }) => [String(value), reached === null ? '' : reached.toFixed(4)])), '', outcome.text]
        if (options.save !== undefined) {
          await session.client.recipes.save({ recipe: withValue(recipe, options.save, found.data) })
          lines.push(`Saved "${options.save}" with ${place} = ${best}.`)
        }
        return { ...outcome, json: { ...(outcome.json as object), calibration: found.data }, text: lines.join('\n') }
      })
    })
  recipes
    .command('runs')
    .argument(...projectArgument)
    .option('--recipe <name>', 'only of this recipe')
    .description('earlier runs with what they found')
    .action(async (project: string, { recipe }: { recipe?: string }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const runs = await session.client.recipes.runs(recipe === undefined ? {} : { recipe })
        return { json: { runs }, text: runs.length === 0 ? 'No recipe has been run yet.' : table(['run', 'recipe', 'state', 'found'], runs.map(({ runId, recipe: name, state, metrics, error }) => [String(runId), name, state, error ?? metrics.slice(0, 4).map((metric) => `${metric.name} ${valueText(metric.value)}`).join(', ')])) }
      })
    })
  recipes
    .command('result')
    .argument(...projectArgument)
    .argument('<run>', 'its number', wholeNumber)
    .argument('[step]', 'one step: its first rows')
    .option('--rows <number>', 'how many', wholeNumber, 20)
    .description('what a run made, step by step, or the rows of one step')
    .action(async (project: string, runId: number, step: string | undefined, { rows }: { rows: number }, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const run = await session.client.recipes.run({ runId })
        if (step === undefined) return { json: { run }, text: [stepTable(run), '', metricTable(run.metrics)].join('\n') }
        const page = await session.client.recipes.rows({ resultId: resultOf(run, step), offset: 0, limit: Math.min(200, Math.max(1, rows)) })
        const cells = page.rows.map((row) => row.map((cell, i) => (page.columns[i]?.type === 'image' ? (page.names[String(cell)] ?? String(cell)) : String(cell ?? ''))))
        return { json: { page }, text: [table(page.columns.map(({ name }) => name), cells), `${page.rows.length} of ${page.total} rows`].join('\n') }
      })
    })
  recipes
    .command('propose')
    .argument(...projectArgument)
    .argument('<run>', 'its number', wholeNumber)
    .argument('<step>', 'that made labels')
    .description('put the labels that a step found into the Labels screen, to be accepted by a person (or winnow decide --accept-predictions)')
    .action(async (project: string, runId: number, step: string, _options: unknown, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const proposed = await session.client.recipes.propose({ resultId: resultOf(await session.client.recipes.run({ runId }), step) })
        return { json: proposed, text: `Labels of ${count(proposed.images)} images are proposed${proposed.newClasses.length > 0 ? `; ${count(proposed.newClasses.length)} classes are new` : ''}.` }
      })
    })
  recipes
    .command('export')
    .argument(...projectArgument)
    .argument('<run>', 'its number', wholeNumber)
    .argument('<step>', 'whose result')
    .argument('<file>', 'where it goes')
    .option('--format <name>', `${exportFormat.options.join(', ')} (otherwise the usual one)`, exactly(exportFormat.options))
    .option('--names <style>', `what images are called: ${nameStyle.options.join(', ')} (otherwise as the format has it)`, exactly(nameStyle.options))
    .option('--limit <number>', 'retrieval: images for each query', wholeNumber)
    .option('--overwrite', 'replace the file where there is one')
    .description('write the result of a step to a file: vectors, matches, labels, lists of images')
    .action(async (project: string, runId: number, step: string, file: string, options: ExportOptions, command: Command) => {
      await onProject(command, project, async ({ session }) => {
        const run = await session.client.recipes.run({ runId })
        const resultId = resultOf(run, step)
        const { kind } = await session.client.recipes.result({ resultId })
        const usual = (await session.client.recipes.formats())[kind]?.[0]?.format
        const format = options.format ?? usual
        if (!format) throw new WinnowError('BAD_INPUT', `"${step}" made ${kind}, which has no file format. Its columns are NumPy files in the project's results folder.`)
        const written = await session.client.recipes.exportResult({
          resultId, format, file: resolve(file), overwrite: options.overwrite ?? false,
          ...(options.names === undefined ? {} : { names: options.names }), ...(options.limit === undefined ? {} : { limit: options.limit })
        })
        return { json: written, text: [`${count(written.rows)} rows written to ${written.files.join(', ')}.`, ...written.notes].join('\n') }
      })
    })
}

/** The result of a step in a run. Throws NOT_FOUND, naming the steps there are. */
export function resultOf(run: RunDetails, step: string): number {
  const found = run.steps.find((each) => each.step === step)
  if (!found) throw new WinnowError('NOT_FOUND', `Run ${run.runId} has no step "${step}". It has ${run.steps.map((each) => each.step).join(', ')}.`)
  if (!found.result) throw new WinnowError('NOT_FOUND', `The step "${step}" of run ${run.runId} made nothing (yet): it is ${found.state}.`)
  return found.result.resultId
}
