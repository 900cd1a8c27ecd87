import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Recipe, recipe as recipeSchema, type RecipeSummary } from '../../../../core/contract/recipes.ts'
import { withValue } from '../../../../core/recipes/withValue.ts'
import { domainOf, nearest, place, thinned, tightDomain, ticks } from '../../../../renderer/features/recipes/rules/chartScale.ts'
import { asName, copyTitle, freeName, withFound, withSet } from '../../../../renderer/features/recipes/rules/copies.ts'
import { besides, withExtension } from '../../../../renderer/features/recipes/rules/exportPath.ts'
import { differenceText, metricRows, metricText, shortHeadline } from '../../../../renderer/features/recipes/rules/metricRows.ts'
import { sameOptions, sameValue, withOption } from '../../../../renderer/features/recipes/rules/options.ts'
import { placeWords, planWords } from '../../../../renderer/features/recipes/rules/planWords.ts'
import { neighbour, shownRecipes } from '../../../../renderer/features/recipes/rules/recipeList.ts'
import { briefColumns, columnTitle, plainFacts } from '../../../../renderer/features/recipes/rules/resultColumns.ts'
import { roleNeeds } from '../../../../renderer/features/recipes/rules/roleCheck.ts'

const recipe: Recipe = recipeSchema.parse({
  format: 'winnow-recipe-1', name: 'near', title: 'Near', options: { model: { title: 'Model', type: 'model', default: 'default' }, models: { title: 'Models', type: 'models', default: ['default'] }, truth: { title: 'Ground truth', type: 'file' } },
  steps: [
    { id: 'queries', use: 'select', with: { role: ['query'] } }, { id: 'all', use: 'select', with: { role: ['train'], orAll: true } }, { id: 'negatives', use: 'select', with: { role: ['negative'] }, when: 'truth' },
    { id: 'match', use: 'match', title: 'Match', with: { k: 10 }, foundWith: { k: 'other' } }
  ], shows: ['match']
})

describe('names of copies', () => {
  test('are free and count on', () => {
    expect(freeName('near', new Set(['near']))).toBe('near-copy')
    expect(freeName('near-copy', new Set(['near', 'near-copy']))).toBe('near-copy-2')
    expect(copyTitle(copyTitle('Near'))).toBe('Near (copy)')
  })
  test('any name leads to one that the engine takes, whatever it is', () => {
    const slug = recipeSchema.shape.name
    fc.assert(fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,63}$/), (name) => slug.safeParse(freeName(name, new Set([name]))).success))
    fc.assert(fc.property(fc.string(), (typed) => asName(typed) === '' || slug.safeParse(asName(typed)).success))
  })
})

test('values go into their steps', () => {
  expect(withSet(recipe, { 'match.k': 20 }).steps[3]).toMatchObject({ with: { k: 20 }, foundWith: { k: 'other' } })
  const found = { step: 'match', param: 'k', best: 4, models: ['basic'] }
  expect({ ...withFound(recipe, found), name: 'mine' }).toEqual(withValue(recipe, 'mine', found))
})

test('options: what is empty is as the recipe says; order does not matter', () => {
  expect(withOption({ truth: '/a' }, 'truth', '')).toEqual({})
  expect(withOption({}, 'mutual', false)).toEqual({ mutual: false })
  expect(sameOptions(recipe, {}, { model: 'default', models: 'default' })).toBe(true)
  expect(sameOptions(recipe, {}, { truth: '/a' })).toBe(false)
  expect(sameValue({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
})

test('roles that are looked for', () => {
  const counts = new Map([['query', 3]])
  expect(roleNeeds(recipe, {}, counts)).toEqual([{ roles: ['query'], images: 3 }])
  expect(roleNeeds(recipe, { truth: '/a' }, counts)).toEqual([{ roles: ['query'], images: 3 }, { roles: ['negative'], images: 0 }])
})

test('problems are named by what people see', () => {
  expect(placeWords('options.truth', recipe)).toBe('Ground truth')
  expect(placeWords('steps[3].with.k', recipe)).toBe('Match: k')
  expect(placeWords('match.k', recipe)).toBe('Match: k')
  expect(placeWords('options', recipe)).toBe('')
  expect(placeWords('shows[0]', recipe)).toBe('shows[0]')
})

test('what would run', () => {
  const steps = (kept: number, left: number) => ({ steps: [...Array.from({ length: kept }, () => 'kept'), ...Array.from({ length: left }, () => 'to-run')].map((state) => ({ state })) }) as unknown as Parameters<typeof planWords>[0]
  expect(planWords(steps(0, 4))).toBe('4 steps to run.')
  expect(planWords(steps(12, 3))).toBe('3 of 15 steps to run; the others are kept.')
  expect(planWords(steps(2, 0))).toBe('All 2 steps are there already.')
})

describe('the list', () => {
  const summary = (name: string, title: string, builtIn = true): RecipeSummary => ({ name, title, about: '', source: '', builtIn, steps: 1, valid: true, lastRun: null })
  const list = [summary('mine', 'Alpha', false), summary('b', 'Beta'), summary('c', 'Gamma delta')]
  test('own ones stand below; every typed word must be found', () => {
    expect(shownRecipes(list, '').map(({ name }) => name)).toEqual(['b', 'c', 'mine'])
    expect(shownRecipes(list, 'delta gam').map(({ name }) => name)).toEqual(['c'])
  })
  test('neighbours stop at the ends', () => {
    expect(neighbour(['a', 'b'], 'a', -1)).toBe('a')
    expect(neighbour(['a', 'b'], 'a', 1)).toBe('b')
    expect(neighbour(['a', 'b'], 'gone', 1)).toBe('a')
    expect(neighbour([], null, 1)).toBeNull()
  })
})

test('numbers side by side', () => {
  const metric = (name: string, value: number | null, higherIsBetter = true) => ({ name, value, about: '', higherIsBetter })
  const rows = metricRows([metric('uAP', 0.5), metric('time', 3, false), metric('new', 1), metric('none', null)], [metric('uAP', 0.4), metric('time', 2, false), metric('none', 1)])
  expect(rows.map(({ better, difference }) => [better, difference === null ? null : Number(difference.toFixed(3))])).toEqual([[true, 0.1], [false, 1], [null, null], [null, null]])
  expect(metricText(null)).toBe('not defined')
  expect(differenceText(-0.25)).toBe('−0.2500')
  expect(differenceText(0)).toBe('same')
})

test('columns for a narrow place', () => {
  const columns = [{ name: 'query', type: 'image' }, { name: 'queryPart', type: 'number' }, { name: 'reference', type: 'image' }, { name: 'score', type: 'number' }] as const
  expect(briefColumns([...columns])).toEqual([0, 2, 3])
  expect(columnTitle('referencePart')).toBe('reference part')
  expect(plainFacts({ file: 'x', queries: 1200, models: ['basic'], values: [{ a: 1 }], on: true })).toEqual([['queries', '1,200'], ['models', 'basic'], ['on', 'yes']])
})

describe('charts', () => {
  test('shares have one scale, others their own', () => {
    expect(domainOf([0.2, 0.4])).toEqual({ from: 0, to: 1 })
    expect(domainOf([-2, 5])).toEqual({ from: -2, to: 5 })
    expect(domainOf([])).toEqual({ from: 0, to: 1 })
    const tight = tightDomain([0.5, 0.6])
    expect(place(0.55, tight, 100)).toBeCloseTo(50)
  })
  test('ticks lie within and are evenly spaced', () => {
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (from, span) => {
      const found = ticks({ from, to: from + span })
      return found.length <= 12 && found.every((tick) => tick >= from - span * 1e-6 && tick <= from + span * (1 + 1e-6))
    }))
    expect(ticks({ from: 0, to: 1 })).toEqual([0, 0.5, 1])
  })
  test('thinning keeps both ends', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 5000 }), (count) => {
      const shown = thinned(count, 400)
      return shown[0] === 0 && shown.at(-1) === count - 1 && shown.length <= 400
    }))
  })
  test('the nearest point', () => expect(nearest([0, 10, 20], [0, 0, 0], { x: 12, y: 5 })).toBe(1))
})

test('paths of exports', () => {
  expect(besides('/home/me/birds.winnow/', 'near')).toBe('/home/me/near')
  expect(besides('C:\\me\\birds.winnow', 'near')).toBe('C:\\me\\near')
  expect(withExtension('/a/b.csv', 'npz')).toBe('/a/b.npz')
  expect(withExtension('/a.d/b', '.npz')).toBe('/a.d/b.npz')
})

test('the headline of a list: two numbers, or the words of the main step', () => {
  expect(shortHeadline('uAP 0.9120, R@P90 0.8740, recall@1 0.9000')).toBe('uAP 0.9120 · R@P90 0.8740')
  expect(shortHeadline('uAP 0.9120')).toBe('uAP 0.9120')
  expect(shortHeadline('10 references for each of 200 queries, of 600')).toBe('10 references for each of 200 queries, of 600')
})
