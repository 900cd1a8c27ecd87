import { describe, expect, test } from 'vitest'
import { kept, membersOf } from '../../core/clean/cell.ts'
import { countEvidence, gridOf, type RuleAxes } from '../../core/clean/ruleGrid.ts'
import { golden } from './golden.ts'

interface Case {
  readonly 'verified_pairs(query,index,inliers)': [string, string, number][]
  readonly landmark_of: Record<string, number>
  readonly 'outputs (landmark_id, space-separated ids)': Record<string, [number, string][]>
}

const { landmark_of: landmarkOf, 'verified_pairs(query,index,inliers)': pairs, 'outputs (landmark_id, space-separated ids)': outputs } = golden<Case>('landmark_cleaning')
const ids = Object.keys(landmarkOf)
const rowOf = new Map(ids.map((id, row) => [id, row]))
const landmarks = [...new Set(Object.values(landmarkOf))].sort((a, b) => a - b)
const classOf = Int32Array.from(ids, (id) => landmarks.indexOf(landmarkOf[id] ?? 0))
const cells = Object.keys(outputs).map((name) => {
  const [v = 0, f = 0] = [...name.matchAll(/\d+/g)].map(Number)
  return { name, v, f }
})
const rising = (numbers: number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b)
const axes: RuleAxes = { evidence: 'inliers', values: rising(cells.map(({ v }) => v)), frequencies: rising(cells.map(({ f }) => f)), leastImages: 2 }
const columns = { queries: Int32Array.from(pairs, ([query]) => rowOf.get(query) ?? -1), references: Int32Array.from(pairs, ([, index]) => rowOf.get(index) ?? -1) }

describe('the GLDv2 cleaning rule gives the original’s subsets', () => {
  const counts = countEvidence(columns, Int32Array.from(pairs, ([, , inliers]) => inliers), classOf, axes)
  const grid = gridOf(counts, classOf, axes)

  test.each(cells)('$name', ({ name, v, f }) => {
    const { fates } = membersOf(counts, classOf, axes, { v, f })
    const subset = landmarks.flatMap((landmark, place) => {
      const images = ids.filter((_, row) => classOf[row] === place && fates[row] === kept).sort()
      return images.length > 0 ? [[landmark, images.join(' ')]] : []
    })
    const expected = outputs[name] ?? []
    // The original sorts ids as it groups; the order inside a class says nothing.
    expect(subset).toEqual(expected.map(([landmark, images]) => [landmark, images.split(' ').sort().join(' ')]))
    const cell = axes.values.indexOf(v) * axes.frequencies.length + axes.frequencies.indexOf(f)
    expect(grid.classes[cell]).toBe(expected.length)
    expect(grid.images[cell]).toBe(expected.reduce((sum, [, images]) => sum + images.split(' ').length, 0))
  })
})
