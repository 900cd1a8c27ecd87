import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipe } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Project } from '../project/project.ts'
import { parseRecipe } from './recipeText.ts'

/** The recipes that come with Winnow: one JSON file each, to be read by people too. */
const builtInFolder = join(import.meta.dirname, 'builtIn')

export interface BookEntry {
  readonly recipe: Recipe
  readonly builtIn: boolean
}

let builtIn: Promise<Recipe[]> | undefined

async function readBuiltIn(): Promise<Recipe[]> {
  const names = (await readdir(builtInFolder)).filter((name) => name.endsWith('.json')).sort()
  return await Promise.all(names.map(async (name) => {
    const { recipe, problems } = parseRecipe(await readFile(join(builtInFolder, name), 'utf8'))
    if (!recipe || `${recipe.name}.json` !== name) throw new Error(`The recipe ${name} that comes with Winnow is damaged: ${problems.map(({ at, message }) => `${at}: ${message}`).join(' ') || 'its name is not that of its file.'}`)
    return recipe
  }))
}

/** Those of Winnow and those of the project, by name. */
export async function allRecipes(project: Project): Promise<BookEntry[]> {
  const own = await project.read.recipes.own()
  const entries = [...(await (builtIn ??= readBuiltIn())).map((recipe) => ({ recipe, builtIn: true })), ...own.map(({ body }) => ({ recipe: body, builtIn: false }))]
  return entries.sort((x, y) => (x.recipe.name < y.recipe.name ? -1 : 1))
}

/** Throws NOT_FOUND, naming the recipes there are. */
export async function loadRecipe(project: Project, name: string): Promise<BookEntry> {
  const all = await allRecipes(project)
  const found = all.find(({ recipe }) => recipe.name === name)
  if (!found) throw new WinnowError('NOT_FOUND', `There is no recipe "${name}". There are ${all.map(({ recipe }) => recipe.name).join(', ')}.`)
  return found
}

/** Throws CONFLICT for the name of a recipe that comes with Winnow: copies have names of their own. */
export async function saveRecipe(project: Project, recipe: Recipe): Promise<void> {
  if ((await (builtIn ??= readBuiltIn())).some(({ name }) => name === recipe.name)) throw new WinnowError('CONFLICT', `"${recipe.name}" comes with Winnow and stays as it is. Save your copy under another name.`)
  await project.write.recipes.save(recipe, Date.now())
}

/** Throws BAD_INPUT for one that comes with Winnow, NOT_FOUND for an unknown one. */
export async function removeRecipe(project: Project, name: string): Promise<void> {
  const { builtIn: comesWithWinnow } = await loadRecipe(project, name)
  if (comesWithWinnow) throw new WinnowError('BAD_INPUT', `"${name}" comes with Winnow and cannot be removed.`)
  await project.write.recipes.remove(name)
}
