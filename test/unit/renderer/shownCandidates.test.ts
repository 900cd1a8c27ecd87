import { expect, test } from 'vitest'
import { shownCandidates } from '../../../renderer/features/labels/shownCandidates.ts'

const candidate = (classId: number, score: number) => ({ classId, className: `class ${classId}`, score, nearest: null, exemplars: [] })

test('a digit picks only a candidate that has a card', () => {
  const candidates = [0.9, 0.05, 0.002, 0.009, 0.001].map((score, index) => candidate(index, score))
  expect(shownCandidates({ candidates }).map(({ classId }) => classId)).toEqual([0, 1, 2])
  expect(shownCandidates({ candidates: Array.from({ length: 12 }, (_, index) => candidate(index, 0.08)) })).toHaveLength(9)
})
