import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { ProgressBar, progressShare, progressText } from '../../components/ProgressBar.tsx'
import { cancelRun, goOn, runRecipe } from './recipeActs.ts'
import { placeWords, planWords } from './rules/planWords.ts'
import { isUnfinished, type RecipeView } from './useRecipe.ts'
import css from './RecipeWork.module.css'

export const canRun = (view: RecipeView): boolean => !view.goesOn && view.plan !== undefined && view.plan.problems.length === 0

/** The button, what it would do, how far it is, and what stands in its way. */
export function RunBar({ view }: { view: RecipeView }) {
  const { plan, planError, goesOn, isDraft, run, body } = view
  const problems = plan?.problems ?? []
  const left = plan?.steps.filter(({ state }) => state === 'to-run').length ?? 0
  const older = run && run.runId !== view.runs[0]?.runId
  return (
    <>
      {goesOn ? <Going view={view} /> : (
        <div className={css.run}>
          <Button size="sm" leftSection={<IconPlayerPlay size={14} />} rightSection={<Kbd keys="Mod+Enter" />} disabled={!canRun(view)} onClick={() => void runRecipe(view)}>
            {isDraft ? 'Run the edited text' : 'Run'}
          </Button>
          <span className={css.words} aria-live="polite">
            {plan && problems.length === 0 ? planWords(plan) : planError ? '' : problems.length > 0 ? 'It cannot run yet:' : 'Looking at what is there…'}
            {plan && left > 0 && run?.state === 'done' && Object.keys(view.changes).length === 0 && ' Something it is made from has changed since its last run.'}
            {older && ` Shown: run ${run.runId}, not the newest.`}
          </span>
        </div>
      )}
      {planError && !goesOn && <ErrorNote title="What would run could not be worked out." error={planError} />}
      {problems.length > 0 && !goesOn && (
        <ul className={css.problems}>{problems.map(({ at, message }) => <li key={`${at} ${message}`}>{placeWords(at, body) && <b>{placeWords(at, body)}: </b>}{message}</li>)}</ul>
      )}
      <Ended view={view} />
    </>
  )
}

function Going({ view: { job } }: { view: RecipeView }) {
  if (!job) return null
  const stage = job.state === 'queued' ? 'Waiting for the work before it' : (job.progress?.stage ?? 'Starting')
  return (
    <div className={css.progress} aria-live="polite">
      <div className={css.run}>
        <b className={css.words}>{stage}</b>
        <Button variant="default" size="sm" rightSection={<Kbd keys="X" />} onClick={() => void cancelRun(job.id)}>Cancel</Button>
      </div>
      <ProgressBar share={progressShare(job.progress)} label={job.title} />
      <span className={css.words}>{[progressText(job.progress), job.progress?.message].filter(Boolean).join(' · ')}</span>
    </div>
  )
}

/** Why it stopped, where it did, and how to go on. */
function Ended({ view: { job, run, name } }: { view: RecipeView }) {
  if (!job || isUnfinished(job) || job.kind !== 'recipe' || job.state === 'done' || (run && run.jobId !== job.id && run.startedAt > job.createdAt)) return null
  const again = (): void => void goOn(name, job.id)
  if (job.state === 'failed') return <ErrorNote title="The run stopped." error={job.error ?? run?.error ?? ''} onRetry={again} retryLabel="Go on where it stopped" />
  return (
    <div className={css.note}>
      <span>{job.state === 'cancelled' ? 'The run was cancelled. What was done is kept.' : 'The engine ended while this ran. What was done is kept.'}</span>
      <Button variant="default" size="compact-xs" onClick={again}>Go on</Button>
    </div>
  )
}
