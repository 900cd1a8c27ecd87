import { useState } from 'react'
import { domainOf, nearest, place, thinned, ticks, tightDomain } from './rules/chartScale.ts'
import css from './LineChart.module.css'

interface Props {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly xTitle: string
  readonly yTitle: string
  /** At each point, the score from which on it holds. */
  readonly thresholds?: readonly number[] | undefined
  /** A dot for each point: for few of them. */
  readonly points?: boolean
  /** The y axis covers just the values. */
  readonly tight?: boolean
  /** The x that is marked. */
  readonly marked?: number
  readonly height?: number
}

const width = 284
const pad = { left: 40, right: 8, top: 8, bottom: 30 }
const most = 400
const short = (value: number): string => String(Number(value.toPrecision(4)))

/** A curve with its values under the pointer, or point by point with the arrow keys. */
export function LineChart({ x, y, xTitle, yTitle, thresholds, points = false, tight = false, marked, height = 176 }: Props) {
  const [at, setAt] = useState<number | null>(null)
  const inner = { width: width - pad.left - pad.right, height: height - pad.top - pad.bottom }
  const [xDomain, yDomain] = tight ? [tightDomain(x), tightDomain(y)] : [domainOf(x), domainOf(y)]
  const shown = thinned(x.length, most)
  const px = x.map((value) => pad.left + place(value, xDomain, inner.width))
  const py = y.map((value) => pad.top + inner.height - place(value, yDomain, inner.height))
  const here = at === null ? null : Math.min(at, x.length - 1)
  const move = (by: number): void => setAt((now) => {
    const index = now === null ? 0 : shown.findIndex((one) => one >= now) + by
    return shown[Math.max(0, Math.min(shown.length - 1, index))] ?? null
  })
  const words = here === null ? `${yTitle} by ${xTitle}` : [`${xTitle} ${short(x[here] ?? 0)}`, `${yTitle} ${short(y[here] ?? 0)}`, thresholds?.[here] === undefined ? '' : `score ≥ ${short(thresholds[here])}`].filter(Boolean).join(' · ')
  if (x.length === 0) return <p className={css.words}>No points.</p>
  return (
    <figure className={css.figure}>
      {/* oxlint-disable-next-line no-noninteractive-tabindex -- its values are read with the arrow keys */}
      <svg
        className={css.chart} viewBox={`0 0 ${width} ${height}`} width="100%" role="slider" aria-label={`${yTitle} by ${xTitle}`} aria-valuenow={here ?? 0} aria-valuemin={0} aria-valuemax={x.length - 1} aria-valuetext={words} tabIndex={0}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          const scale = width / box.width
          const found = nearest(px, py, { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale })
          setAt(found < 0 ? null : found)
        }}
        onPointerLeave={() => setAt(null)} onBlur={() => setAt(null)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key]
          if (by === undefined) return
          event.preventDefault()
          event.stopPropagation()
          move(by)
        }}
      >
        {ticks(xDomain).map((tick) => <text key={`x${tick}`} className={css.tick} x={pad.left + place(tick, xDomain, inner.width)} y={height - 17} textAnchor="middle">{short(tick)}</text>)}
        {ticks(yDomain, 3).map((tick) => {
          const top = pad.top + inner.height - place(tick, yDomain, inner.height)
          return <g key={`y${tick}`}><path className={css.grid} d={`M${pad.left} ${top}H${width - pad.right}`} /><text className={css.tick} x={pad.left - 5} y={top + 3.5} textAnchor="end">{short(tick)}</text></g>
        })}
        <path className={css.axis} d={`M${pad.left} ${pad.top}V${height - pad.bottom}H${width - pad.right}`} />
        <text className={css.title} x={pad.left + inner.width / 2} y={height - 4} textAnchor="middle">{xTitle}</text>
        <path className={css.line} d={shown.map((i, n) => `${n === 0 ? 'M' : 'L'}${px[i]?.toFixed(1)} ${py[i]?.toFixed(1)}`).join('')} />
        {points && shown.map((i) => <circle key={i} className={css.point} data-marked={x[i] === marked || undefined} cx={px[i]} cy={py[i]} r={x[i] === marked ? 5 : 3} />)}
        {here !== null && <circle className={css.here} cx={px[here]} cy={py[here]} r={4} />}
      </svg>
      <figcaption className={css.words}>{words}</figcaption>
    </figure>
  )
}
