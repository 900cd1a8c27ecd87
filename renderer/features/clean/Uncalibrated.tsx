import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunDetails, Uncalibrated as Constant } from '../../../core/contract/recipes.ts'
import type { Job } from '../../../core/contract/jobs.ts'
import { useActions } from '../../app/actions.ts'
import { client } from '../../app/client.ts'
import { showError } from '../../app/notify.tsx'
import { queries, queryClient, useJobs } from '../../app/queries.ts'
import { progressText } from '../../components/ProgressBar.tsx'
import { calibrationOf } from '../recipes/rules/calibration.ts'
import { runQuery } from './cleanQueries.ts'
import { goToCell, useClean } from './cleanStore.ts'
import { snapTo } from './gridRules.ts'
import type { Sweep } from './useSweep.ts'
import css from './SweepSettings.module.css'

const unfinished = new Set<Job['state']>(['queued', 'running'])

/** The step, all that leads to it, and what takes from it. */
function stepsAbout(steps: RunDetails['steps'], about: string): ReadonlySet<string> {
  const inputsOf = (step: string): string[] => Object.values(steps.find((one) => one.step === step)?.inputs ?? {}).flat()
  const found = new Set([about])
  for (const step of found) for (const input of inputsOf(step)) found.add(input)
  for (const { step } of steps) if (inputsOf(step).includes(about)) found.add(step)
  return found
}

/** Constants of the run that were found with another descriptor, and the way to find them with one's own pictures. */
export function Uncalibrated({ sweep }: { sweep: Sweep }) {
  const { base } = sweep
  const { data: run } = useQuery(runQuery(base.runId))
  if (!run) return null
  const concerned = stepsAbout(run.steps, base.step)
  return <>{run.uncalibrated.filter(({ step }) => concerned.has(step)).map((constant) => <OneConstant key={`${constant.step}.${constant.param}`} sweep={sweep} run={run} constant={constant} />)}</>
}

function OneConstant({ sweep: { base, at }, run, constant: { step, param, value, foundWith, runsWith } }: { sweep: Sweep; run: RunDetails; constant: Constant }) {
  const jobId = useClean((now) => now.calibrationJobId)
  const { data: jobs } = useJobs()
  const job = jobs?.find(({ id }) => id === jobId)
  const running = job !== undefined && unfinished.has(job.state)
  const found = job?.state === 'done' ? calibrationOf(job.data) : null
  const own = found && found.step === step && found.param === param ? found : null
  // Precision alone would take the strictest, recall alone the mildest.
  const metric = run.metrics.find(({ name }) => name === 'F1')?.name
  const measures = run.steps.some(({ use }) => use === 'metric')
  // Of the recipe's own cell only the sweep's values can be tried.
  const ofCell = base.recipeCell?.step === step ? (param === 'v' ? base.values : param === 'f' ? base.frequencies : undefined) : undefined
  const start = (): void => {
    client.jobs.start({ kind: 'calibrate', body: run.recipeBody, options: run.options, set: run.overrides, step, param, ...(metric === undefined ? {} : { metric }), ...(ofCell && ofCell.length >= 2 ? { values: [...ofCell] } : {}) })
      .then((started) => { useClean.setState({ calibrationJobId: started.id }); return queryClient.invalidateQueries({ queryKey: queries.jobs.queryKey }) })
      .catch((error: unknown) => showError(error, 'The search for a value did not start.'))
  }
  const go = (best: number): void => { if (ofCell) goToCell(snapTo(base, param === 'v' ? { ...at, v: best } : { ...at, f: best })) }
  useActions('Clean: constants', [
    { id: `clean.calibrate.${step}.${param}`, title: own && ofCell ? `Go to ${step}.${param} = ${own.best}, found with your data` : `Find ${step}.${param} with your own data`, when: () => measures && !running, run: () => (own && ofCell ? go(own.best) : start()) }
  ])
  return (
    <div className={css.uncalibrated} role="note">
      <span>
        <b>Uncalibrated:</b> {step}.{param} = {String(value)} was found with {foundWith}; here runs {runsWith.join(', ')}.{' '}
        {running ? `Trying values: ${progressText(job.progress)}` : own ? `With your data the best ${own.metric} is at ${own.best}.` : job?.state === 'failed' ? (job.error ?? 'No value was found.') : measures ? '' : 'Run with a ground truth to find it from your own data.'}
      </span>
      {own && ofCell ? <Button size="compact-xs" variant="default" onClick={() => go(own.best)}>Go to {own.best}</Button>
        : measures && !running && <Button size="compact-xs" variant="default" onClick={start}>Find it with my data</Button>}
    </div>
  )
}
