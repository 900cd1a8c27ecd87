import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cropTemplateNames, fixedViews, isSmallPart, templateViews } from '../../../core/descriptors/crops.ts'
import { isPartId, partIds } from '../../../core/descriptors/partView.ts'

const sizes = fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) })

test('every box lies inside the picture and has pixels; every id is a part id and stands once', () => {
  fc.assert(
    fc.property(sizes, fc.uniqueArray(fc.constantFrom(...cropTemplateNames), { minLength: 1 }), ({ width, height }, templates) => {
      const views = fixedViews(templates, width, height)
      expect(new Set(views.map(({ part }) => part)).size).toBe(views.length)
      for (const { part, box } of views) {
        expect(isPartId(part)).toBe(true)
        if (!box) continue
        expect([box.left, box.top, box.width, box.height].every(Number.isInteger)).toBe(true)
        expect(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 && box.left + box.width <= width && box.top + box.height <= height).toBe(true)
      }
    })
  )
})

test('grids cover every pixel once', () => {
  fc.assert(
    fc.property(sizes, ({ width, height }) => {
      for (const template of ['quarters', 'ninths'] as const) {
        const area = templateViews(template, width, height).reduce((sum, { box }) => sum + (box?.width ?? 0) * (box?.height ?? 0), 0)
        expect(area).toBe(width * height)
      }
    })
  )
})

test('a part means the same in every template, so that a descriptor of it is made once', () => {
  const byPart = new Map<number, unknown>()
  for (const template of cropTemplateNames) {
    for (const view of templateViews(template, 640, 481)) {
      expect(byPart.get(view.part) ?? view).toEqual(view)
      byPart.set(view.part, view)
    }
  }
  expect([...byPart.keys()].sort((a, b) => a - b)).toEqual([partIds.whole, ...partIds.rotations, partIds.centre, ...partIds.sixths, partIds.flip, ...partIds.quarters, ...partIds.ninths, ...partIds.degradations])
})

test('templates have the sizes of the paper: nine query parts, nineteen reference parts', () => {
  expect(templateViews('query', 640, 480)).toHaveLength(9)
  expect(templateViews('reference', 640, 480)).toHaveLength(19)
  expect(templateViews('degradations', 640, 480).map(({ degrade }) => degrade)).toEqual([{ width: 60, height: 60 }, { width: 84, height: 60 }, { width: 60, height: 47 }])
})

test('a part is small by width or by height', () => {
  const [centre] = templateViews('centre', 640, 300)
  expect(centre && isSmallPart(centre, 640, 300, 150)).toBe(false)
  expect(centre && isSmallPart(centre, 640, 300, 151)).toBe(true)
  expect(isSmallPart({ box: null }, 640, 99, 100)).toBe(true)
})
