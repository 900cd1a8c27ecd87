import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { kept, membersOf, rowsWith } from '../../../core/clean/cell.ts'
import { judgedClean, measureGrid, notJudged } from '../../../core/clean/gridTruth.ts'
import { countEvidence, strongestEvidence } from '../../../core/clean/ruleGrid.ts'
import { cleaningAgreement } from '../../../core/metrics/keptImages.ts'

const n = 12
const problem = fc.record({
  classOf: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: n, maxLength: n }),
  pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.integer({ min: 0, max: 9 })), { maxLength: 80 }),
  verdicts: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n }).filter((verdicts) => verdicts.includes(judgedClean)),
  rank: fc.boolean(),
  leastImages: fc.integer({ min: 1, max: 3 })
})

test('every cell is measured as the cell alone would be', () => {
  fc.assert(fc.property(problem, ({ classOf: labels, pairs, verdicts, rank, leastImages }) => {
    const axes = { evidence: rank ? ('mutual-rank' as const) : ('inliers' as const), values: rank ? [8, 4, 2] : [2, 4, 8], frequencies: [1, 2, 4], leastImages }
    const classOf = Int32Array.from(labels)
    const counts = countEvidence({ queries: Int32Array.from(pairs, ([q]) => q), references: Int32Array.from(pairs, ([, r]) => r) }, pairs.map(([, , e]) => e), classOf, axes)
    const { right, judged } = measureGrid(counts, classOf, axes, Uint8Array.from(verdicts))
    const known = Int32Array.from(verdicts.keys()).filter((image) => verdicts[image] !== notJudged)
    const clean = Uint8Array.from(known, (image) => (verdicts[image] === judgedClean ? 1 : 0))
    for (const [i, v] of axes.values.entries()) {
      for (const [j, f] of axes.frequencies.entries()) {
        const { kept: alone } = cleaningAgreement(rowsWith(membersOf(counts, classOf, axes, { v, f }).fates, kept), known, clean)
        expect([judged[i * 3 + j], right[i * 3 + j]]).toEqual([alone.predicted, alone.hits])
      }
    }
  }))
})

test('the strongest pair of an image: of those that the rule counts', () => {
  fc.assert(fc.property(problem, ({ classOf: labels, pairs, rank }) => {
    const strongest = strongestEvidence(
      { queries: Int32Array.from(pairs, ([q]) => q), references: Int32Array.from(pairs, ([, r]) => r) }, pairs.map(([, , e]) => e), Int32Array.from(labels), { evidence: rank ? 'mutual-rank' : 'inliers' }
    )
    for (let image = 0; image < n; image++) {
      const own = pairs.filter(([q, r, e]) => q === image && r !== image && (labels[image] as number) >= 0 && labels[r] === labels[image] && e >= 1).map(([, , e]) => e)
      expect(strongest[image]).toBe(own.length === 0 ? 0 : rank ? Math.min(...own) : Math.max(...own))
    }
  }))
})
