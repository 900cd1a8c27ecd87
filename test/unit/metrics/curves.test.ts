import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { precisionRecallCurve, wholeCurve } from '../../../core/metrics/precisionRecallCurve.ts'
import { rankedHits, recallAtPrecision } from '../../../core/metrics/rankedHits.ts'
import { thinCurve } from '../../../core/metrics/thinCurve.ts'
import { drawnRoc, rocCurve } from '../../../core/metrics/verification.ts'

const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }).filter((all) => all.includes(true) && all.includes(false))
/** Scores fall, so the flags are in rank order. */
const columns = (all: readonly boolean[]): [Float64Array, Uint8Array] => [Float64Array.from(all, (_, i) => -i), Uint8Array.from(all, (flag) => (flag ? 1 : 0))]

describe('curves to draw', () => {
  test('at most so many points, all of the whole curve, in order, with its ends and the points at the asked precisions', () => {
    fc.assert(fc.property(flags, fc.integer({ min: 5, max: 30 }), fc.constantFrom(0.5, 0.9), (all, most, level) => {
      const ranked = rankedHits(...columns(all), all.filter(Boolean).length)
      const [whole, drawn] = [wholeCurve(ranked), precisionRecallCurve(ranked, [level], most)]
      expect(drawn.recall.length).toBeLessThanOrEqual(most)
      const places = [...drawn.threshold].map((threshold) => whole.threshold.indexOf(threshold))
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b))
      expect([places[0], places.at(-1)]).toEqual([0, all.length - 1])
      expect([...drawn.precision]).toEqual(places.map((place) => whole.precision[place]))
      const asked = recallAtPrecision(ranked, level)
      if (asked) expect(places).toContain(asked.predictions - 1)
    }))
  })

  test('a staircase with few corners among a million points keeps them all', () => {
    const [x, y] = [new Float64Array(1_000_000), new Float64Array(1_000_000)]
    const corners = [100_000, 100_001, 640_000, 640_001]
    for (let i = 0; i < x.length; i++) {
      x[i] = i / x.length
      y[i] = i <= 100_000 ? 1 : i <= 640_000 ? 0.5 : 0.1
    }
    const points = thinCurve(x, y)
    expect(points.length).toBeLessThanOrEqual(500)
    for (const corner of corners) expect([...points]).toContain(corner)
  })

  test('nothing is drawn farther from the whole curve than the budget forces: twice the points are never worse', () => {
    fc.assert(fc.property(flags, (all) => {
      const ranked = rankedHits(...columns(all), all.filter(Boolean).length)
      const { recall, precision } = wholeCurve(ranked)
      const few = new Set(thinCurve(recall, precision, 8))
      const more = thinCurve(recall, precision, 16)
      for (const at of few) expect([...more]).toContain(at)
    }))
  })

  test('the drawn ROC runs from (0, 0) to (1, 1)', () => {
    fc.assert(fc.property(flags, (all) => {
      const drawn = drawnRoc(rocCurve(...columns(all)), 10)
      expect([drawn.falsePositiveRate[0], drawn.truePositiveRate[0]]).toEqual([0, 0])
      expect([drawn.falsePositiveRate.at(-1), drawn.truePositiveRate.at(-1)]).toEqual([1, 1])
      expect(drawn.threshold.length).toBeLessThanOrEqual(10)
    }))
  })
})
