import { Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconArrowsShuffle, IconStar } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useRef } from 'react'
import { formatBytes, formatDuration } from '../../components/format.ts'
import { LaneCell } from './LaneCell.tsx'
import { recipeQueries } from './recipeQueries.ts'
import type { ShownStep } from './rules/shownSteps.ts'
import type { GraphRow } from './rules/stepGraph.ts'
import { StepState } from './StepState.tsx'
import css from './StepList.module.css'

interface Props {
  readonly step: ShownStep
  readonly row: GraphRow
  readonly lanes: number
  readonly selected: boolean
  /** The selected step with what it is made from and what is made from it; null: none is selected. */
  readonly near: ReadonlySet<string> | null
  readonly uncalibrated: boolean
  /** What the recipe is for. */
  readonly main: boolean
  readonly onSelect: () => void
}

export const secondsText = (seconds: number): string => (seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds))

/** One step in one line: how it stands, what it is, what it made, what it cost. */
export const StepRow = memo(function StepRow({ step, row, lanes, selected, near, uncalibrated, main, onSelect }: Props) {
  const frame = useRef<HTMLButtonElement>(null)
  useEffect(() => { if (selected) frame.current?.scrollIntoView({ block: 'nearest' }) }, [selected])
  const { title, state, resultId, transductive } = step
  // What is kept for a run to come is known by its id only.
  const { data: kept } = useQuery({ ...recipeQueries.result(resultId ?? 0), enabled: step.result === null && resultId !== null })
  const result = step.result ?? (resultId === null ? null : kept)
  return (
    <li className={css.row} data-far={(near !== null && !near.has(step.step)) || undefined}>
      <LaneCell row={row} lanes={lanes} own={step.step} near={near} state={state} />
      <button ref={frame} type="button" className={css.step} data-bare={!result || undefined} aria-current={selected || undefined} onClick={onSelect} data-step={step.step}>
        <StepState state={state} />
        <span className={css.title}>
          <span className={css.name} title={title}>{title}</span>
          {main && <Tooltip label="What the recipe is for"><IconStar size={13} role="img" aria-label="what the recipe is for" className={css.main} /></Tooltip>}
          {transductive && <Tooltip label="Transductive: looks at other queries of the same run, which a strict protocol may forbid"><IconArrowsShuffle size={13} role="img" aria-label="transductive" className={css.transductive} /></Tooltip>}
          {uncalibrated && <Tooltip label="A constant of this step was found with another model"><IconAlertTriangle size={13} role="img" aria-label="uncalibrated" className={css.uncalibrated} /></Tooltip>}
        </span>
        {result && <span className={css.summary} title={result.summary}>{result.summary}</span>}
        {result && <span className={css.cost}>{secondsText(result.seconds)}</span>}
        {result && <span className={css.cost}>{result.peakBytes ? formatBytes(result.peakBytes) : ''}</span>}
      </button>
    </li>
  )
})
