import { expect, test } from 'vitest'
import type { PlannedStep, RunDetails, RunStep, StepResult } from '../../../../core/contract/recipes.ts'
import { outline, recipeStepOf, shownSteps } from '../../../../renderer/features/recipes/rules/shownSteps.ts'
import { trialSet } from '../../../../renderer/features/recipes/rules/trialSet.ts'

const result = (resultId: number): StepResult => ({ resultId, use: 'match', kind: 'lists', summary: `made ${resultId}`, facts: {}, params: {}, seconds: 1, peakBytes: null, madeAt: 0 })
const base = (step: string, params: Record<string, unknown> = {}) => ({ step, use: 'match', title: step, params, inputs: {}, transductive: false, cheap: true })
const ran = (step: string, id: number | null, params: Record<string, unknown> = {}, state: RunStep['state'] = 'done'): RunStep => ({ ...base(step, params), state, result: id === null ? null : result(id) })
const planned = (step: string, id: number | null, params: Record<string, unknown> = {}): PlannedStep => ({ ...base(step, params), output: 'lists', state: id === null ? 'to-run' : 'kept', resultId: id })
const run = (steps: RunStep[], patch: Partial<RunDetails> = {}): RunDetails => ({
  runId: 1, recipe: 'r', title: 'R', state: 'done', jobId: 1, startedAt: 0, finishedAt: 1, error: null, metrics: [], options: {}, overrides: {}, shows: [], steps, uncalibrated: [],
  recipeBody: { format: 'winnow-recipe-1', name: 'r', title: 'R', about: '', source: '', options: {}, steps: [], shows: [] }, ...patch
})
const plan = (steps: PlannedStep[]) => ({ steps, uncalibrated: [], problems: [] })

test('a run that goes on is shown as it goes', () => {
  const steps = shownSteps({ run: run([ran('a', 1), ran('b', null, {}, 'running')], { state: 'running' }), plan: plan([planned('a', 1), planned('b', null)]), trial: undefined, asRun: true })
  expect(steps.map(({ state }) => state)).toEqual(['done', 'running'])
})

test('what is asked for otherwise takes over what the run made of it', () => {
  const steps = shownSteps({ run: run([ran('a', 1), ran('b', 2), ran('c', 3)]), plan: plan([planned('a', 1), planned('b', null), planned('c', 9)]), trial: undefined, asRun: false })
  expect(steps.map(({ state, resultId }) => [state, resultId])).toEqual([['done', 1], ['to-run', null], ['kept', 9]])
  expect(steps[2]?.result).toBeNull()
})

test('a finished run stands where nothing else is asked for, though it would be made anew', () => {
  const steps = shownSteps({ run: run([ran('a', 1)]), plan: plan([planned('a', null)]), trial: undefined, asRun: true })
  expect(steps.map(({ state, resultId }) => [state, resultId])).toEqual([['done', 1]])
})

test('a trial shows what it made, and the run where that stayed', () => {
  const trial = { needs: [], metrics: [], steps: [{ step: 'a', changed: false, result: result(1) }, { step: 'b', changed: true, result: result(7) }] }
  const steps = shownSteps({ run: run([ran('a', 1), ran('b', 2)]), plan: plan([planned('a', 1), planned('b', null)]), trial, asRun: false })
  expect(steps.map(({ state, resultId }) => [state, resultId])).toEqual([['done', 1], ['tried', 7]])
})

test('what failed is still said to have failed', () => {
  const steps = shownSteps({ run: run([ran('a', 1), ran('b', null, {}, 'failed')], { state: 'failed' }), plan: plan([planned('a', 1), planned('b', null)]), trial: undefined, asRun: false })
  expect(steps.map(({ state }) => state)).toEqual(['done', 'failed'])
})

test('a recipe that cannot run is shown as it is written', () => {
  const steps = outline({ steps: [{ id: 'a', use: 'select', from: {}, with: {}, foundWith: {} }, { id: 'b', use: 'gone', from: { images: 'a' }, with: {}, foundWith: {} }] }, new Map([['select', { title: 'Choose', transductive: false, cheap: true }]]))
  expect(steps.map(({ title, inputs }) => [title, inputs])).toEqual([['Choose', {}], ['gone', { images: ['a'] }]])
})

test('a trial sets what a person changed, now or in the run, and nothing else', () => {
  const before = run([ran('a', 1, { k: 10, n: 1 }), ran('b.1', 2, { t: 0.5 }), ran('b.2', 3, { t: 0.5 })], { overrides: { 'a.n': 1 } })
  const now = plan([planned('a', null, { k: 20, n: 3, learned: true }), planned('b.1', null, { t: 0.5 }), planned('b.2', null, { t: 0.5 })])
  expect(trialSet(before, now, { 'a.k': 20, 'b.t': 0.5 })).toEqual({ 'a.k': 20, 'a.n': 3 })
  expect(trialSet(before, now, {})).toEqual({ 'a.n': 3 })
})

test('copies of a step share its parameters', () => expect(recipeStepOf('embed-queries.2')).toBe('embed-queries'))
