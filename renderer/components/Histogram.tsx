import { type PointerEvent, useId, useRef, useState } from 'react'
import type { Histogram as Bins } from '../../core/contract/common.ts'
import { useActions } from '../app/actions.ts'
import { formatNumber, formatScore } from './format.ts'
import css from './Histogram.module.css'

interface Props {
  readonly bins: Bins
  /** The threshold, in the histogram's own units. */
  readonly value: number
  /** While dragging and on every key. */
  readonly onChange: (value: number) => void
  /** When the hand lets go, and on every key. */
  readonly onCommit?: (value: number) => void
  readonly label: string
  /** One press of [ or ]; Shift takes ten. */
  readonly step?: number
  readonly height?: number
  /** Which side of the threshold counts; default the right one. */
  readonly side?: 'above' | 'below'
  /** Bind [ and ] on the whole screen under this scope's title; default: only while the handle has the focus. */
  readonly scope?: string
  readonly format?: (value: number) => string
}

const width = 100

/** A histogram with a threshold that is dragged, or nudged with [ and ]. Heights are square roots, so that a tail of few pairs still shows. */
export function Histogram({ bins, value, onChange, onCommit, label, step = 0.005, height = 84, side = 'above', scope, format = formatScore }: Props) {
  const id = useId()
  const frame = useRef<SVGSVGElement>(null)
  const [hover, setHover] = useState<number | null>(null)
  const { from, to, counts } = bins
  const span = to - from || 1
  const most = Math.sqrt(Math.max(1, ...counts))
  const barWidth = width / Math.max(1, counts.length)
  const clamp = (next: number): number => Math.min(to, Math.max(from, next))
  const x = ((clamp(value) - from) / span) * width

  const nudge = (by: number): void => {
    const next = clamp(Math.round((value + by) / step) * step)
    onChange(next)
    onCommit?.(next)
  }
  useActions(scope ?? label, [
    { id: `${id}.down`, title: `${label}: lower`, keys: ['['], run: () => nudge(-step), quiet: true },
    { id: `${id}.up`, title: `${label}: higher`, keys: [']'], run: () => nudge(step), quiet: true }
  ], { enabled: scope !== undefined })

  const at = (event: PointerEvent): number => {
    const box = frame.current?.getBoundingClientRect()
    if (!box) return value
    return clamp(Math.round((from + ((event.clientX - box.left) / box.width) * span) / step) * step)
  }
  const inside = (index: number): boolean => {
    const middle = from + ((index + 0.5) / counts.length) * span
    return side === 'above' ? middle >= value : middle <= value
  }
  const hovered = hover === null ? null : Math.min(counts.length - 1, Math.floor(((hover - from) / span) * counts.length))

  return (
    <div className={css.frame}>
      <svg
        ref={frame} className={css.chart} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" style={{ height }} aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          onChange(at(event))
        }}
        onPointerMove={(event) => {
          setHover(at(event))
          if (event.currentTarget.hasPointerCapture(event.pointerId)) onChange(at(event))
        }}
        onPointerUp={(event) => onCommit?.(at(event))}
        onPointerLeave={() => setHover(null)}
      >
        {counts.map((count, index) => {
          const tall = count === 0 ? 0 : Math.max(1.5, (Math.sqrt(count) / most) * (height - 6))
          const left = index * barWidth
          return <rect key={left} className={css.bar} data-inside={inside(index) || undefined} data-hover={hovered === index || undefined} x={left} y={height - tall} width={Math.max(0.2, barWidth * 0.86)} height={tall} />
        })}
      </svg>
      <div
        className={css.handle} style={{ left: `${x}%` }} role="slider" tabIndex={0} aria-label={label} aria-valuemin={from} aria-valuemax={to} aria-valuenow={value} aria-valuetext={format(value)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -step, ArrowDown: -step, '[': -step, ArrowRight: step, ArrowUp: step, ']': step, PageDown: -10 * step, PageUp: 10 * step }[event.key]
          if (by === undefined) return
          event.preventDefault()
          event.stopPropagation()
          nudge(event.shiftKey ? by * 10 : by)
        }}
      />
      <div className={css.scale}>
        <span>{format(from)}</span>
        <span className={css.hover}>{hovered === null ? '' : `${formatNumber(counts[hovered] ?? 0)} at ${format(from + (hovered / counts.length) * span)}`}</span>
        <span>{format(to)}</span>
      </div>
    </div>
  )
}
