import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { useActions } from '../../app/actions.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { useUi } from '../../stores/ui.ts'
import { acceptAll } from './labelActs.ts'
import { changeQueue, goTo, renewQueue, useLabels } from './labelsStore.ts'
import { sheetWords } from './labelWords.ts'
import { SheetCell } from './SheetCell.tsx'
import { sheetActions } from './sheetActions.ts'
import { useSheetClass } from './useSheetClass.ts'
import { unmarked } from './wrongMarks.ts'
import css from './ContactSheet.module.css'

const GAP = 8

/** Everything that was predicted as one class, surest first: mark only what is wrong, accept the rest as one step. */
export function ContactSheet({ runId, ids }: { runId: number; ids: Int32Array }) {
  const at = useLabels((now) => now.at)
  const wrong = useLabels((now) => now.wrong)
  const size = useUi((state) => state.thumbSize)
  const { className, next, previous } = useSheetClass()
  const frame = useRef<HTMLDivElement>(null)
  const { ref: sizeRef, width, height } = useElementSize()
  const columns = Math.max(1, Math.floor((width - GAP) / (size * 1.15 + GAP)))
  const rowSize = size + GAP
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const rows = useVirtualizer({ count: Math.ceil(ids.length / columns), getScrollElement: () => frame.current, estimateSize: () => rowSize, overscan: 3, paddingStart: GAP })
  useEffect(() => { rows.measure() }, [rows, rowSize])
  useEffect(() => { if (ids.length > 0) rows.scrollToIndex(Math.floor(at / columns), { align: 'auto' }) }, [rows, at, columns, ids.length])

  const rest = useMemo(() => unmarked(ids, wrong), [ids, wrong])
  const wrongHere = ids.length - rest.length
  const accept = async (): Promise<void> => {
    if (rest.length > 0 && await acceptAll(runId, rest)) renewQueue()
  }
  useActions('Contact sheet', sheetActions({ ids, columns, page: Math.max(1, Math.floor(height / rowSize)), accept: () => void accept(), next, previous }))

  return (
    <div className={css.sheet}>
      <header className={css.bar}>
        <Tooltip label={<>Class before <Kbd keys="Shift+Left" /></>}><ActionIcon tabIndex={-1} aria-label="Class before" onClick={previous}><IconChevronLeft size={18} /></ActionIcon></Tooltip>
        <b className={css.title}>{className}</b>
        <Tooltip label={<>Next class <Kbd keys="Shift+Right" /></>}><ActionIcon tabIndex={-1} aria-label="Next class" onClick={next}><IconChevronRight size={18} /></ActionIcon></Tooltip>
        <span className={css.hint}>Mark only what is wrong with <Kbd keys="X" />, then accept the rest.</span>
        {wrongHere > 0 && <Button variant="default" onClick={() => changeQueue({ mode: 'single', classId: useLabels.getState().sheetClassId })}>Decide one at a time</Button>}
        <Button disabled={rest.length === 0} onClick={() => void accept()} rightSection={<Kbd keys="Mod+Enter" />}>{sheetWords(rest.length, className, wrongHere)}</Button>
      </header>
      <div ref={frame} className={css.frame} role="grid" aria-label={`Predicted as ${className}`} aria-multiselectable>
        <div ref={sizeRef} className={css.measure} />
        {ids.length === 0 && (
          <EmptyState title={`Nothing open is predicted as ${className}`} actions={<><Button onClick={next}>Next class</Button><Button variant="default" onClick={() => changeQueue({ mode: 'single' })}>One at a time</Button></>} />
        )}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {width > 0 && rows.getVirtualItems().map((row) => (
            <div key={row.key} className={css.row} role="row" style={{ height: size, gap: GAP, padding: `0 ${GAP}px`, transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
              {Array.from(ids.subarray(row.index * columns, (row.index + 1) * columns), (id, column) => (
                <SheetCell key={id} id={id} current={row.index * columns + column === at} wrong={wrong.has(id)} onPick={() => goTo(row.index * columns + column, ids.length)} />
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
