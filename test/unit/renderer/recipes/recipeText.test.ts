import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRecipe } from '../../../../core/recipes/recipeText.ts'
import { recipeText } from '../../../../renderer/features/recipes/rules/recipeText.ts'
import { lineOf, parsePlace } from '../../../../renderer/features/recipes/rules/textPlaces.ts'

const folder = join(import.meta.dirname, '../../../../core/recipes/builtIn')
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

test.each(files)('the text of %s reads back as the same recipe, a line a step', (file) => {
  const { recipe } = parseRecipe(readFileSync(join(folder, file), 'utf8'))
  if (!recipe) throw new Error('damaged')
  const text = recipeText(recipe)
  expect(parseRecipe(text)).toEqual({ recipe, problems: [] })
  recipe.steps.forEach(({ id }, i) => {
    const line = text.split('\n')[(lineOf(text, `steps[${i}].id`) ?? 0) - 1]
    expect(line).toContain(`"id": "${id}"`)
  })
})

describe('places in a text', () => {
  const text = '{\n  "name": "a",\n  "steps": [\n    {"id": "x", "with": {"k": [1,\n 2]}},\n    {"id": "y"}\n  ],\n  "shows": []\n}'
  test.each([['name', 2], ['steps', 3], ['steps[0]', 4], ['steps[0].with.k', 4], ['steps[0].with.k[1]', 5], ['steps[1].id', 6], ['steps[1].use', 6], ['shows', 8], ['line 5', 5]] as const)('%s is on line %i', (at, line) => {
    expect(lineOf(text, at)).toBe(line)
  })
  test('what is not there has the line of what it is part of, and nothing has none', () => {
    expect(lineOf(text, 'steps[0].with.minScore')).toBe(4)
    expect(lineOf(text, '')).toBeNull()
    expect(lineOf(text, 'options.model')).toBeNull()
  })
  test('braces and quotes within a text are no structure', () => {
    expect(lineOf('{"about": "a \\" { [ ,",\n"name": 3}', 'name')).toBe(2)
  })
  test('broken text is walked as far as it goes', () => {
    expect(lineOf('{"steps": [{"id": "x"},\n{"id": ', 'steps[1].id')).toBe(2)
  })
  test('a place is read', () => expect(parsePlace('steps[3].with.min-score')).toEqual(['steps', 3, 'with', 'min-score']))
})
