import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { OptionValues, Recipe, RecipeOption } from '../contract/recipes.ts'
import { WinnowError } from '../domain/errors.ts'
import type { Session } from './session.ts'

/** "name=value" as a pair. Throws BAD_INPUT. */
function pairOf(text: string, flag: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new WinnowError('BAD_INPUT', `${flag} ${text}: write it as name=value.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A recipe by name, or from a file (a path ending in .json). Throws BAD_INPUT that lists what is wrong with the file. */
export async function recipeOf({ client }: Session, named: string): Promise<{ recipe: Recipe; fromFile: boolean }> {
  if (!named.endsWith('.json')) return { recipe: (await client.recipes.read({ name: named })).recipe, fromFile: false }
  const file = resolve(named)
  if (!existsSync(file)) throw new WinnowError('NOT_FOUND', `There is no recipe file ${file}.`)
  const { recipe, problems } = await client.recipes.check({ text: await readFile(file, 'utf8') })
  if (!recipe || problems.length > 0) throw new WinnowError('BAD_INPUT', `${file} is not a recipe that can run:\n${problems.map(({ at, message }) => `  ${at}: ${message}`).join('\n')}`, problems)
  return { recipe, fromFile: true }
}

/** The values of "name=value" texts, each as its option's type says; paths made absolute. Throws BAD_INPUT for an unknown option or a value that does not fit. */
export function optionsOf(recipe: Recipe, given: readonly string[]): OptionValues {
  const values: OptionValues = {}
  for (const text of given) {
    const [name, value] = pairOf(text, '--option')
    const option = Object.hasOwn(recipe.options, name) ? recipe.options[name] : undefined
    if (!option) throw new WinnowError('BAD_INPUT', `The recipe ${recipe.name} has no option "${name}". It has ${Object.keys(recipe.options).join(', ') || 'none'}.`)
    values[name] = valueOf(option, name, value)
  }
  return values
}

function valueOf(option: RecipeOption, name: string, text: string): OptionValues[string] {
  switch (option.type) {
    case 'number': {
      const value = Number(text)
      if (text.trim() === '' || !Number.isFinite(value)) throw new WinnowError('BAD_INPUT', `--option ${name}=${text}: ${option.title} is a number.`)
      return value
    }
    case 'boolean': {
      if (!/^(true|false|yes|no)$/.test(text)) throw new WinnowError('BAD_INPUT', `--option ${name}=${text}: ${option.title} is true or false.`)
      return text === 'true' || text === 'yes'
    }
    case 'models': return text.split(',').map((model) => model.trim()).filter((model) => model !== '')
    case 'file': return resolve(text)
    default: return text
  }
}

/** "step.param=value" texts; values are JSON where they parse as such (0.5, true, [1,2]), text otherwise. */
export function overridesOf(given: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map((text) => {
      const [name, value] = pairOf(text, '--set')
      try {
        return [name, JSON.parse(value) as unknown]
      } catch {
        return [name, value]
      }
    })
  )
}
