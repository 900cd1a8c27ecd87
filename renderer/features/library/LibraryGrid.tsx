import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { formatNumber } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import { useUi } from '../../stores/ui.ts'
import { GridLayout } from './gridLayout.ts'
import { GridRow } from './GridRow.tsx'
import { columnsFor } from './justify.ts'
import { GroupScrubber } from './GroupScrubber.tsx'
import { useMappedScroll } from './useMappedScroll.ts'
import type { LibraryList } from './useLibraryList.ts'
import css from './LibraryGrid.module.css'

const gap = 6
const padding = 12
const headerHeight = 34
const overscan = 300

interface Props {
  readonly list: LibraryList
  readonly onLayout: (layout: GridLayout) => void
}

/** The virtual grid: only the rows near the window exist. */
export function LibraryGrid({ list, onLayout }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const thumbSize = useUi((state) => state.thumbSize)
  const shape = useUi((state) => state.gridShape)
  const cursor = useLibrary((state) => state.cursor)
  const { ids, view } = list

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = new ResizeObserver(() => setWidth(element.clientWidth - 2 * padding))
    measure.observe(element)
    return () => measure.disconnect()
  }, [])

  const columns = columnsFor(width, thumbSize, gap, shape)
  const layout = useMemo(
    () => new GridLayout({ count: ids.length, columns, rowHeight: thumbSize + gap, marks: view.marks, headerHeight }),
    [ids, columns, thumbSize, view.marks]
  )
  useEffect(() => onLayout(layout), [layout, onLayout])

  const { offset, viewportHeight, innerHeight, shift, scrollTo } = useMappedScroll(scroller, layout.height + 2 * padding)
  useLayoutEffect(() => {
    if (viewportHeight === 0) return
    const { top, bottom } = layout.placeOf(cursor)
    const first = layout.vertical(cursor, -1) === cursor
    if (top - headerHeight < offset) scrollTo(first ? 0 : top - headerHeight)
    else if (bottom + padding > offset + viewportHeight) scrollTo(bottom + 2 * padding - viewportHeight)
    // Only the hand moves the window to itself; scrolling by wheel must not be pulled back.
    // oxlint-disable-next-line exhaustive-deps, exhaustive-effect-dependencies
  }, [cursor, layout, viewportHeight > 0])

  const items = width > 0 ? layout.itemsBetween(offset - overscan, offset + viewportHeight + overscan) : []
  const firstVisible = items.find((item) => item.top + thumbSize > offset)
  return (
    <div className={css.frame}>
      <div ref={scroller} className={css.scroller} role="grid" aria-label="Images" aria-rowcount={-1} aria-multiselectable tabIndex={-1} data-work>
        <div style={{ height: innerHeight }} className={css.inner}>
          {items.map((item) => (item.kind === 'header' ? (
            <div key={`h${item.start}`} className={css.header} style={{ top: item.top + padding + shift, height: headerHeight }}>
              <b>{item.label || '(top folder)'}</b><span>{formatNumber(item.count)}</span>
            </div>
          ) : (
            <GridRow key={`r${item.start}`} ids={ids} start={item.start} count={item.count} columns={columns} top={item.top + padding + shift} left={padding} width={width} height={thumbSize} gap={gap} shape={shape} group={layout.labelOf(item.start)} />
          )))}
        </div>
      </div>
      {view.marks.length > 1 && <GroupScrubber layout={layout} count={ids.length} at={firstVisible?.start ?? 0} onGo={(start) => scrollTo(layout.placeOf(start).top - headerHeight)} />}
    </div>
  )
}
