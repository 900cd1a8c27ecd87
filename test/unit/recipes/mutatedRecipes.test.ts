import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OptionValues } from '../../../core/contract/recipes.ts'
import { expandRecipe } from '../../../core/recipes/expand.ts'
import { parseRecipe } from '../../../core/recipes/recipeText.ts'

const folder = join(import.meta.dirname, '../../../core/recipes/builtIn')
const texts = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(folder, name), 'utf8'))

/** Every place of a JSON value, as the object or list that holds it and its key there. */
function places(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((key) => [[value as Record<string, unknown>, key] as [Record<string, unknown>, string], ...places((value as Record<string, unknown>)[key])])
}

const strange = fc.constantFrom<unknown>(null, -1, 0, 1e308, 0.5, true, '', '$', '$each', '$nothing', '$model', '__proto__', 'constructor', 'toString', '../x', 'default', 'images', [], ['images'], [null], {}, { a: 1 }, '\u0000', 'ü'.repeat(70))

test('a recipe with any value anywhere is run or refused with the places of what is wrong: it never throws', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), strange, fc.boolean()), { minLength: 1, maxLength: 3 }), async (text, changes) => {
    const value = JSON.parse(text) as unknown
    for (const [where, instead, remove] of changes) {
      const all = places(value)
      const [holder, key] = all[where % Math.max(1, all.length)] ?? [{}, '']
      if (remove) delete holder[key]
      else holder[key] = structuredClone(instead)
    }
    const { recipe, problems } = parseRecipe(JSON.stringify(value))
    expect(recipe === null).toBe(problems.length > 0)
    for (const { message } of problems) expect(message.length).toBeGreaterThan(0)
    if (!recipe) return
    const expanded = await expandRecipe(recipe)
    for (const { at, message } of expanded.problems) expect([at.length > 0, message.length > 0, /undefined|\[object/.test(message)]).toEqual([true, true, false])
    // Whatever is left to run takes only from what runs before it.
    const before = new Set<string>()
    for (const { id, inputs } of expanded.problems.length > 0 ? [] : expanded.steps) {
      expect(Object.values(inputs).flat().filter((from) => !before.has(from))).toEqual([])
      before.add(id)
    }
  }), { numRuns: 150 })
}, 120_000)

test('options and overrides of any kind are refused by name, not by an exception', async () => {
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))
  await fc.assert(fc.asyncProperty(fc.constantFrom(...texts), fc.dictionary(fc.constantFrom('model', 'models', 'truth', 'pairs', '__proto__', 'x'), value), fc.dictionary(fc.constantFrom('lists.k', 'vectors.model', 'toString', '.', 'images.', 'images.role', 'result.task'), fc.anything()), async (text, options, set) => {
    const { recipe } = parseRecipe(text)
    if (!recipe) throw new Error('A recipe that comes with Winnow is damaged.')
    const { problems } = await expandRecipe(recipe, options as OptionValues, set)
    for (const { at, message } of problems) expect([at.length > 0, message.length > 0]).toEqual([true, true])
  }), { numRuns: 100 })
}, 120_000)
