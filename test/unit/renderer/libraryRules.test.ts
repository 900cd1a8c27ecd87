import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dependsOnDecisions, filterChips, isFiltered, toggleValue } from '../../../renderer/features/library/filterWords.ts'
import { columnsFor, justify } from '../../../renderer/features/library/justify.ts'
import { rankByName } from '../../../renderer/features/library/rankByName.ts'
import { isSelected, nothing, range, selectedCount, toggle } from '../../../renderer/features/library/selectionRules.ts'
import { clampPlacement, fitScale, zoomAround } from '../../../renderer/features/library/zoomRules.ts'

describe('rows', () => {
  test('a full row fills the width exactly', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.1, max: 8, noNaN: true }), { minLength: 1, maxLength: 12 }), (aspects) => {
      const widths = justify(aspects, { width: 1000, height: 150, gap: 6, full: true })
      expect(widths.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1000 - 6 * (aspects.length - 1), 3)
    }))
  })
  test('a last short row is not blown up', () => {
    expect(justify([1.5], { width: 1000, height: 100, gap: 6, full: false })).toEqual([150])
  })
  test('there is always a column', () => {
    expect(columnsFor(0, 148, 6, 'justified')).toBe(1)
    expect(columnsFor(1000, 148, 6, 'square')).toBe(6)
  })
})

describe('selection', () => {
  const all = Int32Array.of(5, 9, 2, 7)
  test('a range takes both ends, in either direction', () => {
    expect(range(all, 2, 1)).toEqual(range(all, 1, 2))
    expect(range(all, 1, 2)).toEqual({ kind: 'some', ids: new Set([9, 2]) })
  })
  test('taking one out of everything leaves the others', () => {
    const selected = toggle({ kind: 'all' }, 9, all)
    expect(selectedCount(selected, all.length)).toBe(3)
    expect(isSelected(selected, 9)).toBe(false)
    expect(isSelected(toggle(nothing, 9, all), 9)).toBe(true)
  })
})

describe('filters', () => {
  const names = (id: number): string => `class${id}`
  test('each condition is a chip that can go alone', () => {
    const filter = { classId: [1, 2], verdict: ['keep' as const], text: 'a' }
    const chips = filterChips(filter, names, names)
    expect(chips.map((chip) => `${chip.name} ${chip.value}`)).toEqual(['Class class1 or class2', 'Verdict kept', 'Name contains “a”'])
    expect(chips[0]?.without).toEqual({ verdict: ['keep'], text: 'a' })
  })
  test('the last value takes its condition with it', () => {
    expect(toggleValue({ classId: [1] }, 'classId', 1)).toEqual({})
    expect(toggleValue({}, 'format', 'png')).toEqual({ format: ['png'] })
    expect(isFiltered({})).toBe(false)
    expect(isFiltered({ text: '' })).toBe(false)
  })
  test('a list by verdict changes with decisions, one by format does not', () => {
    expect(dependsOnDecisions({ verdict: ['undecided'] }, 'path')).toBe(true)
    expect(dependsOnDecisions({ format: ['png'] }, 'path')).toBe(false)
    expect(dependsOnDecisions({}, 'class')).toBe(true)
  })
})

test('names that start with what was typed come first, letters in order last', () => {
  const list = ['red howler', 'howler', 'gharial', 'hawk ridge', 'how_ler'].map((name) => ({ name }))
  expect(rankByName(list, 'how').map((one) => one.name)).toEqual(['howler', 'how_ler', 'red howler'])
  expect(rankByName(list, 'hwk').map((one) => one.name)).toEqual(['hawk ridge'])
  expect(rankByName(list, '')).toHaveLength(5)
})

describe('zoom', () => {
  const image = { width: 4000, height: 3000 }
  const room = { width: 800, height: 600 }
  test('fit shows the whole picture', () => expect(fitScale(image, room)).toBeCloseTo(0.2))
  test('the point under the pointer stays where it is while nothing is at an edge', () => {
    const start = { scale: 1, x: 0, y: 0 }
    const at = { x: 100, y: -50 }
    const zoomed = zoomAround(start, 2, at, image, room)
    expect((at.x - zoomed.x) / zoomed.scale).toBeCloseTo((at.x - start.x) / start.scale)
    expect((at.y - zoomed.y) / zoomed.scale).toBeCloseTo((at.y - start.y) / start.scale)
  })
  test('a picture cannot be pushed out of the window', () => {
    expect(clampPlacement({ scale: 0.2, x: 500, y: 500 }, image, room)).toEqual({ scale: 0.2, x: 0, y: 0 })
    expect(clampPlacement({ scale: 1, x: 9999, y: 0 }, image, room).x).toBe(1600)
  })
})
