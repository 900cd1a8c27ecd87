import type { Cell, CellMembers } from './cell.ts'
import { classTooSmall, kept } from './cell.ts'
import { type EvidenceCounts, mostFrequency, type RuleAxes } from './ruleGrid.ts'

/** Far enough for any sweep: 255 pairs one way, 40 values the other. */
const farthest = mostFrequency + 1

/**
 * How far each image is from changing sides: the fewer steps of v or of f would do it the nearer it is; of two that are as near by one of them, the
 * nearer by the other. An image that is clean itself and only lacks others of its class is nearest of all. 0..65,791.
 */
export function distanceToBorder({ images, counts }: EvidenceCounts, { fates }: Pick<CellMembers, 'fates'>, { values }: Pick<RuleAxes, 'values'>, { v, f }: Cell): (image: number) => number {
  const here = values.indexOf(v)
  const reaches = (row: number, image: number): boolean => (counts[row * images + image] as number) >= f
  return (image) => {
    const fate = fates[image] as number
    if (fate === classTooSmall) return 0
    const count = counts[here * images + image] as number
    let steps = 0
    if (fate === kept) while (here + steps + 1 < values.length && reaches(here + steps + 1, image)) steps++
    else {
      while (here - steps - 1 >= 0 && !reaches(here - steps - 1, image)) steps++
      // No value of the sweep is mild enough.
      if (here - steps - 1 < 0) steps = farthest - 1
    }
    const pairs = fate === kept ? count - f : f - count - 1
    const [near, far] = steps < pairs ? [steps, pairs] : [pairs, steps]
    return near * farthest + Math.min(far, farthest - 1) + (fate === kept ? 0 : 1)
  }
}

/** Rows by distance, nearest first; rows as near as each other keep their order. A counting sort: millions of rows in a blink. */
export function sortByDistance(rows: Int32Array, distance: (row: number) => number): Int32Array {
  const distances = new Int32Array(rows.length)
  let most = 0
  for (let i = 0; i < rows.length; i++) {
    const one = distance(rows[i] as number)
    distances[i] = one
    if (one > most) most = one
  }
  const next = new Int32Array(most + 2)
  for (let i = 0; i < rows.length; i++) next[(distances[i] as number) + 1]!++
  for (let i = 1; i < next.length; i++) next[i]! += next[i - 1] as number
  const sorted = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) sorted[next[distances[i] as number]!++] = rows[i] as number
  return sorted
}
