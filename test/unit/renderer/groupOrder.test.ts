import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeGroupOrder } from '../../../renderer/features/duplicates/groupOrder.ts'

describe('the order of groups on the screen', () => {
  test('a decided group that left the filter keeps its place', () => {
    expect(mergeGroupOrder({ shown: [1, 2, 3], fresh: [1, 3], existing: [1, 2, 3] })).toEqual([1, 2, 3])
  })

  test('a pinned keeper renames its group in place', () => {
    expect(mergeGroupOrder({ shown: [1, 2, 3], fresh: [1, 20, 3], existing: [1, 20, 3], acted: 2, renamed: new Map([[2, 20]]) })).toEqual([1, 20, 3])
  })

  test('what a broken group became stands where it was', () => {
    expect(mergeGroupOrder({ shown: [1, 2, 3], fresh: [1, 2, 21, 3], existing: [1, 2, 21, 3], acted: 2 })).toEqual([1, 2, 21, 3])
    expect(mergeGroupOrder({ shown: [1, 2, 3], fresh: [40, 1, 3], existing: [1, 40, 3], acted: 2 })).toEqual([1, 40, 3])
  })

  test('a group that exists no more goes', () => {
    expect(mergeGroupOrder({ shown: [1, 2, 3], fresh: [1, 3], existing: [1, 3] })).toEqual([1, 3])
  })

  test('a group that came back enters after the one before it', () => {
    expect(mergeGroupOrder({ shown: [1, 3], fresh: [1, 2, 3], existing: [1, 2, 3] })).toEqual([1, 2, 3])
    expect(mergeGroupOrder({ shown: [1, 3], fresh: [0, 1, 3], existing: [0, 1, 3] })).toEqual([0, 1, 3])
  })

  test('every group of the filter is there once, and what stays keeps its order', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }))
    fc.assert(fc.property(ids, ids, ids, fc.option(fc.integer({ min: 0, max: 60 })), (shown, fresh, decided, acted) => {
      const existing = [...new Set([...fresh, ...decided])]
      const merged = mergeGroupOrder({ shown, fresh, existing, acted: acted ?? undefined })
      expect(new Set(merged).size).toBe(merged.length)
      for (const id of fresh) expect(merged).toContain(id)
      expect(merged.filter((id) => shown.includes(id))).toEqual(shown.filter((id) => existing.includes(id)))
    }))
  })
})
