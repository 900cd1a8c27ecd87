import { Tooltip } from '@mantine/core'
import { formatWhen } from '../../components/format.ts'
import { differenceText, metricRows, metricText } from './rules/metricRows.ts'
import type { RecipeView } from './useRecipe.ts'
import css from './RecipeWork.module.css'

const most = 8

/** What the run reached; with a trial, what it would reach beside it. */
export function RunNumbers({ view: { run, trial, trying, asRun } }: { view: RecipeView }) {
  if (!run || run.metrics.length === 0 || run.state === 'running') return null
  const tried = trial && trial.needs.length === 0 ? trial.metrics : undefined
  const rows = metricRows(tried ?? run.metrics, tried ? run.metrics : undefined)
  return (
    <dl className={css.numbers} aria-label={`What run ${run.runId} reached, ${formatWhen(run.startedAt)}`} style={trying ? { opacity: 0.6 } : undefined}>
      {!asRun && !tried && <div className={css.number} data-small><dt>Run {run.runId}</dt><dd>set otherwise</dd></div>}
      {rows.slice(0, most).map(({ name, about, value, other, difference, better }, i) => (
        <Tooltip key={name} label={tried ? `${about} The run: ${metricText(other)}.` : about} multiline maw={320} disabled={about === '' && !tried}>
          <div className={css.number} data-small={i > 3 || undefined}>
            <dt>{name}</dt>
            <dd>{metricText(value)}{tried && <span className={css.difference} data-better={better ?? undefined}>{difference === 0 ? '' : other === undefined ? 'new' : differenceText(difference)}</span>}</dd>
          </div>
        </Tooltip>
      ))}
    </dl>
  )
}
