import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { relatives, stepGraph } from '../../../../renderer/features/recipes/rules/stepGraph.ts'

/** Steps that take from any of those above. */
const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 24 })
  .map((rows) => rows.map((inputs, i) => ({ step: `s${i}`, inputs: i === 0 ? [] : [...new Set(inputs.map((one) => `s${one % i}`))] })))

test('a line begins at the step that made the result and is there until the last that takes it', () => {
  fc.assert(fc.property(graphs, (steps) => {
    const { rows, lanes } = stepGraph(steps)
    const lane = new Map(rows.map((row, i) => [steps[i]?.step, row.lane]))
    rows.forEach((row, i) => {
      const { step, inputs } = steps[i] ?? { step: '', inputs: [] }
      expect(row.from.map((line) => line.step).sort()).toEqual([...inputs].sort())
      for (const line of [...row.from, ...row.through]) expect(line.lane).toBe(lane.get(line.step))
      const passing = steps.slice(0, i).filter((one) => steps.slice(i + 1).some((later) => later.inputs.includes(one.step))).map((one) => one.step)
      expect(row.through.map((line) => line.step).sort()).toEqual(passing.sort())
      expect(row.through.map((line) => line.lane)).not.toContain(row.lane)
      expect(row.goesOn).toBe(steps.slice(i + 1).some((later) => later.inputs.includes(step)))
      expect(Math.max(row.lane, ...row.through.map((line) => line.lane))).toBeLessThan(lanes)
    })
  }))
})

test('a chain stays in one lane', () => {
  expect(stepGraph([{ step: 'a', inputs: [] }, { step: 'b', inputs: ['a'] }, { step: 'c', inputs: ['b'] }])).toMatchObject({ lanes: 1, rows: [{ lane: 0 }, { lane: 0 }, { lane: 0 }] })
})

test('relatives are all above and all below, not those beside', () => {
  const steps = [{ step: 'a', inputs: [] }, { step: 'b', inputs: ['a'] }, { step: 'c', inputs: ['a'] }, { step: 'd', inputs: ['b'] }]
  expect([...relatives(steps, 'b')].sort()).toEqual(['a', 'b', 'd'])
})
