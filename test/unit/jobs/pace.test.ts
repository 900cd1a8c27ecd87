import { expect, test } from 'vitest'
import { Pace } from '../../../core/jobs/pace.ts'

test('no rate is claimed before there is something to measure', () => {
  const pace = new Pace()
  expect(pace.measure('reading', 0, 100, undefined, 0)).toMatchObject({ ratePerSecond: null, etaSeconds: null })
  expect(pace.measure('reading', 3, 100, undefined, 100)).toMatchObject({ ratePerSecond: null, etaSeconds: null })
})

test('a resumed job is measured by what it does now, not by what was done before', () => {
  const pace = new Pace()
  pace.measure('reading', 900, 1000, undefined, 0)
  expect(pace.measure('reading', 910, 1000, undefined, 1000)).toMatchObject({ ratePerSecond: 10, etaSeconds: 9 })
})

test('the rate follows the last 20 seconds', () => {
  const pace = new Pace()
  for (let second = 0; second <= 60; second++) pace.measure('reading', second, 1000, undefined, second * 1000)
  for (let second = 1; second <= 30; second++) pace.measure('reading', 60 + second * 10, 1000, undefined, (60 + second) * 1000)
  expect(pace.measure('reading', 370, 1000, undefined, 91_000).ratePerSecond).toBeCloseTo(10, 5)
})

test('a new stage starts its own clock', () => {
  const pace = new Pace()
  pace.measure('reading', 0, 10, undefined, 0)
  pace.measure('reading', 10, 10, undefined, 1000)
  expect(pace.measure('embedding', 5, 10, 'on cpu', 1100)).toEqual({ stage: 'embedding', done: 5, total: 10, ratePerSecond: null, etaSeconds: null, message: 'on cpu' })
})
