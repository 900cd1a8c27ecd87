import { memo } from 'react'
import type { StepState } from './rules/shownSteps.ts'
import type { GraphRow } from './rules/stepGraph.ts'
import css from './StepList.module.css'

interface Props {
  readonly row: GraphRow
  readonly lanes: number
  readonly own: string
  readonly near: ReadonlySet<string> | null
  readonly state: StepState
}

export const rowHeight = 28
const middle = rowHeight / 2
/** Many lines stand closer. */
const gapOf = (lanes: number): number => (lanes > 9 ? 7 : 11)

/** The lines at the left of a step: what passes by, what comes in, what goes on. */
export const LaneCell = memo(function LaneCell({ row: { lane, through, from, goesOn }, lanes, own, near, state }: Props) {
  const isNear = (step: string): boolean | undefined => near?.has(step) || undefined
  const gap = gapOf(lanes)
  const width = 12 + lanes * gap
  const x = (lane: number): number => 9 + lane * gap
  return (
    <svg className={css.lanes} width={width} height={rowHeight} viewBox={`0 0 ${width} ${rowHeight}`} aria-hidden="true">
      {through.map((line) => <path key={`t${line.lane}`} className={css.line} data-near={isNear(line.step)} d={`M${x(line.lane)} 0V${rowHeight}`} />)}
      {from.map((line) => (
        <path
          key={`f${line.lane}`} className={css.line} data-near={(isNear(line.step) && isNear(own)) || undefined}
          d={line.lane === lane ? `M${x(lane)} 0V${middle}` : `M${x(line.lane)} 0C${x(line.lane)} ${middle * 0.9} ${x(lane)} ${middle * 0.2} ${x(lane)} ${middle}`}
        />
      ))}
      {goesOn && <path className={css.line} data-near={isNear(own)} d={`M${x(lane)} ${middle}V${rowHeight}`} />}
      <circle className={css.node} data-state={state} data-near={isNear(own)} cx={x(lane)} cy={middle} r={3.6} />
    </svg>
  )
})
