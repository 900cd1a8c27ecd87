import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { byDecisions, type SaidOfPair } from '../../../core/recipes/byDecisions.ts'
import { withoutVetoed } from '../../../core/recipes/withoutVetoed.ts'

const id = fc.integer({ min: 1, max: 6 })
const pair = fc.tuple(id, id)
const columns = (rows: readonly (readonly [number, number])[]) => ({ a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b) })

test('vetoes take out the pairs that they name, in either order, and all pairs of an image', () => {
  fc.assert(fc.property(fc.array(pair), fc.uniqueArray(id), fc.array(pair), (rows, images, named) => {
    const ordered = named.map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
    const kept = withoutVetoed(columns(rows), { images: Int32Array.from(images), pairs: columns(ordered) })
    const expected = rows.flatMap(([a, b], i) => (images.includes(a) || images.includes(b) || named.some(([x, y]) => (x === a && y === b) || (x === b && y === a)) ? [] : [i]))
    expect([...kept]).toEqual(expected)
  }))
})

test('decisions hold in either order, and every accepted pair stands above every open one', () => {
  const value = fc.constantFrom<SaidOfPair['value']>('same', 'variant', 'different')
  const said = fc.uniqueArray(fc.record({ a: id, b: id, value }), { selector: ({ a, b }) => `${Math.min(a, b)} ${Math.max(a, b)}` })
  const rows = fc.array(fc.tuple(id, id, fc.float({ min: -2, max: 2, noNaN: true })))
  fc.assert(fc.property(rows, said, fc.constantFrom('refuse', 'open', 'accept'), fc.boolean(), (pairs, relations, variants, raise) => {
    const sorted = pairs.toSorted(([, , x], [, , y]) => y - x)
    const found = byDecisions({ ...columns(sorted.map(([a, b]) => [a, b])), scores: Float32Array.from(sorted, ([, , score]) => score) }, relations, { keep: 'all', variants, raise })
    const fates = sorted.map(([a, b]) => {
      const spoken = relations.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a))?.value
      return spoken === 'same' ? 'accepted' : spoken === 'different' ? 'refused' : spoken === 'variant' && variants !== 'open' ? (variants === 'accept' ? 'accepted' : 'refused') : 'open'
    })
    const rowsOf = (fate: string): number[] => fates.flatMap((each, i) => (each === fate ? [i] : []))
    expect([found.accepted, found.open, found.refused]).toEqual(['accepted', 'open', 'refused'].map((fate) => rowsOf(fate).length))
    expect([...found.kept]).toEqual(raise ? [...rowsOf('accepted'), ...rowsOf('open')] : fates.flatMap((fate, i) => (fate === 'refused' ? [] : [i])))
    if (raise && found.accepted > 0 && found.open > 0) expect(Math.min(...found.scores.subarray(0, found.accepted))).toBeGreaterThanOrEqual(Math.max(...found.scores.subarray(found.accepted)))
  }))
})
