import { expect, test } from 'vitest'
import { recipe } from '../../../core/contract/recipes.ts'
import { auditedRecipe } from '../../../renderer/features/matches/auditedRecipe.ts'
import { bulkWords, ordinal, partWords, scoreText, shownTrail } from '../../../renderer/features/matches/matchWords.ts'

test('scores of every kind', () => {
  expect([0.7, 1, -0.4321, 12.34, 248, -1234.5, 0, 2e7, -0.0001].map(scoreText)).toEqual(['0.700', '1.000', '−0.432', '12.3', '248', '−1235', '0.000', '2.0e+7', '0.000'])
})

test('ordinals', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 101, 111, 112].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '101st', '111th', '112th'])
})

test('a trail without the steps that changed nothing; the later name stays', () => {
  const entry = (step: string, rank: number | null, score: number | null) => ({ step, title: step, rank, score, of: 10 })
  const steps = (trail: ReturnType<typeof entry>[]): string[] => shownTrail(trail).map(({ step }) => step)
  expect(steps([entry('a', 3, 0.5), entry('b', 3, 0.5), entry('c', 1, 0.5), entry('d', 1, 0.5)])).toEqual(['b', 'd'])
  expect(steps([entry('a', null, null), entry('b', 2, 0.1)])).toEqual(['a', 'b'])
  expect(steps([])).toEqual([])
})

test('what of a picture was looked at', () => {
  const whole = { part: 0, box: null, turn: 0, mirrored: false, small: false }
  expect(partWords(whole)).toBeNull()
  expect(partWords({ ...whole, turn: 3 })).toBe('turned by 270°')
  expect(partWords({ ...whole, box: { left: 0, top: 0, width: 20, height: 10 }, mirrored: true })).toBe('part 20 × 10, mirrored')
})

test('the bulk button counts', () => {
  expect(bulkWords({ pairs: 0, queries: 0 }, 0.5)).toBe('No open pair at 0.500 or more')
  expect(bulkWords({ pairs: 1, queries: 1 }, 0.5)).toBe('Accept 1 pair of 1 query')
  expect(bulkWords({ pairs: 1200, queries: 24 }, 0.5)).toBe('Accept 1,200 pairs of 24 queries')
})

const step = (id: string, use: string, more: object = {}) => ({ id, use, ...more })
const plain = recipe.parse({ format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['lists'], options: { models: { title: 'Models', type: 'models', default: ['default'] } }, steps: [step('lists', 'match', { each: 'models' })] })

test('a recipe with what people said put in: everything before stays as it was', () => {
  const { request, step: audited } = auditedRecipe({ recipeBody: plain, options: { models: ['a'] }, overrides: { 'lists.k': 5 } }, 'lists.1', { keep: 'accepted', minScore: 0.5 })
  expect(audited).toBe('audited')
  expect(request).toMatchObject({ kind: 'recipe', options: { models: ['a'] }, set: { 'lists.k': 5 } })
  const body = recipe.parse(request.body)
  expect(body).toMatchObject({ name: 'mine-audited', title: 'Mine, audited', shows: ['audited', 'lists'] })
  expect(body.steps.slice(0, 1)).toEqual(plain.steps)
  expect(body.steps[1]).toMatchObject({ id: 'audited', use: 'human-decisions', from: { pairs: 'lists' }, with: { keep: 'accepted', minScore: 0.5 } })
})

test('it is measured where there is a truth, and an audited recipe can be audited again', () => {
  const known = recipe.parse({ ...plain, name: 'a'.repeat(64), steps: [step('t', 'truth'), ...plain.steps] })
  const { request } = auditedRecipe({ recipeBody: known, options: {}, overrides: {} }, 'lists', { keep: 'all', minScore: 0.5 })
  const body = recipe.parse(request.body)
  expect(body.steps.slice(2)).toMatchObject([{ id: 'audited', with: { keep: 'all' } }, { id: 'audited-score', use: 'metric', from: { truth: 't', result: 'audited' } }])
  expect(body.steps[2]?.with).not.toHaveProperty('minScore')
  const again = auditedRecipe({ recipeBody: body, options: {}, overrides: {} }, 'audited', { keep: 'all', minScore: null })
  expect(recipe.parse(again.request.body)).toMatchObject({ name: body.name, title: body.title })
  expect(again.step).toBe('audited-2')
})
