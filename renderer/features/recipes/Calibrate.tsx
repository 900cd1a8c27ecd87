import { Anchor, Button, Code, Text } from '@mantine/core'
import { useState } from 'react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProgressBar, progressShare } from '../../components/ProgressBar.tsx'
import { useJobs } from '../../app/queries.ts'
import { LineChart } from './LineChart.tsx'
import { calibrate, cancelRun, saveCopy } from './recipeActs.ts'
import { calibrationKey, forgetCalibration, useRecipes } from './recipesStore.ts'
import { calibrationOf, shortNumber } from './rules/calibration.ts'
import { copyTitle, freeName, withFound } from './rules/copies.ts'
import { metricText } from './rules/metricRows.ts'
import { isUnfinished, type RecipeView } from './useRecipe.ts'
import { queryClient } from '../../app/queries.ts'
import { recipeQueries } from './recipeQueries.ts'
import css from './StepInspector.module.css'

interface Props {
  readonly view: RecipeView
  readonly step: string
  readonly param: string
  readonly onTry: (value: number) => void
}

/** Finds the value of a constant with the user's own data, and keeps it in a copy of the recipe. */
export function Calibrate({ view, step, param, onTry }: Props) {
  const place = `${step}.${param}`
  const jobId = useRecipes((state) => state.calibrations[calibrationKey(view.name, place)])
  const { data: jobs } = useJobs()
  const job = jobs?.find((one) => one.id === jobId)
  const found = job?.state === 'done' ? calibrationOf(job.data) : null
  if (job && isUnfinished(job)) {
    return (
      <div aria-live="polite">
        <ProgressBar share={progressShare(job.progress)} label={job.title} />
        <div className={css.line}><Text size="xs" c="dimmed" flex={1}>{job.progress?.stage ?? 'Waiting for the work before it'}</Text><Button size="compact-xs" variant="default" onClick={() => void cancelRun(job.id)}>Cancel</Button></div>
      </div>
    )
  }
  return (
    <div>
      {job?.state === 'failed' && <ErrorNote title="No value was found." error={job.error ?? ''} />}
      {found
        ? <Found view={view} found={found} onTry={onTry} onClose={() => forgetCalibration(view.name, place)} />
        : <Start view={view} step={step} param={param} />}
    </div>
  )
}

function Start({ view, step, param }: Omit<Props, 'onTry'>) {
  const [asked, setAsked] = useState(false)
  const measured = view.plan?.steps.some(({ output }) => output === 'metrics') ?? false
  return (
    <>
      <Button size="compact-xs" variant="default" disabled={view.goesOn} onClick={() => (measured ? void calibrate(view, step, param) : setAsked(true))}>Set from my data…</Button>
      {asked && !measured && (
        <Text size="xs" mt={4} role="status">
          Nothing measures this recipe yet, so no value is better than another. Give it a ground truth above. Where you have none, make one out of your own pictures: <Code>winnow generate --set copies</Code>.{' '}
          <Anchor component="button" size="xs" onClick={() => document.querySelector<HTMLElement>('[data-options] input')?.focus()}>To the options</Anchor>
        </Text>
      )}
    </>
  )
}

function Found({ view, found, onTry, onClose }: { view: RecipeView; found: NonNullable<ReturnType<typeof calibrationOf>>; onTry: (value: number) => void; onClose: () => void }) {
  const { trials, best, metric } = found
  const measured = trials.filter((trial): trial is { value: number; metric: number } => trial.metric !== null)
  const reached = measured.find(({ value }) => value === best)?.metric
  const save = async (): Promise<void> => {
    const taken = new Set((await queryClient.ensureQueryData(recipeQueries.list)).map(({ name }) => name))
    const recipe = withFound(view.body, found)
    const saved = view.builtIn ? { ...recipe, name: freeName(recipe.name, taken), title: copyTitle(recipe.title) } : recipe
    // The value is the recipe's own now: what was tried instead gives way.
    const set = Object.fromEntries(Object.entries(view.set).filter(([place]) => place !== `${found.step}.${found.param}`))
    if (await saveCopy(saved, { options: view.options, set })) onClose()
  }
  return (
    <>
      <Text size="xs"><b>{shortNumber(best)}</b> gives the best {metric}, {metricText(reached)} ({trials.length} values tried).</Text>
      <LineChart points xTitle={found.param} yTitle={metric} x={measured.map(({ value }) => value)} y={measured.map((trial) => trial.metric)} tight marked={best} height={130} />
      <div className={css.line}>
        <Button size="compact-xs" onClick={() => void save()}>{view.builtIn ? 'Save as a copy with' : 'Save with'} {shortNumber(best)}</Button>
        <Button size="compact-xs" variant="default" onClick={() => onTry(best)}>Try it</Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onClose}>Close</Button>
      </div>
    </>
  )
}
