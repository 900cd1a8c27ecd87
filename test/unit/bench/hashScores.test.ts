import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrixOf } from '../../../core/domain/matrix.ts'
import { HammingScan } from '../../../core/dedupe/hammingScan.ts'
import { eachHashBlock } from '../../bench/models/hashScores.ts'

const hashes = fc.uint8Array({ minLength: 64, maxLength: 64 })

function scores(queries: readonly Uint8Array[], references: readonly Uint8Array[]): number[] {
  const rows = (of: readonly Uint8Array[]) => matrixOf(Float32Array.from(of.flatMap((bytes) => [...bytes])), 64)
  const found: number[] = []
  eachHashBlock(rows(queries), rows(references), ({ values }) => found.push(...values))
  return found
}

const text = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')

test('the share of equal bits in the orientation that has most of them', () => {
  fc.assert(fc.property(fc.array(hashes, { minLength: 1, maxLength: 3 }), fc.array(hashes, { minLength: 1, maxLength: 3 }), (queries, references) => {
    const expected = queries.flatMap((query) => references.map((reference) => Math.max(...Array.from({ length: 8 }, (_, k) => {
      const turned = text(reference.subarray(8 * k, 8 * k + 8))
      return [...text(query.subarray(0, 8))].filter((bit, i) => bit === turned[i]).length / 64
    }))))
    expect(scores(queries, references)).toEqual(expected)
  }))
})

test('the distance is the one by which the product finds near-duplicates; more rows than one block', () => {
  fc.assert(fc.property(fc.array(hashes, { minLength: 2, maxLength: 3 }), (some) => {
    const all = Array.from({ length: 70 }, (_, i) => some[i % some.length] as Uint8Array)
    const scan = new HammingScan(Uint8Array.from(all.flatMap((bytes) => [...bytes]))).pairs(0, all.length, 63)
    const found = scores(all, all)
    for (const [i, distance] of scan.distance.entries()) expect(found[(scan.a[i] as number) * all.length + (scan.b[i] as number)]).toBe(1 - distance / 64)
  }), { numRuns: 10 })
})
