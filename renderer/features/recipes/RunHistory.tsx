import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { RunSummary } from '../../../core/contract/recipes.ts'
import { useActions } from '../../app/actions.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatDate, formatDuration } from '../../components/format.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { removeRun, runRecipe } from './recipeActs.ts'
import { showRun, showTab, toggleMark, useRecipes } from './recipesStore.ts'
import { canRun } from './RunBar.tsx'
import { RunCompare } from './RunCompare.tsx'
import { metricText } from './rules/metricRows.ts'
import { neighbour } from './rules/recipeList.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './RunHistory.module.css'

const columns = 4
const runMarks = { done: 'accept', failed: 'reject', cancelled: 'unsure', running: null } as const

/** Earlier runs with what they reached; two of them side by side. */
export function RunHistory({ view }: { view: RecipeView }) {
  const { runs, name } = view
  const marked = useRecipes((state) => state.marked)
  const [at, setAt] = useState<number | null>(view.run?.runId ?? null)
  const ids = runs.map(({ runId }) => runId)
  const here = ids.includes(at ?? -1) ? at : (ids[0] ?? null)
  const open = (runId: number): void => {
    showRun(name, runId)
    showTab('steps')
  }
  const move = (by: number): void => setAt(neighbour(ids, here, by))
  const some = (): boolean => here !== null
  useActions('Runs', [
    { id: 'run.up', title: 'Newer run', keys: ['Up'], when: some, quiet: true, run: () => move(-1) },
    { id: 'run.down', title: 'Older run', keys: ['Down'], when: some, quiet: true, run: () => move(1) },
    { id: 'run.open', title: 'Show this run', keys: ['Enter'], hint: 'show', when: some, run: () => { if (here !== null) open(here) } },
    { id: 'run.mark', title: 'Mark for comparison', keys: ['Space'], hint: 'compare', when: some, run: () => { if (here !== null) toggleMark(here) } },
    { id: 'run.remove', title: 'Remove this run', keys: ['Delete'], when: () => some() && runs.find(({ runId }) => runId === here)?.state !== 'running', run: () => { if (here !== null) void removeRun(name, here) } }
  ])
  if (runs.length === 0) {
    return <EmptyState title="It has not been run yet" actions={<Button disabled={!canRun(view)} onClick={() => void runRecipe(view)} rightSection={<Kbd keys="Mod+Enter" />}>Run</Button>}>Every run is kept here with its numbers and everything its steps made.</EmptyState>
  }
  const shown = runs.find(({ metrics }) => metrics.length > 0)?.metrics.slice(0, columns).map((metric) => metric.name) ?? []
  const pair = marked.length === 2 ? marked : compared(ids, here)
  return (
    <div className={css.frame} data-work tabIndex={-1}>
      <table className={css.table} aria-label="Runs">
        <thead><tr><th aria-label="Marked" /><th>Run</th><th>When</th>{shown.map((metric) => <th key={metric} data-number>{metric}</th>)}<th data-number>Took</th></tr></thead>
        <tbody>{runs.map((run) => <Line key={run.runId} run={run} metrics={shown} current={run.runId === here} marked={marked.includes(run.runId)} onPick={() => setAt(run.runId)} onOpen={() => open(run.runId)} />)}</tbody>
      </table>
      <div className={css.actions}>
        <Button size="compact-sm" variant="default" rightSection={<Kbd keys="Enter" />} disabled={here === null} onClick={() => here !== null && open(here)}>Show its steps</Button>
        <Button size="compact-sm" variant="default" rightSection={<Kbd keys="Space" />} disabled={here === null} onClick={() => here !== null && toggleMark(here)}>Mark for comparison</Button>
        <Button size="compact-sm" variant="default" rightSection={<Kbd keys="Delete" />} disabled={here === null} onClick={() => here !== null && void removeRun(name, here)}>Remove</Button>
      </div>
      {pair[0] !== undefined && pair[1] !== undefined && <RunCompare a={pair[0]} b={pair[1]} />}
    </div>
  )
}

/** Without marks: the run at the cursor and the one before it. */
function compared(ids: readonly number[], here: number | null): readonly number[] {
  const older = here === null ? undefined : ids[ids.indexOf(here) + 1]
  return here === null || older === undefined ? [] : [here, older]
}

interface LineProps {
  readonly run: RunSummary
  readonly metrics: readonly string[]
  readonly current: boolean
  readonly marked: boolean
  readonly onPick: () => void
  readonly onOpen: () => void
}

function Line({ run, metrics, current, marked, onPick, onOpen }: LineProps) {
  const frame = useRef<HTMLTableRowElement>(null)
  useEffect(() => { if (current) frame.current?.scrollIntoView({ block: 'nearest' }) }, [current])
  const mark = runMarks[run.state]
  return (
    <tr ref={frame} aria-current={current || undefined} onClick={onPick} onDoubleClick={onOpen}>
      <td>{marked && <span className={css.mark} role="img" aria-label="marked for comparison" />}</td>
      <td className={css.state}>{mark ? <StateMark mark={mark} size={13} title={run.state} /> : <span>…</span>} {run.runId}</td>
      <td title={run.error ?? undefined}>{formatDate(run.startedAt)}{run.error ? ` · ${run.error}` : ''}</td>
      {metrics.map((name) => <td key={name} data-number>{metricText(run.metrics.find((metric) => metric.name === name)?.value)}</td>)}
      <td data-number>{run.finishedAt ? formatDuration((run.finishedAt - run.startedAt) / 1000) : run.state}</td>
    </tr>
  )
}
