import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseRecipe } from '../../../core/recipes/recipeText.ts'
import { expandRecipe } from '../../../core/recipes/expand.ts'
import { page, pageWithCatalogue } from '../../../scripts/stepDocs.ts'

test('the catalogue in docs/recipes.md is what the steps and recipes say of themselves (npm run docs:steps)', async () => {
  const text = readFileSync(page, 'utf8')
  expect(await pageWithCatalogue(text)).toBe(text)
})

test('the recipe that docs/recipes.md teaches with fits together', async () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? []
  const { recipe, problems } = parseRecipe(json)
  expect(problems).toEqual([])
  if (recipe) expect((await expandRecipe(recipe, { truth: '/truth.csv' })).problems).toEqual([])
})
