import { describe, expect, test } from 'vitest'
import { scoreAnswers } from '../../../core/sample/score.ts'
import type { SampleTruth } from '../../../core/sample/truth.ts'

const image = (path: string, own: Partial<SampleTruth['images'][number]> = {}): SampleTruth['images'][number] => ({ path, class: 'city', folder: 'city', copyOf: null, edit: null, corrupt: false, ...own })
const truth: SampleTruth = {
  version: 1, seed: 1, count: 6,
  images: [image('a'), image('a1', { copyOf: 'a', edit: 'exact' }), image('a2', { copyOf: 'a', edit: 'crop' }), image('b', { folder: 'forest' }), image('c', { class: 'forest' }), image('x', { corrupt: true })]
}

describe('the score of a sample', () => {
  test('is whole where everything is found and nothing else', () => {
    const score = scoreAnswers(truth, { groups: [['a', 'a1', 'a2']], predictions: new Map([['b', 'city'], ['c', 'forest']]) })
    expect(score.pairs).toEqual({ found: 3, planted: 3, right: 3, precision: 1, recall: 1 })
    expect(score.predictions).toEqual({ judged: 2, right: 2, accuracy: 1 })
    expect(score.byEdit).toEqual({ exact: { planted: 1, found: 1 }, crop: { planted: 1, found: 1 } })
    expect(score.wrongLabels).toBe(2)
  })

  test('counts what is wrong in a group, and what is missing', () => {
    const score = scoreAnswers(truth, { groups: [['a', 'a1', 'b'], ['c', 'a2']], predictions: new Map([['b', 'forest']]) })
    expect(score.pairs).toMatchObject({ found: 4, planted: 3, right: 1, precision: 0.25 })
    expect(score.pairs.recall).toBeCloseTo(1 / 3)
    expect(score.byEdit.crop).toEqual({ planted: 1, found: 0 })
    expect(score.predictions.accuracy).toBe(0)
  })

  test('has nothing to say where nothing was answered', () => {
    expect(scoreAnswers(truth, { groups: [], predictions: new Map() })).toMatchObject({ pairs: { precision: null, recall: 0 }, predictions: { accuracy: null } })
  })
})
