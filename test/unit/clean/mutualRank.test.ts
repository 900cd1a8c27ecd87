import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutualRanks } from '../../../core/clean/mutualRank.ts'

const pairs = fc.uniqueArray(fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 1000 })), { selector: ([a, b]) => `${a} ${b}`, maxLength: 60 })

test('the worse of the two ranks where both images found each other, 0 where only one did; in any order of the pairs', () => {
  fc.assert(fc.property(pairs, (pairs) => {
    const found = mutualRanks({
      queries: Int32Array.from(pairs, ([query]) => query),
      references: Int32Array.from(pairs, ([, reference]) => reference),
      ranks: Int32Array.from(pairs, ([, , rank]) => rank)
    })
    const naive = pairs.map(([query, reference, rank]) => {
      const back = pairs.find(([a, b]) => a === reference && b === query)
      return back ? Math.max(rank, back[2]) : 0
    })
    expect([...found]).toEqual(naive)
  }))
})
