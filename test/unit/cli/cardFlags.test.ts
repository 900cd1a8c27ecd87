import { expect, test } from 'vitest'
import { flagFor, saidByAnswer, saidByFlags, textAt, unanswered, withSaid } from '../../../core/cli/cardFlags.ts'
import { modelCard } from '../../../core/contract/models.ts'

const draft = modelCard.parse({ id: 'a', name: 'A', file: 'a.onnx', sha256: '0'.repeat(64), input: { name: 'x', width: 224, height: 224 }, output: { name: 'y', dim: 8 }, licence: 'unknown', source: 'unknown' })

test('flags answer what the file cannot say', () => {
  const said = saidByFlags({ values: 'imagenet', size: { width: 640, height: 480 }, resize: 'crop', cropFraction: 0.875, colour: 'BGR', normalise: false, threshold: 0.9, floor: 0.6, licence: 'MIT', quiet: true })
  expect(withSaid(draft, said)).toMatchObject({
    input: { width: 640, height: 480, name: 'x' },
    resize: { mode: 'crop', cropFraction: 0.875, interpolation: 'bilinear' },
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    scale: 1,
    colour: 'BGR',
    normalise: false,
    licence: 'MIT',
    nearDuplicate: { threshold: 0.9, floor: 0.6 }
  })
})

test('only questions without an answer are asked, with the flag that answers them', () => {
  const questions = ['mean', 'colour', 'input.width'].map((field) => ({ field, question: '?' }))
  const said = saidByFlags({ values: 'clip', size: { width: 8, height: 8 } })
  expect(unanswered({ file: '', bytes: 0, sha256: '', inputs: [], outputs: [], draft, questions, notes: [] }, said).map(({ field }) => field)).toEqual(['colour'])
  expect([flagFor('mean'), flagFor('input.width'), flagFor('output.pooling')]).toEqual(['--values', '--size', '--pooling'])
})

test('an answer is read as the flag is, and the suggestion can be given back', () => {
  expect([...saidByAnswer('mean', '0.5,0.5,0.5')]).toEqual([['mean', [0.5, 0.5, 0.5]]])
  expect(Object.fromEntries(saidByAnswer('mean', 'minus-one-to-one'))).toEqual({ scale: 2, mean: [1, 1, 1], std: [1, 1, 1] })
  expect(() => saidByAnswer('colour', 'green')).toThrow('one of RGB, BGR')
  expect(textAt(draft, 'mean')).toBe('zero-to-one')
  for (const field of ['mean', 'colour', 'input.width', 'resize.mode', 'licence', 'output.dim', 'output.pooling']) {
    expect(withSaid(draft, saidByAnswer(field, textAt(draft, field)))).toEqual(draft)
  }
})

test('a card that is not whole is refused by field', () => {
  expect(() => withSaid(draft, new Map<string, unknown>([['output.dim', 1], ['id', 'Not An Id']]))).toThrow(/id: lower-case.*output\.dim|output\.dim.*id: lower-case/s)
})
