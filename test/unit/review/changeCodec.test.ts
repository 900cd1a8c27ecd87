import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeChanges, decodeKeys, encodeChanges } from '../../../core/review/changeCodec.ts'
import { ChangeTable, type Key } from '../../../core/review/changeTable.ts'
import { facetNames, facets, type ColumnKind, type FacetName, type Value } from '../../../core/review/facets.ts'

const id = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const valueOf = (kind: ColumnKind): fc.Arbitrary<Value> =>
  fc.option<string | number>(kind === 'text' ? fc.string({ unit: 'grapheme' }) : kind === 'int' ? id : fc.double({ noNaN: true }))
const recordOf = (facet: FacetName) => fc.tuple(...facets[facet].columns.map(valueOf))
const keyOf = (facet: FacetName): fc.Arbitrary<Key> =>
  facets[facet].key === 'pair' ? fc.tuple(hash, hash) : id
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))

const table = fc.constantFrom(...facetNames).chain((facet) =>
  fc.array(fc.tuple(keyOf(facet), recordOf(facet), fc.option(id), recordOf(facet)), { maxLength: 60 }).map((rows) => {
    const made = new ChangeTable(facet)
    for (const [key, before, act, after] of rows) made.add(key, before, act, after)
    return made
  })
)
const contentOf = (one: ChangeTable) => ({
  facet: one.facet,
  rows: Array.from({ length: one.rows }, (_, row) => [one.keyAt(row), one.beforeAt(row), one.beforeAct?.get(row), one.afterAt(row)])
})

describe('the record of an act', () => {
  test('comes back as it was written, whatever the changes', () => {
    fc.assert(
      fc.property(fc.array(table, { maxLength: 4 }), (tables) => {
        const blob = encodeChanges(tables)
        expect(decodeChanges(blob).map(contentOf)).toEqual(tables.map(contentOf))
        expect(decodeKeys(blob).map(({ keys, rows, width }) => [...keys.subarray(0, rows * width)])).toEqual(tables.map(({ keys, rows, width }) => [...keys.subarray(0, rows * width)]))
      })
    )
  })

  test('one decision takes less than 100 bytes; 100,000 alike take less than their ids', () => {
    const one = new ChangeTable('verdict')
    one.add(123_456, [null, null, null, null], null, ['drop', 'by hand', null, null])
    expect(encodeChanges([one]).length).toBeLessThan(100)
    const many = new ChangeTable('verdict')
    for (let image = 1; image <= 100_000; image++) many.add(image * 3, [null, null, null, null], null, ['drop', 'by hand', null, null])
    expect(encodeChanges([many]).length).toBeLessThan(10_000)
  })

  test('dictionaries of more than 255 and more than 65,535 texts come back', () => {
    for (const count of [255, 256, 300, 65_535, 65_536]) {
      const many = new ChangeTable('identity')
      for (let image = 0; image < count; image++) many.add(image, [null], null, [`cat ${image}`])
      const [back] = decodeChanges(encodeChanges([many]))
      expect(back?.afterAt(count - 1)).toEqual([`cat ${count - 1}`])
      expect(back?.afterAt(0)).toEqual(['cat 0'])
    }
  })

  test('a record that stays the same is no change', () => {
    const one = new ChangeTable('fold')
    expect(one.add(1, [3], null, [3])).toBe(false)
    expect(one.add(1, [3], null, [null])).toBe(true)
    expect(one.rows).toBe(1)
  })

  test('a blob that is cut short or of a newer version is refused', () => {
    const one = new ChangeTable('role')
    one.add(1, [null], null, ['test'])
    const blob = encodeChanges([one])
    expect(() => decodeChanges(blob.subarray(0, blob.length - 1))).toThrow(RangeError)
    expect(() => decodeChanges(Buffer.concat([Buffer.of(9), blob.subarray(1)]))).toThrow(/version 9/)
  })
})
