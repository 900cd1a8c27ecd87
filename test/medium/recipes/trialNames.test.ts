import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { calibration } from '../../../core/contract/recipes.ts'
import { Engine } from '../../../core/engine.ts'
import { copiesProject, findCopies } from '../../e2e/support/copies.ts'

const place = mkdtempSync(join(tmpdir(), 'winnow-trial-'))
const engine = new Engine({ home: join(place, 'home'), program: 'test', visionWorkers: 1 })
afterAll(async () => {
  await engine.close()
  rmSync(place, { recursive: true, force: true })
})

/** What it is compared with is measured before what the recipe is for, under the same names. */
const compared = {
  ...findCopies,
  name: 'compared',
  steps: [...findCopies.steps.slice(0, -1), { id: 'plain', use: 'metric', from: { truth: 'truth', result: 'lists' }, with: {}, foundWith: {} }, ...findCopies.steps.slice(-1)]
}

test('a trial and a calibration go by the number of what the recipe is for, not of what it is compared with', async () => {
  const { folder, truth } = await copiesProject(place, { count: 12 })
  const { jobs, recipes } = await engine.openProject(folder)
  const options = { truth }
  const job = await jobs.done((await jobs.start({ kind: 'recipe', body: compared, options, set: {} })).id)
  expect(job.error).toBeNull()
  const { runId } = job.data as { runId: number }
  const { metrics } = await recipes.run({ runId })
  const trial = await recipes.whatIf({ runId, set: { 'sure.minScore': 2 } })
  expect(trial.needs).toEqual([])
  expect(trial.metrics.map(({ name }) => name).filter((name) => name.includes('uAP'))).toEqual(['uAP', 'plain uAP'])
  const valueOf = (values: typeof metrics, wanted: string): number | null | undefined => values.find(({ name }) => name === wanted)?.value
  expect(valueOf(trial.metrics, 'plain uAP')).toBe(valueOf(metrics, 'plain uAP'))
  expect(valueOf(trial.metrics, 'uAP')).toBe(0)

  const search = await jobs.done((await jobs.start({ kind: 'calibrate', body: compared, options, set: {}, step: 'sure', param: 'minScore', values: [0, 2] })).id)
  const { trials, best, metric } = calibration.parse(search.data)
  expect(metric).toBe('uAP')
  expect(best).toBe(0)
  expect(trials.map((one) => one.metric)).toEqual([valueOf(metrics, 'plain uAP'), 0])
})
