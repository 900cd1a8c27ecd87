import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { adjacencyOf, type Edges, prefixAtLeast, prefixAtMost, sortEdges } from '../../../core/dedupe/edgeList.ts'

const edges = fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 200_000 }), fc.float({ min: 0, max: 16, noNaN: true })), { maxLength: 300 })
const columns = (list: readonly (readonly [number, number, number])[]): Edges => ({ a: Int32Array.from(list, ([a]) => a), b: Int32Array.from(list, ([, b]) => b), score: Float32Array.from(list, ([, , score]) => score) })
const rows = ({ a, b, score }: Edges) => Array.from(a, (first, i) => [first, b[i] as number, score[i] as number])

test('edges are sorted by strength, then by a, then by b', () => {
  fc.assert(fc.property(edges, fc.boolean(), (list, down) => {
    const expected = rows(columns(list)).sort((x, y) => ((down ? -1 : 1) * ((x[2] as number) - (y[2] as number))) || (x[0] as number) - (y[0] as number) || (x[1] as number) - (y[1] as number))
    expect(rows(sortEdges(columns(list), down ? 'descending' : 'ascending'))).toEqual(expected.map(([a, b, score]) => [a, b, (score as number) + 0]))
  }))
})

test('the weakest are left out beyond the most that may be kept', () => {
  const sorted = sortEdges(columns([[1, 2, 0.5], [1, 3, 0.9], [2, 3, 0.7]]), 'descending', 2)
  expect(rows(sorted)).toEqual([[1, 3, Math.fround(0.9)], [2, 3, Math.fround(0.7)]])
})

test('prefixes hold exactly the edges that qualify', () => {
  fc.assert(fc.property(edges, fc.double({ min: 0, max: 17, noNaN: true }), (list, limit) => {
    const down = sortEdges(columns(list), 'descending').score
    expect(prefixAtLeast(down, limit)).toBe(down.filter((score) => score >= Math.fround(limit)).length)
    const up = sortEdges(columns(list), 'ascending').score
    expect(prefixAtMost(up, limit)).toBe(up.filter((score) => score <= limit).length)
  }))
})

test('an adjacency holds both directions of every edge, the strongest first', () => {
  const { starts, targets, scores } = adjacencyOf(4, columns([[0, 1, 0.9], [1, 2, 0.8], [0, 3, 0.7]]))
  expect([...starts]).toEqual([0, 2, 4, 5, 6])
  expect([...targets]).toEqual([1, 3, 0, 2, 1, 0])
  expect(scores[1]).toBe(Math.fround(0.7))
})
