import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { GridLayout, type GroupMark } from '../../../renderer/features/library/gridLayout.ts'

const grid = fc.record({
  count: fc.integer({ min: 1, max: 400 }), columns: fc.integer({ min: 1, max: 9 }), rowHeight: fc.integer({ min: 20, max: 200 }),
  starts: fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { maxLength: 12 })
}).map(({ count, columns, rowHeight, starts }) => {
  const marks: GroupMark[] = starts.filter((start) => start < count).toSorted((a, b) => a - b).map((index) => ({ label: `g${index}`, index }))
  return { count, columns, rowHeight, headerHeight: 30, marks }
})

test('every image stands in exactly one row, in order, and rows do not overlap', () => {
  fc.assert(fc.property(grid, (spec) => {
    const layout = new GridLayout(spec)
    const items = layout.itemsBetween(0, layout.height)
    const seen = items.flatMap((item) => (item.kind === 'row' ? Array.from({ length: item.count }, (_, i) => item.start + i) : []))
    expect(seen).toEqual(Array.from({ length: spec.count }, (_, i) => i))
    let bottom = 0
    for (const item of items) {
      expect(item.top).toBe(bottom)
      bottom = item.top + (item.kind === 'row' ? spec.rowHeight : spec.headerHeight)
    }
    expect(bottom).toBe(layout.height)
  }))
})

test('a window sees every row that touches it and no other', () => {
  fc.assert(fc.property(grid, fc.nat(3000), fc.integer({ min: 1, max: 900 }), (spec, from, height) => {
    const layout = new GridLayout(spec)
    const all = layout.itemsBetween(0, layout.height)
    const touching = all.filter((item) => item.top < from + height && item.top + (item.kind === 'row' ? spec.rowHeight : spec.headerHeight) > from)
    expect(layout.itemsBetween(from, from + height)).toEqual(touching)
  }))
})

test('an image is found where its row is, and down then up comes back to its row', () => {
  fc.assert(fc.property(grid, fc.nat(399), (spec, seed) => {
    const layout = new GridLayout(spec)
    const index = seed % spec.count
    const { top } = layout.placeOf(index)
    const row = layout.itemsBetween(top, top + 1).find((item) => item.kind === 'row')
    expect(row && index >= row.start && index < row.start + row.count).toBe(true)
    const down = layout.vertical(index, 1)
    if (down !== index && layout.placeOf(down).top > top) expect(layout.placeOf(layout.vertical(down, -1)).top).toBe(top)
  }))
})

test('a million images take no longer than a few groups', () => {
  const layout = new GridLayout({ count: 1_000_000, columns: 7, rowHeight: 154, marks: [], headerHeight: 30 })
  expect(layout.height).toBe(Math.ceil(1_000_000 / 7) * 154)
  expect(layout.itemsBetween(layout.height - 154, layout.height)).toEqual([{ kind: 'row', top: layout.height - 154, start: 999_999, count: 1 }])
})

test('steps by group go to starts', () => {
  const layout = new GridLayout({ count: 10, columns: 3, rowHeight: 10, headerHeight: 5, marks: [{ label: 'a', index: 0 }, { label: 'b', index: 4 }, { label: 'c', index: 8 }] })
  expect(layout.groupStep(1, 1)).toBe(4)
  expect(layout.groupStep(6, -1)).toBe(4)
  expect(layout.groupStep(4, -1)).toBe(0)
  expect(layout.groupStep(9, 1)).toBe(9)
  expect(layout.labelOf(5)).toBe('b')
})

test('an empty list has no height', () => {
  const layout = new GridLayout({ count: 0, columns: 3, rowHeight: 10, headerHeight: 5, marks: [] })
  expect(layout.height).toBe(0)
  expect(layout.itemsBetween(0, 100)).toEqual([])
  expect(layout.vertical(0, 1)).toBe(0)
})
