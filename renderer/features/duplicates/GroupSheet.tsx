import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { useUi } from '../../stores/ui.ts'
import { useDuplicates } from './duplicatesStore.ts'
import { knownGroup } from './groupActs.ts'
import { GroupRow } from './GroupRow.tsx'
import { rowHeight, sheetLayout, shownMembers } from './sheetLayout.ts'
import css from './GroupSheet.module.css'

interface Props {
  readonly settings: DuplicateSettings
  readonly onCompare: () => void
  /** Told to the keys: how many groups fit on the screen and how many pictures on a line. */
  readonly onMeasure: (measured: { page: number; columns: number }) => void
}

/** All groups, one below the other; only those on the screen exist. */
export function GroupSheet({ settings, onCompare, onMeasure }: Props) {
  const order = useDuplicates((now) => now.order)
  const at = useDuplicates((now) => now.at)
  const member = useDuplicates((now) => now.member)
  const expanded = useDuplicates((now) => now.expanded)
  const thumbSize = useUi((state) => state.thumbSize)
  const frame = useRef<HTMLDivElement>(null)
  const { ref: sizeRef, width, height } = useElementSize()
  const layout = useMemo(() => sheetLayout(width, thumbSize), [width, thumbSize])
  const oneLine = rowHeight(layout, 1)

  const heightOf = (index: number): number => {
    const id = order[index]
    if (id === undefined || !expanded.has(id)) return oneLine
    return rowHeight(layout, shownMembers(knownGroup(settings, id)?.members.length ?? 0, layout.columns, true).lines)
  }
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const rows = useVirtualizer({ count: order.length, getScrollElement: () => frame.current, estimateSize: heightOf, getItemKey: (index) => order[index] ?? index, overscan: 3, scrollPaddingStart: oneLine / 2, scrollPaddingEnd: oneLine / 2 })

  useEffect(() => { rows.measure() }, [rows, layout, expanded, order])
  useEffect(() => {
    if (order.length > 0) rows.scrollToIndex(at, { align: 'auto' })
  }, [rows, at, order.length])
  useEffect(() => {
    onMeasure({ page: Math.max(1, Math.floor(height / oneLine)), columns: layout.columns })
  }, [onMeasure, height, oneLine, layout.columns])

  const here = order[at]
  const active = here === undefined ? undefined : knownGroup(settings, here)?.members[member]?.image.id
  return (
    <div ref={frame} className={css.frame} role="grid" aria-label="Groups of duplicates" aria-rowcount={order.length} aria-activedescendant={active === undefined ? undefined : `member-${here}-${active}`}>
      <div ref={sizeRef} className={css.measure} />
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {width > 0 && rows.getVirtualItems().map((row) => (
          <div key={row.key} className={css.slot} style={{ height: row.size, transform: `translateY(${row.start}px)` }}>
            <GroupRow settings={settings} id={order[row.index]!} index={row.index} layout={layout} onCompare={onCompare} />
          </div>
        ))}
      </div>
    </div>
  )
}
