import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonErrorAt } from '../../../core/recipes/jsonPlace.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('agrees with JSON.parse on whole and on damaged texts, and what stands before the place could still be JSON', () => {
  const damage = fc.tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ',', '"', ']', '}', ':', '0', '\\', 'x', '\n', '\u0001', '-', '.', ' 1'))
  fc.assert(fc.property(damage, ([json, where, taken, put]) => {
    const at = where % (json.length + 1)
    for (const text of [json, JSON.stringify(JSON.parse(json), null, 2), json.slice(0, at) + put + json.slice(at + taken)]) {
      const place = jsonErrorAt(text)
      expect(place === null).toBe(isJson(text))
      // Nothing is wrong before the place: cut there, the text only ends too early.
      if (place !== null && place < text.length) expect([null, place, text.slice(0, place).trimEnd().length]).toContain(jsonErrorAt(text.slice(0, place)))
    }
  }), { numRuns: 500 })
})

test('the place of what people get wrong', () => {
  const line = (text: string): number => text.slice(0, jsonErrorAt(text) ?? 0).split('\n').length
  expect(line('{\n  "a": 1,\n  "b": oops\n}')).toBe(3)
  expect(line('{\n  "a": 1,\n}')).toBe(3)
  expect(line("{\n  'a': 1\n}")).toBe(2)
  expect(line('{\n  "a": [1, 2\n')).toBe(3)
  expect(line('{\n  "a": 1\n  "b": 2\n}')).toBe(3)
  expect(line('{}\n\n// end')).toBe(3)
})

test('a megabyte is looked through in no time', () => {
  expect(jsonErrorAt(`[${'{"a":[1,2]},'.repeat(80_000)}`)).toBe(960_001)
})
