import { expect, test } from 'vitest'
import { boundWords, cellText, chooseWords, choiceWords, evidenceWords, keepsWords, pairWords, ruleWords, shareText, shortNumber } from '../../../renderer/features/clean/cleanWords.ts'

test('numbers fit into a cell and never say more than is true', () => {
  expect([0, 9999, 10_000, 99_949, 123_456, 999_499, 999_500, 4_132_914].map(shortNumber)).toEqual(['0', '9,999', '10.0k', '99.9k', '123k', '999k', '1.0M', '4.1M'])
  for (const value of [0, 9999, 99_999, 999_999, 4_132_914]) expect(shortNumber(value).length).toBeLessThanOrEqual(5)
  expect([null, 0, 0.9999, 1].map(shareText)).toEqual(['–', '0.00', '0.99', '1.00'])
  expect([cellText('images', 4100), cellText('recall', 0.84), cellText('precision', null)]).toEqual(['4,100', '0.84', '–'])
})

test('the rule in words, for inliers and for ranks', () => {
  expect(ruleWords('inliers', { v: 30, f: 3 })).toBe('at least 3 pairs with at least 30 inliers')
  expect(ruleWords('inliers', { v: 1, f: 1 })).toBe('at least 1 pair with at least 1 inlier')
  expect(ruleWords('mutual-rank', { v: 50, f: 1 })).toBe('at least 1 pair among each other’s nearest 50')
  expect([boundWords('inliers', 30), boundWords('mutual-rank', 1000)]).toEqual(['≥ 30', '≤ 1,000'])
  expect(keepsWords({ images: 168, classes: 12 }, 121, 12)).toBe('keeps 121 of 168 images (72\u00a0%) and 12 of 12 classes')
})

test('what choosing does, spelled out', () => {
  const images = { kept: 5, tooFewPairs: 3, classTooSmall: 1 }
  expect(choiceWords({ images, choice: { drops: 4, droppedAlready: 0, spared: 0, returns: 0, keptButDropped: 0 } }, 2)).toEqual(['Not kept: 4 images (3 with too few pairs, 1 of classes with fewer than 2 clean images).'])
  const all = choiceWords({ images, choice: { drops: 1, droppedAlready: 1, spared: 2, returns: 3, keptButDropped: 1 } }, 2).join(' ')
  expect(all).toContain('1 of them is dropped already.')
  expect(all).toContain('2 stay: kept by a person, or protected.')
  expect(all).toContain('1 image that this cell keeps is dropped otherwise; choosing does not bring it back.')
  expect(all).toContain('3 images that a cell chosen before dropped come back.')
  expect(choiceWords({ images: { kept: 5, tooFewPairs: 0, classTooSmall: 0 }, choice: { drops: 0, droppedAlready: 0, spared: 0, returns: 0, keptButDropped: 0 } }, 2)).toHaveLength(1)
  expect([[0, 0], [1, 0], [4700, 0], [0, 1], [2, 5]].map(([drops = 0, returns = 0]) => chooseWords({ drops, returns }))).toEqual(['Nothing to drop', 'Drop 1 image', 'Drop 4,700 images', 'Bring back 1 image', 'Drop 2, bring back 5 images'])
  expect(chooseWords(undefined)).toBe('Counting…')
})

test('what speaks for a picture', () => {
  expect(evidenceWords('inliers', { pairs: 3, strongest: 52 })).toBe('3 pairs · best 52')
  expect(evidenceWords('mutual-rank', { pairs: 255, strongest: 1 })).toBe('255+ pairs · rank 1')
  expect(evidenceWords('inliers', { pairs: 0, strongest: 0 })).toBe('no pair')
  expect(evidenceWords('inliers', { pairs: 1, strongest: null })).toBe('1 pair')
  expect([pairWords('inliers', 1), pairWords('mutual-rank', 7), pairWords('mutual-rank', 0)]).toEqual(['1 inlier', 'rank 7', 'found from one side only'])
})
