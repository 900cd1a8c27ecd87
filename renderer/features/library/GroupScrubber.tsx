import { useLayoutEffect, useRef, useState } from 'react'
import type { GridLayout } from './gridLayout.ts'
import css from './GroupScrubber.module.css'

interface Props {
  readonly layout: GridLayout
  readonly count: number
  /** Index of the first image on the screen. */
  readonly at: number
  readonly onGo: (start: number) => void
}

/** The least distance between two names, px. */
const pitch = 16

/** The names of the groups beside the scroll bar, as many as fit; a click or a drag goes there. */
export function GroupScrubber({ layout, count, at, onGo }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const { groups } = layout
  const [height, setHeight] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = new ResizeObserver(() => setHeight(element.clientHeight))
    measure.observe(element)
    return () => measure.disconnect()
  }, [])
  const room = Math.max(4, Math.floor(height / pitch))
  const every = Math.ceil(groups.length / room)
  const current = groups.findLastIndex((group) => group.start <= at)
  const goTo = (clientY: number): void => {
    const box = frame.current?.getBoundingClientRect()
    if (!box) return
    const group = groups[Math.max(0, Math.min(groups.length - 1, Math.floor(((clientY - box.top) / box.height) * groups.length)))]
    if (group) onGo(group.start)
  }
  return (
    <div
      ref={frame} className={css.scrubber} aria-hidden="true" data-count={count}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event.clientY)
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && goTo(event.clientY)}
    >
      {groups.map((group, index) => {
        const isCurrent = index === current
        if (index % every !== 0 && !isCurrent) return null
        return <span key={group.start} className={css.name} data-current={isCurrent || undefined} style={{ top: `${((index + 0.5) / groups.length) * 100}%` }}>{group.label || '(top)'}</span>
      })}
    </div>
  )
}
