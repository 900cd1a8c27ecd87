import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef } from 'react'
import type { MatchDecision, MatchSource, QueryRow } from '../../../core/contract/matches.ts'
import { StateMark } from '../../components/StateMark.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { decisionMarks, decisionWords, scoreText, truthWords } from './matchWords.ts'
import { rowQuery } from './matchQueries.ts'
import { goToQuery, pairName, useMatches } from './matchesStore.ts'
import { TruthMark } from './TruthMark.tsx'
import css from './QueryList.module.css'

export const queryHeight = 58

/** All queries of the list; only those on the screen exist. */
export function QueryList({ source, ids, onPage }: { source: MatchSource; ids: Int32Array; onPage: (rows: number) => void }) {
  const at = useMatches((now) => now.at)
  const frame = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler here whose memoising it could mislead
  const rows = useVirtualizer({ count: ids.length, getScrollElement: () => frame.current, estimateSize: () => queryHeight, getItemKey: (index) => ids[index] ?? index, overscan: 4 })
  useEffect(() => {
    if (ids.length > 0) rows.scrollToIndex(Math.min(at, ids.length - 1), { align: 'auto' })
  }, [rows, at, ids])
  const height = rows.scrollRect?.height ?? 0
  useEffect(() => onPage(Math.max(1, Math.floor(height / queryHeight) - 1)), [onPage, height])
  const here = ids[at]
  return (
    <div ref={frame} className={css.frame} role="listbox" aria-label="Queries" tabIndex={-1} aria-activedescendant={here === undefined ? undefined : `query-${here}`}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => (
          <div key={row.key} className={css.slot} style={{ transform: `translateY(${row.start}px)` }}>
            <QueryCell source={source} id={ids[row.index]!} index={row.index} count={ids.length} current={row.index === at} />
          </div>
        ))}
      </div>
    </div>
  )
}

const spoken = ({ image, best, truth }: QueryRow, decision: MatchDecision | null): string =>
  [image.name, best ? `score ${scoreText(best.score)}` : 'nothing found', decision ? decisionWords[decision] : 'open', truth ? truthWords[truth] : null].filter(Boolean).join(', ')

const QueryCell = memo(function QueryCell({ source, id, index, count, current }: { source: MatchSource; id: number; index: number; count: number; current: boolean }) {
  const { data: row } = useQuery(rowQuery(source, id))
  const best = row?.best?.imageId
  const guessed = useMatches((now) => (best === undefined ? undefined : now.guesses.get(pairName(id, best))))
  const decision = guessed === undefined ? row?.decision : guessed
  return (
    <button id={`query-${id}`} type="button" role="option" tabIndex={-1} aria-selected={current} aria-label={row ? spoken(row, decision ?? null) : `Query ${index + 1}`} className={css.row} onClick={() => goToQuery(index, count)}>
      <span className={css.thumb}><Thumb id={id} row={row?.image} aspect={null} marks={false} /></span>
      <span className={css.words}>
        <span className={css.name} title={row?.image.path}>{row?.image.name ?? ''}</span>
        <span className={css.facts}>
          {row?.best ? <b>{scoreText(row.best.score)}</b> : row ? 'nothing found' : ''}
          {row?.inliers ? <span>{row.inliers} in.</span> : null}
        </span>
      </span>
      <span className={css.marks}>
        {decision && <StateMark mark={decisionMarks[decision]} size={15} title={decisionWords[decision]} />}
        {row?.truth && <TruthMark truth={row.truth} />}
      </span>
    </button>
  )
})
