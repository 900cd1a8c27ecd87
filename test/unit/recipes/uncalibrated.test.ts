import { expect, test } from 'vitest'
import { recipe as schema } from '../../../core/contract/recipes.ts'
import { expandRecipe } from '../../../core/recipes/expand.ts'
import { isTransductive, type StepDefinition } from '../../../core/recipes/step.ts'
import { modelsBehind, uncalibratedOf } from '../../../core/recipes/uncalibrated.ts'
import { withValue } from '../../../core/recipes/withValue.ts'

/** Verified neighbours whose least score and least inliers were found with something. */
const recipe = (foundWith: Record<string, string>) => schema.parse({
  format: 'winnow-recipe-1', name: 'test', title: 'Test', shows: ['sure'],
  options: { models: { title: 'Models', type: 'models', default: ['a'] } },
  steps: [
    { id: 'all', use: 'select' },
    { id: 'each', use: 'embed', from: { images: 'all' }, each: 'models', with: { model: '$each' } },
    { id: 'joined', use: 'concat', from: { vectors: 'each' } },
    { id: 'lists', use: 'match', from: { queries: 'joined', references: 'joined' } },
    { id: 'verified', use: 'verify', from: { pairs: 'lists' } },
    { id: 'sure', use: 'filter-pairs', from: { pairs: 'verified' }, with: { minScore: 0.7, minInliers: 20 }, foundWith }
  ]
})
const uncalibrated = async (foundWith: Record<string, string>, models: string[]): Promise<string[]> => {
  const { steps, problems } = await expandRecipe(recipe(foundWith), { models })
  expect(problems).toEqual([])
  return uncalibratedOf(steps).map(({ param }) => param)
}

test('a constant belongs to the model that it was found with, in whatever size', async () => {
  expect(await uncalibrated({ minScore: 'a' }, ['a'])).toEqual([])
  expect(await uncalibrated({ minScore: 'a' }, ['a@320'])).toEqual([])
  expect(await uncalibrated({ minScore: 'a' }, ['b'])).toEqual(['minScore'])
})

test('an ensemble is another descriptor than each of its models', async () => {
  expect(await uncalibrated({ minScore: 'a' }, ['a', 'b'])).toEqual(['minScore'])
  expect(await uncalibrated({ minScore: 'a + b' }, ['a', 'b'])).toEqual([])
  expect(await uncalibrated({ minScore: 'a + b' }, ['a'])).toEqual(['minScore'])
})

test('counts of inliers belong to the local features, whatever the descriptor', async () => {
  expect(await uncalibrated({ minInliers: 'orb' }, ['a', 'b'])).toEqual([])
  expect(await uncalibrated({ minInliers: 'delf' }, ['a'])).toEqual(['minInliers'])
})

test('a value found with the user’s own data is calibrated for what it was found with', async () => {
  const { steps } = await expandRecipe(recipe({}), { models: ['a', 'b'] })
  const models = modelsBehind(steps).get('sure') ?? []
  const own = withValue(recipe({ minScore: 'x' }), 'own', { step: 'sure', param: 'minScore', best: 0.4, models })
  expect(own.steps.at(-1)).toMatchObject({ with: { minScore: 0.4 }, foundWith: { minScore: 'a + b + orb' } })
  expect(uncalibratedOf((await expandRecipe(own, { models: ['a', 'b'] })).steps)).toEqual([])
  expect(uncalibratedOf((await expandRecipe(own, { models: ['b'] })).steps)).toMatchObject([{ param: 'minScore', runsWith: ['b', 'orb'] }])
})

test('vectors of a file come from the model that was named, or from that file', async () => {
  const read = (model?: string) => schema.parse({
    format: 'winnow-recipe-1', name: 'test', title: 'Test', shows: ['sure'],
    steps: [
      { id: 'all', use: 'select' },
      { id: 'vectors', use: 'read-vectors', from: { images: 'all' }, with: { file: '/some/where.npy', ...(model ? { model } : {}) } },
      { id: 'lists', use: 'match', from: { queries: 'vectors', references: 'vectors' } },
      { id: 'sure', use: 'filter-pairs', from: { pairs: 'lists' }, with: { minScore: 0.5 }, foundWith: { minScore: 'a' } }
    ]
  })
  expect(uncalibratedOf((await expandRecipe(read('a'))).steps)).toEqual([])
  expect(uncalibratedOf((await expandRecipe(read())).steps)).toMatchObject([{ runsWith: ['file:where.npy'] }])
})

test('a step is transductive only where it is used so', async () => {
  const { definition } = await import('../../../core/recipes/steps/query-expansion.ts')
  const expansion: Pick<StepDefinition, 'transductive'> = definition
  expect(isTransductive(expansion)).toBe(true)
  expect(isTransductive(expansion, { params: { pool: 'all' }, inputs: {} })).toBe(true)
  expect(isTransductive(expansion, { params: { pool: 'references' }, inputs: {} })).toBe(false)
  const { definition: augmentation } = await import('../../../core/recipes/steps/database-augmentation.ts')
  expect(isTransductive(augmentation as Pick<StepDefinition, 'transductive'>, { params: {}, inputs: { references: ['r'] } })).toBe(false)
  expect(isTransductive(augmentation as Pick<StepDefinition, 'transductive'>, { params: {}, inputs: { references: ['r'], queries: ['q'] } })).toBe(true)
})
