import { describe, expect, test } from 'vitest'
import { decisionsPerMinute } from '../../../core/review/pace.ts'
import { sentences } from '../../../core/review/sentences.ts'
import { TurnStacks } from '../../../core/review/turns.ts'

const replay = (...lines: [id: number, kind: string, turns: number | null][]): TurnStacks => {
  const stacks = new TurnStacks()
  for (const [id, kind, turns] of lines) stacks.add({ id, kind, turns })
  return stacks
}

describe('undo and redo follow from the log', () => {
  test('an undo moves the newest act; a redo moves it back', () => {
    expect(replay([1, 'verdict', null], [2, 'label', null], [3, 'undo', 2])).toMatchObject({ undo: [1], redo: [2] })
    expect(replay([1, 'verdict', null], [2, 'label', null], [3, 'undo', 2], [4, 'redo', 2])).toMatchObject({ undo: [1, 2], redo: [] })
  })
  test('something new ends redo', () => {
    expect(replay([1, 'verdict', null], [2, 'undo', 1], [3, 'label', null])).toMatchObject({ undo: [3], redo: [] })
  })
  test('a log that turns an act out of order is refused', () => {
    expect(() => replay([1, 'verdict', null], [2, 'label', null], [3, 'undo', 1])).toThrow(/act 1 out of order/)
  })
})

describe('decisions a minute', () => {
  test('a decision every two seconds is 30 a minute, whatever pauses lie between', () => {
    expect(decisionsPerMinute([10_000, 8_000, 6_000, 4_000])).toBe(30)
    expect(decisionsPerMinute([1_000_000, 998_000, 8_000, 6_000])).toBe(30)
  })
  test('one decision, or none, has no pace; decisions of one instant do not divide by zero', () => {
    expect(decisionsPerMinute([])).toBe(0)
    expect(decisionsPerMinute([5])).toBe(0)
    expect(decisionsPerMinute([5, 5, 5])).toBeLessThan(Infinity)
  })
  test('only the last five minutes of activity count', () => {
    const slowThenFast = [...Array.from({ length: 400 }, (_, i) => 2_000_000 - i * 1000), ...Array.from({ length: 50 }, (_, i) => 1_600_000 - i * 30_000)]
    expect(decisionsPerMinute(slowThenFast)).toBe(60)
  })
})

describe('sentences', () => {
  test('say what was done with numbers that can be read', () => {
    expect(sentences.acceptGroups(12, 4, 0, 0)).toBe('Dropped 12 images as duplicates of 4')
    expect(sentences.acceptGroups(1, 1, 2, 1)).toBe('Dropped 1 image as a duplicate of 1; 2 images that a person kept stay; 1 group left open, because the keeper had been dropped')
    expect(sentences.label(3, 'class', 'howler')).toBe('Labelled 3 images howler')
    expect(sentences.verdict(12_345, 'drop')).toBe('Dropped 12,345 images')
    expect(sentences.acceptPredictions(45, 0.8, 1)).toBe('Accepted 45 predicted labels with a score of 0.80 or more; 1 image that a person had labelled was left as it was')
  })
})
