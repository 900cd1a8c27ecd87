import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinNeighbours, type NeighbourPairs } from '../../../core/clean/pairColumns.ts'
import { gldv2Rule, type NeighbourBlock, sameLabelNeighbours, type SameLabelSearch } from '../../../core/clean/sameLabelNeighbours.ts'
import { type Matrix, matrixOf, normaliseRows, rowOf } from '../../../core/domain/matrix.ts'
import { type ProductBlock, tolerance } from '../../../core/search/blas.ts'
import { PlainBlas } from '../../support/plainBlas.ts'

const blas = new PlainBlas()

async function search(request: Omit<SameLabelSearch, 'blas'> & Partial<Pick<SameLabelSearch, 'blas'>>): Promise<NeighbourPairs & { blocks: number; rowsDone: number[] }> {
  const blocks: NeighbourBlock[] = []
  for await (const block of sameLabelNeighbours({ blas, ...request })) blocks.push(block)
  return { ...joinNeighbours(blocks), blocks: blocks.length, rowsDone: blocks.map(({ rowsDone }) => rowsDone) }
}

const tuples = ({ queries, references, ranks }: NeighbourPairs): [number, number, number][] => [...queries].map((query, i) => [query, references[i] as number, ranks[i] as number])

/** The rule word for word: all distances in double, sort, cut at k, keep the label, cut at most, leave the image itself out. */
function transcription(rows: number[][], classOf: readonly number[], k: number, most: number): [number, number, number][] {
  const cosine = (a: number, b: number): number => Math.fround(rows[a]?.reduce((sum, value, d) => sum + value * (rows[b]?.[d] ?? 0), 0) ?? 0)
  return rows.flatMap((_, query) => {
    if ((classOf[query] ?? -1) < 0) return []
    const nearest = rows.map((_, i) => i).sort((a, b) => cosine(query, b) - cosine(query, a) || a - b).slice(0, k)
    const others = nearest.filter((i) => i !== query)
    return others.filter((i) => classOf[i] === classOf[query]).slice(0, most - 1).map((i): [number, number, number] => [query, i, others.indexOf(i) + 1])
  })
}

const sets = fc.integer({ min: 2, max: 24 }).chain((n) => fc.record({
  // Few different directions, so that equal similarities are met.
  rows: fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }), { minLength: n, maxLength: n }),
  classOf: fc.array(fc.integer({ min: -1, max: 4 }), { minLength: n, maxLength: n }),
  k: fc.integer({ min: 2, max: 30 }),
  most: fc.integer({ min: 2, max: 8 }),
  blockRows: fc.integer({ min: 1, max: 7 }),
  from: fc.integer({ min: 0, max: n })
}))

describe('same-label neighbours', () => {
  test('are those of the rule, whatever the blocks', async () => {
    await fc.assert(fc.asyncProperty(sets, async ({ rows, classOf, k, most, blockRows }) => {
      const data = Float32Array.from(rows.flat())
      normaliseRows(data, 3)
      const unit = rows.map((_, i) => [...data.subarray(i * 3, i * 3 + 3)])
      const found = await search({ vectors: matrixOf(data, 3), classOf: Int32Array.from(classOf), k, most, blockRows })
      expect(tuples(found)).toEqual(transcription(unit, classOf, k, most))
    }))
  })

  test('go on from the rows that are done', async () => {
    await fc.assert(fc.asyncProperty(sets, async ({ rows, classOf, k, most, blockRows, from }) => {
      const request = { vectors: matrixOf(Float32Array.from(rows.flat()), 3), classOf: Int32Array.from(classOf), k, most }
      const whole = tuples(await search(request))
      const rest = await search({ ...request, blockRows, from })
      expect(tuples(rest)).toEqual(whole.filter(([query]) => query >= from))
      expect(rest.rowsDone).toEqual(rest.rowsDone.toSorted((a, b) => a - b))
    }))
  })

  test('"among the k nearest of the whole set" is not "the k nearest of the label": a stranger far from its class has no pair', async () => {
    // Rows 0..3 of class 0 point one way; rows 4..9 of class 1 another; row 10 is labelled 0 and lies among class 1.
    const rows = [[1, 0], [1, 0.01], [1, 0.02], [1, 0.03], [0, 1], [0.01, 1], [0.02, 1], [0.03, 1], [0.04, 1], [0.05, 1], [0.025, 1]]
    const data = Float32Array.from(rows.flat())
    normaliseRows(data, 2)
    const found = await search({ vectors: matrixOf(data, 2), classOf: Int32Array.from([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0]), k: 5, most: 100 })
    expect(tuples(found).filter(([a, b]) => a === 10 || b === 10)).toEqual([])
    expect(tuples(found).filter(([a]) => a === 0)).toEqual([[0, 1, 1], [0, 2, 2], [0, 3, 3]])
  })

  test('the image itself counts among the most that are kept, as in the original: 100 leave 99 pairs', async () => {
    const n = 120
    const found = await search({ vectors: matrixOf(new Float32Array(n).fill(1), 1), classOf: new Int32Array(n), ...gldv2Rule })
    expect([...Array(n).keys()].map((row) => found.queries.filter((query) => query === row).length)).toEqual(Array(n).fill(gldv2Rule.most - 1))
    // Identical pictures stand before the image itself here: it is left out all the same.
    expect(tuples(found).filter(([query, reference]) => query === reference)).toEqual([])
  })

  test('images that are alone with their label are not searched for', async () => {
    let asked = 0
    const counting = {
      nearest: blas.nearest.bind(blas),
      eachBlock: async (...call: Parameters<PlainBlas['eachBlock']>) => {
        asked += call[0].rows
        await blas.eachBlock(...call)
      }
    }
    await search({ vectors: matrixOf(new Float32Array(10).fill(1), 2), classOf: Int32Array.from([0, 1, 2, -1, 2]), blas: counting, k: 5, most: 5 })
    expect(asked).toBe(2)
  })

  test('a product that is off by float32 rounding changes nothing', async () => {
    const length = (matrix: Matrix, row: number): number => Math.hypot(...rowOf(matrix, row))
    class Rounding extends PlainBlas {
      override async eachBlock(a: Matrix, b: Matrix, visit: (block: ProductBlock) => void): Promise<void> {
        await super.eachBlock(a, b, (block) => {
          const { values, fromA, fromB, columns } = block
          const off = (i: number): number => (Math.random() * 2 - 1) * tolerance(a.dim, length(a, fromA + Math.floor(i / columns)), length(b, fromB + (i % columns)))
          visit({ ...block, values: values.map((value, i) => value + off(i)) })
        })
      }
    }
    await fc.assert(fc.asyncProperty(sets, async ({ rows, classOf, k, most, blockRows }) => {
      const data = Float32Array.from(rows.flat())
      normaliseRows(data, 3)
      const request = { vectors: matrixOf(data, 3), classOf: Int32Array.from(classOf), k, most, blockRows }
      expect(await search({ ...request, blas: new Rounding() })).toEqual(await search(request))
    }))
  })

  test('a large class is searched by a product of its own, with the same answer', async () => {
    const n = 420
    const data = Float32Array.from({ length: n * 2 }, (_, i) => Math.sin(i * i * 0.37))
    normaliseRows(data, 2)
    const unit = Array.from({ length: n }, (_, i) => [...data.subarray(i * 2, i * 2 + 2)])
    const classOf = Array.from({ length: n }, (_, i) => (i % 3 === 2 ? 1 : 0))
    const found = await search({ vectors: matrixOf(data, 2), classOf: Int32Array.from(classOf), k: 40, most: 9, blockRows: 100 })
    expect(tuples(found)).toEqual(transcription(unit, classOf, 40, 9))
  })

  test('an abort is heard between blocks', async () => {
    const abort = new AbortController()
    const blocks = sameLabelNeighbours({ vectors: matrixOf(new Float32Array(20).fill(1), 2), classOf: new Int32Array(10), blas, k: 5, most: 5, blockRows: 2, signal: abort.signal })
    await blocks.next()
    abort.abort(new Error('enough'))
    await expect(blocks.next()).rejects.toThrow('enough')
  })

  test('labels that are not one a vector, and lists too short to hold a neighbour, are refused', async () => {
    const vectors = matrixOf(new Float32Array(4), 2)
    await expect(search({ vectors, classOf: new Int32Array(3), k: 5, most: 5 })).rejects.toThrow('3 labels are not one for each of 2 vectors')
    await expect(search({ vectors, classOf: new Int32Array(2), k: 1, most: 5 })).rejects.toThrow('from 2')
    await expect(search({ vectors, classOf: new Int32Array(2), k: 5, most: 1 })).rejects.toThrow('from 2')
  })
})
