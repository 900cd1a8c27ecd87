import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PairIndex } from '../../../core/matches/pairIndex.ts'

interface Entry { q: number; qp: number; r: number; rp: number; s: number }
const entry = fc.record({ q: fc.integer({ min: 1, max: 6 }), qp: fc.integer({ min: 0, max: 3 }), r: fc.integer({ min: 1, max: 8 }), rp: fc.integer({ min: 0, max: 3 }), s: fc.integer({ min: -4, max: 4 }) })

/** What the index should hold, the slow way: for each query its references in order, each with its first entry. */
function naive(entries: readonly Entry[]): Map<number, { r: number; row: number }[]> {
  const found = new Map<number, { r: number; row: number }[]>()
  entries.forEach(({ q, r }, row) => {
    if (q === r || r < 0) return
    const list = found.get(q) ?? []
    if (!list.some((one) => one.r === r)) list.push({ r, row })
    found.set(q, list)
  })
  return found
}

function contents(index: PairIndex): Map<number, { r: number; row: number }[]> {
  return new Map([...index.queries].map((q) => {
    const [from, to] = index.range(q)
    return [q, Array.from({ length: to - from }, (_, i) => ({ r: index.place(from + i).reference, row: index.place(from + i).row }))]
  }))
}

test('pairs keep their order within a query; each reference stands once, with its best entry', () => {
  fc.assert(fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
    const best = entries.toSorted((x, y) => y.s - x.s)
    const column = (of: (one: Entry) => number): Int32Array => Int32Array.from(best, of)
    const index = PairIndex.ofPairs({ a: column(({ q }) => q), aParts: column(({ qp }) => qp), b: column(({ r }) => r), bParts: column(({ rp }) => rp), scores: Float32Array.from(best, ({ s }) => s) })
    expect(contents(index)).toEqual(naive(best))
    for (const [q, list] of naive(best)) {
      list.forEach(({ r, row }, i) => {
        expect(index.find(q, r)).toBe(index.range(q)[0] + i)
        expect(index.place(index.find(q, r))).toEqual({ reference: r, row, score: best[row]!.s, queryPart: best[row]!.qp, referencePart: best[row]!.rp })
      })
      expect(index.find(q, 99)).toBe(-1)
    }
    expect(index.range(77)).toEqual([0, 0])
  }))
})

test('one list a query keeps its order whatever its scores; lists of several parts are merged by score', () => {
  const index = PairIndex.ofLists({
    queries: Int32Array.of(5, 9), queryParts: Int32Array.of(0, 0), k: 3, references: Int32Array.of(1, 2, -1, 2, 9, 3), referenceParts: new Int32Array(6),
    scores: Float32Array.of(0.1, 0.7, 0, NaN, 1, 0.4)
  })
  expect(contents(index)).toEqual(new Map([[5, [{ r: 1, row: 0 }, { r: 2, row: 1 }]], [9, [{ r: 3, row: 5 }]]]))
  const parts = PairIndex.ofLists({
    queries: Int32Array.of(5, 5), queryParts: Int32Array.of(0, 20), k: 2, references: Int32Array.of(1, 2, 2, 3), referenceParts: Int32Array.of(0, 0, 4, 0), scores: Float32Array.of(0.5, 0.2, 0.9, 0.5)
  })
  expect(contents(parts)).toEqual(new Map([[5, [{ r: 2, row: 2 }, { r: 1, row: 0 }, { r: 3, row: 3 }]]]))
  expect(parts.place(0)).toMatchObject({ queryPart: 20, referencePart: 4 })
})

test('infinite scores are numbers that JSON can carry; nothing at all is an index too', () => {
  const one = (s: number): PairIndex => PairIndex.ofPairs({ a: Int32Array.of(1), aParts: new Int32Array(1), b: Int32Array.of(2), bParts: new Int32Array(1), scores: Float32Array.of(s) })
  expect(Number.isFinite(one(-Infinity).scores[0])).toBe(true)
  expect(one(NaN).queries.length).toBe(0)
  expect(PairIndex.ofLists({ queries: new Int32Array(), queryParts: new Int32Array(), k: 0, references: new Int32Array(), referenceParts: new Int32Array(), scores: new Float32Array() }).references.length).toBe(0)
})
