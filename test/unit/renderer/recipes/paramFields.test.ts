import { expect, test } from 'vitest'
import { catalogue } from '../../../../core/recipes/catalogue.ts'
import { fieldText, paramFields, rangeWords, readField, stepOf } from '../../../../renderer/features/recipes/rules/paramFields.ts'

test('every parameter of every step has a field that shows its default and reads it back', async () => {
  for (const { use, params } of await catalogue()) {
    for (const field of paramFields(params)) {
      expect(field.about, `${use}.${field.name}`).not.toBe('')
      if (field.control === 'choice') expect(field.choices.length).toBeGreaterThan(0)
      if (!['numbers', 'texts', 'json'].includes(field.control) || field.fallback === undefined) continue
      const empty = Array.isArray(field.fallback) && field.fallback.length === 0
      expect(readField(field, fieldText(field, field.fallback)), `${use}.${field.name}`).toEqual({ value: empty ? undefined : field.fallback })
    }
  }
})

test('kinds of fields', () => {
  const fields = paramFields({
    properties: {
      k: { type: 'integer', minimum: 1, maximum: 9007199254740991, default: 10, description: 'd' },
      threshold: { anyOf: [{ type: 'number', minimum: -1, maximum: 1 }, { type: 'null' }], default: null },
      either: { type: ['number', 'null'] },
      role: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      values: { type: 'array', items: { type: 'integer' } },
      plan: { type: 'object', properties: {} }
    }
  })
  expect(fields.map(({ control }) => control)).toEqual(['number', 'number', 'number', 'choices', 'numbers', 'json'])
  expect(fields[0]).toMatchObject({ whole: true, least: 1, most: null, fallback: 10, about: 'd' })
  expect(rangeWords(fields[0] ?? never())).toBe('whole, from 1')
  expect(rangeWords(fields[1] ?? never())).toBe('-1 to 1')
  expect(paramFields(null)).toEqual([])
})
const never = (): never => { throw new Error('no such field') }

test('what was typed', () => {
  expect(readField({ control: 'numbers', whole: false }, ' 0.9, 0.5 ')).toEqual({ value: [0.9, 0.5] })
  expect(readField({ control: 'numbers', whole: true }, '1, 2.5')).toHaveProperty('problem')
  expect(readField({ control: 'numbers', whole: false }, 'a')).toHaveProperty('problem')
  expect(readField({ control: 'json', whole: false }, '{')).toHaveProperty('problem')
  expect(readField({ control: 'texts', whole: false }, 'a, b ,')).toEqual({ value: ['a', 'b'] })
  expect(readField({ control: 'text', whole: false }, '  ')).toEqual({ value: undefined })
})

test('an arrow key moves finely where the range is small', () => {
  expect(stepOf({ whole: true, least: 1, most: 10 }, 3)).toBe(1)
  expect(stepOf({ whole: false, least: 0, most: 2 }, 0.35)).toBe(0.01)
  expect(stepOf({ whole: false, least: null, most: null }, 0.8)).toBe(0.01)
  expect(stepOf({ whole: false, least: 0, most: 1000 }, 4)).toBe(1)
})
