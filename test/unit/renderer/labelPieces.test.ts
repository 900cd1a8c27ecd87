import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LabelClass } from '../../../core/contract/labels.ts'
import { findClasses, newClassName } from '../../../renderer/features/labels/classSearch.ts'
import { bulkAcceptWords, scoreText, sheetWords, timeLeft } from '../../../renderer/features/labels/labelWords.ts'
import { FULL_RANGE, rangeFilter, withEnd } from '../../../renderer/features/labels/scoreRange.ts'
import { toggleMark, unmarked } from '../../../renderer/features/labels/wrongMarks.ts'

const entry = (id: number, name: string, given = 0): LabelClass => ({ id, name, given, human: 0, predicted: 0, exemplars: [] })
const classes = [entry(1, 'howler monkey', 5), entry(2, 'Monkey', 1), entry(3, 'spider monkey', 50), entry(4, 'Café', 2)]

describe('type to find a class', () => {
  test('the exact name comes first, then beginnings of names, then of words', () => {
    expect(findClasses(classes, 'monkey').map((match) => match.classId)).toEqual([2, 3, 1])
    expect(findClasses(classes, 'how')[0]?.classId).toBe(1)
    expect(findClasses(classes, 'cafe')[0]?.classId).toBe(4)
    expect(findClasses(classes, 'zebra')).toEqual([])
  })

  test('nothing typed gives the most used', () => {
    expect(findClasses(classes, '', 2).map((match) => match.classId)).toEqual([3, 1])
  })

  test('a new class is offered only where there is none of that name', () => {
    expect(newClassName(classes, '  red   panda ')).toBe('red panda')
    expect(newClassName(classes, ' MONKEY')).toBeNull()
    expect(newClassName(classes, '   ')).toBeNull()
  })
})

describe('words of the labels room', () => {
  test('counts and scores are spelled out and never flattered', () => {
    expect(bulkAcceptWords(312, 0.9)).toBe('Accept 312 predictions at 0.90 or more')
    expect(bulkAcceptWords(1, 0.9, 'howler')).toBe('Accept 1 prediction of howler at 0.90 or more')
    expect(scoreText(0.899)).toBe('0.89')
    expect(scoreText(0.29)).toBe('0.29')
    expect(sheetWords(118, 'howler', 3)).toBe('Accept 118 as howler · 3 wrong stay open')
    expect(sheetWords(118, 'howler', 0)).toBe('Accept 118 as howler')
  })

  test('time left follows the pace and is silent without one', () => {
    expect(timeLeft(212, 41)).toBe('5 min left')
    expect(timeLeft(212, 0)).toBe('')
    expect(timeLeft(10, 41)).toBe('under a minute left')
    expect(timeLeft(20_000, 40)).toBe('8.3 h left')
  })
})

test('the ends of the score range never cross, and a full range filters nothing', () => {
  expect(rangeFilter(FULL_RANGE)).toEqual({})
  expect(rangeFilter({ from: 0.2, to: 1 })).toEqual({ minScore: 0.2 })
  fc.assert(fc.property(fc.array(fc.record({ end: fc.constantFrom('from' as const, 'to' as const), at: fc.double({ min: -1, max: 2, noNaN: true }) })), (moves) => {
    const range = moves.reduce((now, { end, at }) => withEnd(now, end, at), FULL_RANGE)
    expect(range.from).toBeLessThanOrEqual(range.to)
    expect(range.from).toBeGreaterThanOrEqual(0)
    expect(range.to).toBeLessThanOrEqual(1)
  }))
})

test('the contact sheet accepts everything that is not marked wrong', () => {
  const marks = toggleMark(toggleMark(toggleMark(new Set(), 2), 3), 3)
  expect(unmarked(Int32Array.of(1, 2, 3), marks)).toEqual([1, 3])
})
