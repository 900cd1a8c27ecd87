import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recipe } from '../../../core/contract/recipes.ts'
import { bestCell, cellIndex, f1Of, firstCell, measured, type Move, moved, movedPicture, placeWithin, readAxis, shades, snapTo, trialOf, trialParameters } from '../../../renderer/features/clean/gridRules.ts'
import { quickRecipe } from '../../../renderer/features/clean/quickRecipe.ts'

const grid = {
  resultId: 1, runId: 2, step: 'grid', recipe: 'r', title: 't', madeAt: 0, evidence: 'inliers' as const, images: 10, classes: 2, values: [10, 20, 30], frequencies: [1, 3], leastImages: 2, pairs: 9,
  cells: { images: [9, 8, 7, 6, 4, 0], classes: [2, 2, 2, 2, 1, 0] }, recipeCell: { step: 'clean', v: 30, f: 3 }, pairsStep: 'verified',
  truth: { clean: 6, right: [6, 6, 6, 5, 4, 0], judged: [9, 8, 7, 5, 4, 0] }
}

describe('the grid of both thresholds', () => {
  test('cells have their place, and others have none', () => {
    expect([cellIndex(grid, { v: 10, f: 1 }), cellIndex(grid, { v: 20, f: 3 }), cellIndex(grid, { v: 30, f: 3 })]).toEqual([0, 3, 5])
    expect([cellIndex(grid, { v: 15, f: 1 }), cellIndex(grid, { v: 10, f: 2 })]).toEqual([-1, -1])
  })

  test('a cell that the grid does not have becomes its nearest; a screen begins at the recipe’s own', () => {
    expect(snapTo(grid, { v: 24, f: 9 })).toEqual({ v: 20, f: 3 })
    expect(firstCell(grid)).toEqual({ v: 30, f: 3 })
    expect(firstCell({ ...grid, recipeCell: null })).toEqual({ v: 20, f: 3 })
  })

  test('keys stay within the grid, and lead where they say', () => {
    const moves: Move[] = ['left', 'right', 'up', 'down', 'home', 'end', 'top', 'bottom']
    fc.assert(fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 20 }), (keys) => {
      const at = keys.reduce((now, key) => moved(grid, now, key), { v: 20, f: 1 })
      expect(cellIndex(grid, at)).toBeGreaterThanOrEqual(0)
    }))
    expect(moved(grid, { v: 20, f: 1 }, 'down')).toEqual({ v: 30, f: 1 })
    expect(moved(grid, { v: 30, f: 1 }, 'down')).toEqual({ v: 30, f: 1 })
    expect(moved(grid, { v: 20, f: 1 }, 'end')).toEqual({ v: 20, f: 3 })
    expect(moved(grid, { v: 20, f: 3 }, 'top')).toEqual({ v: 10, f: 3 })
  })

  test('precision and recall of a cell; none where nothing is kept or there is no truth', () => {
    expect(measured(grid, 'images', 3)).toBe(6)
    expect(measured(grid, 'precision', 0)).toBeCloseTo(6 / 9)
    expect(measured(grid, 'recall', 4)).toBeCloseTo(4 / 6)
    expect(measured(grid, 'precision', 5)).toBeNull()
    expect(measured({ ...grid, truth: null }, 'recall', 0)).toBeNull()
    expect(f1Of(grid, 3)).toBeCloseTo((2 * 5) / (5 + 6))
    expect(bestCell(grid)).toEqual({ v: 20, f: 1 })
    expect(bestCell({ ...grid, truth: null })).toBeNull()
  })

  test('colours span the grid from its least to its most', () => {
    expect(shades([2, 4, 3, null])).toEqual([0, 1, 0.5, null])
    expect(shades([7, 7])).toEqual([0.5, 0.5])
    expect(shades([null])).toEqual([null])
  })
})

describe('other thresholds', () => {
  test('values are read in any order and put from mild to strict', () => {
    expect(readAxis('30, 10;20 10', 'v', 'inliers')).toEqual({ values: [10, 20, 30] })
    expect(readAxis('30 10 20', 'v', 'mutual-rank')).toEqual({ values: [30, 20, 10] })
    expect(readAxis('3 1', 'f', 'mutual-rank')).toEqual({ values: [1, 3] })
    for (const [text, axis] of [['', 'v'], ['1.5', 'v'], ['x', 'f'], ['0', 'f'], ['256', 'f'], [Array.from({ length: 41 }, (_, i) => i + 1).join(), 'v']] as const) expect(readAxis(text, axis, 'inliers')).toHaveProperty('problem')
  })

  test('what is as in the run is no trial; the recipe’s cell moves along where it must', () => {
    expect(trialOf(grid, { leastImages: 2, values: [10, 20, 30] })).toBeNull()
    expect(trialOf(grid, { leastImages: 3, values: [10, 20, 30] })).toEqual({ leastImages: 3 })
    expect(trialParameters(grid, { leastImages: 3 })).toEqual({ 'grid.leastImages': 3 })
    expect(trialParameters(grid, { values: [5, 28] })).toEqual({ 'grid.values': [5, 28], 'clean.v': 28 })
    expect(trialParameters({ ...grid, recipeCell: null }, { frequencies: [2] })).toEqual({ 'grid.frequencies': [2] })
  })
})

test('in the two sheets of pictures every key leads to a picture', () => {
  const keys = ['left', 'right', 'up', 'down', 'home', 'end', 'next', 'previous'] as const
  fc.assert(fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom(...keys), { maxLength: 30 }), (kept, dropped, columns, pressed) => {
    fc.pre(kept + dropped > 0)
    let at = { side: kept > 0 ? ('kept' as const) : ('dropped' as const), index: 0 } as Parameters<typeof movedPicture>[0]
    for (const key of pressed) at = movedPicture(at, key, { kept, dropped }, columns)
    expect(at.index).toBeGreaterThanOrEqual(0)
    expect(at.index).toBeLessThan({ kept, dropped }[at.side])
  }))
  const counts = { kept: 5, dropped: 4 }
  expect(movedPicture({ side: 'kept', index: 4 }, 'next', counts, 3)).toEqual({ side: 'dropped', index: 0 })
  expect(movedPicture({ side: 'kept', index: 2 }, 'right', counts, 3)).toEqual({ side: 'dropped', index: 0 })
  expect(movedPicture({ side: 'dropped', index: 3 }, 'left', counts, 3)).toEqual({ side: 'kept', index: 4 })
  expect(movedPicture({ side: 'kept', index: 2 }, 'down', counts, 3)).toEqual({ side: 'kept', index: 4 })
})

test('a picture that is gone gives the cursor to its neighbour, or to the other side', () => {
  const at = { side: 'dropped', index: 4 } as const
  expect(placeWithin(at, { kept: 1, dropped: 5 })).toBe(at)
  expect(placeWithin(at, { kept: 1, dropped: 3 })).toEqual({ side: 'dropped', index: 2 })
  expect(placeWithin(at, { kept: 1, dropped: 0 })).toEqual({ side: 'kept', index: 0 })
  const first = placeWithin(at, { kept: 0, dropped: 0 })
  expect(first).toEqual({ side: 'dropped', index: 0 })
  expect(placeWithin(first, { kept: 0, dropped: 0 })).toBe(first)
})

test('the quick part of a cleaning recipe: all that leads to the sweep over ranks, nothing that verifies', () => {
  const whole = recipe.parse({
    format: 'winnow-recipe-1', name: 'mine', title: 'Mine', shows: ['grid'],
    steps: [
      { id: 'images', use: 'select' }, { id: 'truth', use: 'truth', from: { queries: 'images' } }, { id: 'vectors', use: 'embed', from: { images: 'images' } }, { id: 'pairs', use: 'same-label-neighbours', from: { vectors: 'vectors' } },
      { id: 'verified', use: 'verify', from: { pairs: 'pairs' } }, { id: 'grid', use: 'clean-sweep', from: { pairs: 'verified' } },
      { id: 'mutual', use: 'mutual-neighbours', from: { pairs: 'pairs' } }, { id: 'by-rank', use: 'clean-sweep', from: { pairs: ['mutual'] }, with: { evidence: 'mutual-rank' } }
    ]
  })
  const quick = quickRecipe(whole)
  expect(quick.steps.map(({ id }) => id)).toEqual(['images', 'truth', 'vectors', 'pairs', 'mutual', 'by-rank'])
  expect(quick).toMatchObject({ name: 'mine-quick', shows: ['by-rank'] })
  expect(recipe.safeParse(quick).success).toBe(true)
  expect(() => quickRecipe({ ...whole, steps: whole.steps.slice(0, 4) })).toThrow('no sweep')
})
