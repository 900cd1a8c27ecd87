import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { distanceToBorder, sortByDistance } from '../../../core/clean/borderOrder.ts'
import { classTooSmall, kept, tooFewPairs } from '../../../core/clean/cell.ts'

const values = [10, 20, 30]
/** One image: its pairs at 10, 20 and 30; the cell is v = 20, f = 3. */
const distance = (counts: [number, number, number], fate: number): number =>
  distanceToBorder({ images: 1, counts: Uint8Array.from(counts) }, { fates: Uint8Array.of(fate) }, { values }, { v: 20, f: 3 })(0)

test('who would change sides by one step is nearer than who needs more, and a clean image without company is nearest', () => {
  const keptOnes = [[9, 3, 0], [9, 3, 3], [9, 5, 1], [9, 5, 4], [99, 60, 40]] as [number, number, number][]
  // Gone at f = 4 and at v = 30; gone at f = 4; gone at v = 30; gone at f = 6, past every v; safe.
  const far = keptOnes.map((counts) => distance(counts, kept))
  expect(far).toEqual(far.toSorted((a, b) => a - b))
  const droppedOnes = [[3, 2, 0], [2, 2, 0], [9, 0, 0], [1, 1, 0], [0, 0, 0]] as [number, number, number][]
  const back = droppedOnes.map((counts) => distance(counts, tooFewPairs))
  expect(distance([9, 9, 9], classTooSmall)).toBeLessThan(Math.min(...back))
  expect(back[0]).toBeLessThan(Math.min(...back.slice(1)))
  expect(back[4]).toBe(Math.max(...back))
  for (const one of [...far, ...back]) expect(one).toBeGreaterThanOrEqual(0)
})

test('the sort is that of the distances, and stable', () => {
  fc.assert(fc.property(fc.array(fc.nat(40), { maxLength: 60 }), (distances) => {
    const rows = Int32Array.from(distances.keys())
    const expected = [...rows].sort((a, b) => (distances[a] as number) - (distances[b] as number) || a - b)
    expect([...sortByDistance(rows, (row) => distances[row] as number)]).toEqual(expected)
  }))
})
