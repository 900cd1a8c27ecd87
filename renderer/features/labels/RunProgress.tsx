import { useQuery } from '@tanstack/react-query'
import type { LabelRun } from '../../../core/contract/labels.ts'
import { queries } from '../../app/queries.ts'
import { formatNumber, formatPercent } from '../../components/format.ts'
import { ProgressBar } from '../../components/ProgressBar.tsx'
import { usePace } from '../../stores/pace.ts'
import { timeLeft } from './labelWords.ts'
import css from './LabelsPanel.module.css'

/** What is left of a run, at which pace it goes, and how often the first candidate was right. */
export function RunProgress({ run }: { run: LabelRun }) {
  const { data: stats } = useQuery(queries.reviewStats)
  usePace(run.open, 'images left')
  const decided = run.predicted - run.open
  const judged = run.accepted + run.rejected
  const facts = [
    stats && stats.perMinute > 0 ? `${formatNumber(stats.perMinute)} a minute` : null,
    stats ? timeLeft(run.open, stats.perMinute) : null,
    judged > 0 ? `${formatPercent(run.accepted / judged)} of the first candidates accepted` : null
  ].filter(Boolean)
  return (
    <section className={css.section} aria-live="polite">
      <p className={css.big}>{formatNumber(run.open)} of {formatNumber(run.predicted)} left</p>
      <ProgressBar share={run.predicted === 0 ? 1 : decided / run.predicted} label="Predictions decided" />
      <p className={css.facts}>{facts.length > 0 ? facts.join(' · ') : 'Press P to accept the first candidate, or the number of another one.'}</p>
    </section>
  )
}
