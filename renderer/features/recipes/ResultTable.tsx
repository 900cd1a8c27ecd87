import { Center, Loader, Modal } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { StepResult } from '../../../core/contract/recipes.ts'
import { useClasses } from '../../app/queries.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount } from '../../components/format.ts'
import { recipeQueries } from './recipeQueries.ts'
import { Cell } from './ResultRows.tsx'
import { columnTitle, ownNames } from './rules/resultColumns.ts'
import css from './ResultTable.module.css'

const pageSize = 100
const rowHeight = 34
/** Browsers cannot scroll further than some ten million pixels; who wants more rows exports the result. */
const mostRows = 250_000

/** All rows of a result. */
export function ResultTable({ resultId, title, onClose }: { resultId: number; title: string; onClose: () => void }) {
  const { data: result, error: lost } = useQuery(recipeQueries.result(resultId))
  const first = useQuery({ ...recipeQueries.rows({ resultId, madeAt: result?.madeAt ?? 0 }, 0, pageSize), enabled: result !== undefined })
  const error = lost ?? first.error
  const total = first.data?.total ?? 0
  return (
    <Modal opened onClose={onClose} size="min(1180px, 94vw)" title={`${title}: ${first.data ? formatCount(total, 'row') : ''}${total > mostRows ? `, the first ${mostRows.toLocaleString('en-US')} of them` : ''}`}>
      {error && <ErrorNote title="The rows could not be read." error={error} />}
      {first.data && result ? <Rows result={result} total={Math.min(total, mostRows)} columns={first.data.columns} /> : !error && <Center h={200}><Loader size="sm" color="gray" /></Center>}
    </Modal>
  )
}

function Rows({ result, total, columns }: { result: StepResult; total: number; columns: { name: string; type: 'image' | 'number' | 'text' }[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { data: classes } = useClasses()
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 })
  const items = virtual.getVirtualItems()
  const pages = [...new Set(items.map(({ index }) => Math.floor(index / pageSize)))]
  const loaded = new Map(useQueries({ queries: pages.map((page) => recipeQueries.rows(result, page * pageSize, pageSize)) }).map(({ data }, i) => [pages[i], data]))
  const labels = new Map([...(classes ?? []).map(({ id, name }) => [id, name] as const), ...ownNames(result.facts)])
  const layout = { gridTemplateColumns: `64px ${columns.map(({ type }) => (type === 'image' ? 'minmax(160px, 2fr)' : 'minmax(70px, 1fr)')).join(' ')}` }
  return (
    <div className={css.frame} role="table" aria-rowcount={total}>
      <div className={css.head} role="row" style={layout}><span role="columnheader">row</span>{columns.map(({ name, type }) => <span key={name} role="columnheader" data-number={type === 'number' || undefined}>{columnTitle(name)}</span>)}</div>
      {/* oxlint-disable-next-line no-noninteractive-tabindex -- scrolled with the keys */}
      <div ref={scroller} className={css.scroller} tabIndex={0} data-autofocus>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const page = loaded.get(Math.floor(index / pageSize))
            const row = page?.rows[index % pageSize]
            return (
              <div key={index} className={css.row} role="row" style={{ ...layout, height: rowHeight, transform: `translateY(${start}px)` }}>
                <span role="cell" className={css.index}>{(index + 1).toLocaleString('en-US')}</span>
                {page && row && columns.map(({ name, type }, i) => <span key={name} role="cell" data-number={type === 'number' || undefined}><Cell page={page} column={i} value={row[i] ?? null} labels={labels} /></span>)}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
