/** What a person does with recipes, as calls to the engine that say what became of them. */
import type { JobRequestInput } from '../../../core/contract/jobs.ts'
import type { OptionValues, Recipe } from '../../../core/contract/recipes.ts'
import { client } from '../../app/client.ts'
import { showDone, showError } from '../../app/notify.tsx'
import { queries, queryClient } from '../../app/queries.ts'
import { recipeQueries } from './recipeQueries.ts'
import { calibrationStarted, choose, runStarted, setDraft, setOptions, setParams, showRun, useRecipes } from './recipesStore.ts'
import { copyTitle, freeName } from './rules/copies.ts'
import type { RecipeView } from './useRecipe.ts'

async function startJob(request: JobRequestInput, otherwise: string): Promise<number | null> {
  try {
    const { id } = await client.jobs.start(request)
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
    return id
  } catch (error) {
    showError(error, otherwise)
    return null
  }
}

/** By name where it is saved so, as a body where it is being tried; its runs are then those of the recipe that is being edited, whatever the text calls it. */
const subject = ({ isDraft, body, name }: Pick<RecipeView, 'isDraft' | 'body' | 'name'>): { recipe: string } | { body: Recipe } => (isDraft ? { body: { ...body, name } } : { recipe: name })

export async function runRecipe(view: RecipeView): Promise<void> {
  const jobId = await startJob({ kind: 'recipe', ...subject(view), options: view.options, set: { ...view.set } }, 'The recipe did not start.')
  if (jobId !== null) runStarted(view.name, jobId, { options: view.options, set: view.set })
}

export async function cancelRun(jobId: number): Promise<void> {
  try {
    await client.jobs.cancel({ jobId })
  } catch (error) {
    showError(error, 'The run was not cancelled.')
  }
}

/** Takes an interrupted, failed or cancelled run up where it stopped. */
export async function goOn(name: string, jobId: number): Promise<void> {
  try {
    await client.jobs.resume({ jobId })
    runStarted(name, jobId)
    await queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey })
  } catch (error) {
    showError(error, 'The run did not go on.')
  }
}

export async function calibrate(view: RecipeView, step: string, param: string): Promise<void> {
  const jobId = await startJob({ kind: 'calibrate', ...subject(view), options: view.options, set: { ...view.set }, step, param }, 'The search did not start.')
  if (jobId !== null) calibrationStarted(view.name, `${step}.${param}`, jobId)
}

const stale = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['recipes'] })

/** Into the project. Says whether it worked; where not, the reason has been shown. */
export async function saveRecipe(recipe: Recipe): Promise<boolean> {
  try {
    await client.recipes.save({ recipe })
    await stale()
    return true
  } catch (error) {
    showError(error, 'The recipe was not saved.')
    return false
  }
}

interface Asked {
  readonly options: OptionValues
  readonly set: Readonly<Record<string, unknown>>
}

/** Saves under the recipe's name and goes there; `asked`: what stands in its form then. */
export async function saveCopy(recipe: Recipe, asked?: Asked): Promise<boolean> {
  const isNew = !(await queryClient.ensureQueryData(recipeQueries.list)).some(({ name }) => name === recipe.name)
  if (!(await saveRecipe(recipe))) return false
  choose(recipe.name)
  if (asked) {
    setOptions(recipe.name, asked.options)
    setParams(recipe.name, asked.set)
  }
  showDone(`Saved “${recipe.title}” (${recipe.name}).`, isNew ? { label: 'Remove it', run: () => void removeRecipe(recipe, { quiet: true }) } : undefined)
  return true
}

/** A copy under the first free name, to be edited. */
export async function duplicate(recipe: Recipe): Promise<void> {
  const taken = new Set((await queryClient.ensureQueryData(recipeQueries.list)).map(({ name }) => name))
  if (await saveCopy({ ...recipe, name: freeName(recipe.name, taken), title: copyTitle(recipe.title) })) useRecipes.setState({ tab: 'text' })
}

/** Its runs stay; the toast brings it back. */
export async function removeRecipe(recipe: Recipe, { quiet = false } = {}): Promise<void> {
  try {
    await client.recipes.remove({ name: recipe.name })
    setDraft(recipe.name, null)
    if (useRecipes.getState().name === recipe.name) useRecipes.setState({ name: null, step: null })
    await stale()
    if (!quiet) showDone(`Removed “${recipe.title}”. Its runs stay.`, { label: 'Undo', run: () => void saveRecipe(recipe).then((saved) => saved && choose(recipe.name)) })
  } catch (error) {
    showError(error, 'The recipe was not removed.')
  }
}

export async function removeRun(name: string, runId: number): Promise<void> {
  try {
    await client.recipes.removeRun({ runId })
    showRun(name, null)
    await stale()
    showDone(`Run ${runId} was removed, with what only it had made.`)
  } catch (error) {
    showError(error, 'The run was not removed.')
  }
}
