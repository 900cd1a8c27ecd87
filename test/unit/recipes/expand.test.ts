import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recipe as schema, type Recipe } from '../../../core/contract/recipes.ts'
import { expandRecipe } from '../../../core/recipes/expand.ts'
import { parseRecipe } from '../../../core/recipes/recipeText.ts'

const recipe = (body: object): Recipe => schema.parse({ format: 'winnow-recipe-1', name: 'test', title: 'Test', shows: ['a'], ...body })
const places = ({ problems }: { problems: { at: string }[] }): string[] => problems.map(({ at }) => at).sort()

test('options fill parameters, defaults hold where none is given, and --set stands above both', async () => {
  const body = recipe({
    options: { least: { title: 'Least', type: 'number', default: 0.5 } },
    steps: [
      { id: 'a', use: 'select' },
      { id: 'l', use: 'labels', from: { images: 'a' } },
      { id: 'p', use: 'label-check', from: { labels: 'l', predicted: 'l' }, with: { minScore: '$least' } }
    ]
  })
  const of = async (options: Record<string, number>, set = {}): Promise<unknown> => (await expandRecipe(body, options, set)).steps.at(-1)?.params['minScore']
  expect(await of({})).toBe(0.5)
  expect(await of({ least: 0.25 })).toBe(0.25)
  expect(await of({ least: 0.25 }, { 'p.minScore': 0.75 })).toBe(0.75)
})

test('a step for each model is copied; siblings go together, a collector takes all', async () => {
  const body = recipe({
    options: { models: { title: 'Models', type: 'models', default: ['x', 'y'] } },
    steps: [
      { id: 'a', use: 'select', each: 'models', with: { filter: {} } },
      { id: 'l', use: 'labels', each: 'models', from: { images: 'a' } },
      { id: 'c', use: 'label-check', each: 'models', from: { labels: 'l', predicted: 'l' } }
    ]
  })
  const { steps, problems } = await expandRecipe(body)
  expect(problems).toEqual([])
  expect(steps.map(({ id, inputs }) => [id, inputs])).toEqual([
    ['a.1', {}], ['a.2', {}],
    ['l.1', { images: ['a.1'] }], ['l.2', { images: ['a.2'] }],
    ['c.1', { labels: ['l.1'], predicted: ['l.1'] }], ['c.2', { labels: ['l.2'], predicted: ['l.2'] }]
  ])
})

test('a step whose option is not set is left out, and so is what needs it', async () => {
  const body = recipe({
    options: { check: { title: 'Check', type: 'boolean', default: false } },
    steps: [{ id: 'a', use: 'select' }, { id: 'l', use: 'labels', from: { images: 'a' }, when: 'check' }, { id: 'c', use: 'label-check', from: { labels: 'l', predicted: 'l' } }]
  })
  expect((await expandRecipe(body)).steps.map(({ id }) => id)).toEqual(['a'])
  expect((await expandRecipe(body, { check: true })).steps.map(({ id }) => id)).toEqual(['a', 'l', 'c'])
})

test('everything that is wrong is named with its place, in one go', async () => {
  const body = recipe({
    options: { model: { title: 'Model', type: 'model', required: true } },
    steps: [
      { id: 'a', use: 'selct' },
      { id: 'b', use: 'labels', from: { image: 'a' } },
      { id: 'b', use: 'labels' },
      { id: 'c', use: 'labels', from: { images: 'later' }, with: { source: 'nobody', colour: 1 } },
      { id: 'd', use: 'label-check', from: { labels: 's' } },
      { id: 's', use: 'select', with: { sample: '$none' }, each: 'model' }
    ],
    shows: ['nowhere']
  })
  expect(places(await expandRecipe(body, { other: 1 }, { 'zz.k': 1 }))).toEqual([
    'options.model', 'options.other', 'shows[0]', 'steps[0].use', 'steps[1].from.image', 'steps[2].id', 'steps[3].from.images', 'steps[3].with', 'steps[3].with.source', 'steps[4].from', 'steps[4].from.labels', 'steps[5].each', 'zz.k'
  ].sort())
})

test('an unknown step type names what it may have meant', async () => {
  const { problems } = await expandRecipe(recipe({ steps: [{ id: 'a', use: 'label' }] }))
  expect(problems[0]?.message).toContain('label-check')
})

test('text that is no recipe says where it went wrong', () => {
  expect(parseRecipe('{\n "format": "winnow-recipe-1",\n oops }').problems[0]).toMatchObject({ at: 'line 3' })
  expect(parseRecipe('{"format":"winnow-recipe-1","name":"Ünfit","title":"x","steps":[{"id":"a","use":"select","form":{}}],"shows":[]}').problems.map(({ at }) => at)).toEqual(expect.arrayContaining(['name', 'shows']))
  expect(parseRecipe('\uFEFF{"format":"winnow-recipe-1","name":"a","title":"x","steps":[{"id":"a","use":"select"}],"shows":["a"]}').recipe?.name).toBe('a')
  expect(parseRecipe('x'.repeat(1_000_001)).recipe).toBeNull()
})

test('the recipes that come with Winnow expand with every option set', async () => {
  const folder = join(import.meta.dirname, '../../../core/recipes/builtIn')
  for (const name of readdirSync(folder)) {
    const { recipe: body } = parseRecipe(readFileSync(join(folder, name), 'utf8'))
    if (!body) throw new Error(`${name} is no recipe`)
    const standIn = { model: 'a', models: ['a', 'b'], file: '/a/file', number: 1, text: 'a', boolean: true, choice: undefined } as const
    const options = Object.entries(body.options).flatMap(([option, { type, choices }]) => {
      const value = type === 'choice' ? choices?.at(-1) : standIn[type]
      return value === undefined ? [] : [[option, value]]
    })
    const { steps, problems } = await expandRecipe(body, Object.fromEntries(options) as Record<string, string>)
    expect({ name, problems }).toEqual({ name, problems: [] })
    // No step is left out: each stands for at least one of the run.
    expect({ name, left: body.steps.filter(({ id }) => !steps.some((step) => step.id === id || step.id.startsWith(`${id}.`))).map(({ id }) => id) }).toEqual({ name, left: [] })
  }
})
