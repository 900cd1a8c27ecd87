import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { CleanCellAt, CleanClasses, CleanSource } from '../../../core/contract/clean.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount, formatNumber } from '../../components/format.ts'
import { classesQuery, classPageSize } from './cleanQueries.ts'
import { pickClass, useClean } from './cleanStore.ts'
import css from './ClassList.module.css'

const rowHeight = 26
const fieldId = 'clean-class-field'
export const findClass = (): void => document.getElementById(fieldId)?.focus()
const leaveField = (): void => document.getElementById(fieldId)?.blur()

/** The classes with what the cell leaves of them, those that vanish first; one of them can be looked at alone. */
export function ClassList({ source, at }: { source: CleanSource; at: CleanCellAt }) {
  const [text, setText] = useState('')
  const [wanted] = useDebouncedValue(text.trim(), 150)
  const [cursor, setCursor] = useState(0)
  const picked = useClean((now) => now.label)
  const frame = useRef<HTMLDivElement>(null)
  const [count, setCount] = useState(0)
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const rows = useVirtualizer({ count, getScrollElement: () => frame.current, estimateSize: () => rowHeight, overscan: 6 })
  const items = rows.getVirtualItems()
  // The first page stays until that of another cell is here.
  const first = useQuery({ ...classesQuery(source, at, wanted, 0), placeholderData: keepPreviousData })
  const pages = [...new Set(items.map(({ index }) => Math.floor(index / classPageSize)))].filter((page) => page > 0)
  const further = useQueries({ queries: pages.map((page) => classesQuery(source, at, wanted, page)) })
  const total = first.data?.total ?? 0
  if (count !== total) setCount(total)
  const rowAt = (index: number): CleanClasses['rows'][number] | undefined => {
    const page = Math.floor(index / classPageSize)
    return (page === 0 ? first.data : further[pages.indexOf(page)]?.data)?.rows[index % classPageSize]
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const to = Math.max(0, Math.min(total - 1, cursor + step))
      setCursor(to)
      rows.scrollToIndex(to, { align: 'auto' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const row = rowAt(cursor)
      if (row) {
        pickClass(row)
        leaveField()
      }
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      if (text !== '') setText('')
      else leaveField()
    }
  }
  const error = first.error ?? further.find((answer) => answer.error)?.error
  return (
    <section className={css.frame}>
      <header className={css.head}>
        <h3>Classes</h3>
        <TextInput
          id={fieldId} size="xs" placeholder="Find a class" aria-label="Find a class" role="combobox" aria-expanded aria-controls="clean-classes" aria-activedescendant={`clean-class-${cursor}`} value={text} spellCheck={false} leftSection={<IconSearch size={13} />}
          onChange={(event) => { setText(event.currentTarget.value); setCursor(0) }} onKeyDown={onKeyDown}
        />
        <span className={css.cols}><span>kept</span><span>dropped</span></span>
      </header>
      {error != null && <ErrorNote title="The classes could not be loaded." error={error} />}
      <div ref={frame} className={css.list} id="clean-classes" role="listbox" aria-label="Classes">
        {total === 0 && first.isSuccess && <p className={css.none}>{wanted === '' ? 'No classes.' : `No class is called like “${wanted}”.`}</p>}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index)
            if (!row) return null
            const share = row.images === 0 ? 0 : row.kept / row.images
            return (
              <div
                key={row.label} id={`clean-class-${index}`} role="option" aria-selected={picked?.label === row.label} className={css.row} data-cursor={index === cursor || undefined} data-gone={row.kept === 0 || undefined}
                style={{ transform: `translateY(${start}px)` }} aria-label={`${row.name}: ${row.kept} kept, ${row.images - row.kept} dropped`}
                title={row.kept === 0 && row.clean > 0 ? `${formatCount(row.clean, 'image is', 'images are')} clean, too few for the class to stay` : undefined}
                onClick={() => { setCursor(index); pickClass(row) }}
              >
                <span className={css.name}>{row.name}{row.kept === 0 && <em> vanishes</em>}</span>
                <span className={css.bar}><span style={{ width: `${share * 100}%` }} /></span>
                <span className={css.count}>{formatNumber(row.kept)}</span>
                <span className={css.count}>{formatNumber(row.images - row.kept)}</span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
