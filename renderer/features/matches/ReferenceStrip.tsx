import { Button } from '@mantine/core'
import { IconBan } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { Candidate } from '../../../core/contract/matches.ts'
import { formatNumber } from '../../components/format.ts'
import { StateMark } from '../../components/StateMark.tsx'
import { Thumb } from '../../components/Thumb.tsx'
import { decisionMarks, decisionWords, ordinal, scoreText } from './matchWords.ts'
import { goToReference, mostReferences, useMatches } from './matchesStore.ts'
import { TruthMark } from './TruthMark.tsx'
import css from './ReferenceStrip.module.css'

/** The ranked references of a query, the best first. */
export function ReferenceStrip({ candidates, current, total }: { candidates: readonly Candidate[]; current: Candidate | undefined; total: number }) {
  const here = useRef<HTMLButtonElement>(null)
  const id = current?.image.id
  // oxlint-disable-next-line exhaustive-effect-dependencies
  useEffect(() => { here.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) }, [id])
  return (
    <div className={css.strip} role="listbox" aria-label="References" aria-orientation="horizontal" tabIndex={-1}>
      {candidates.map((one, index) => (
        <button
          key={one.image.id} ref={one.image.id === id ? here : undefined} type="button" role="option" tabIndex={-1} className={css.frame} aria-selected={one.image.id === id} data-decision={one.decision ?? undefined}
          aria-label={`${ordinal(one.rank)} reference, score ${scoreText(one.score)}${one.decision ? `, ${decisionWords[one.decision]}` : ''}`} onClick={() => goToReference(index, candidates.length)}
        >
          <span className={css.picture}><Thumb id={one.image.id} row={one.image} aspect={null} marks={false} fit="contain" /></span>
          {one.decision && <span className={css.mark}><StateMark mark={decisionMarks[one.decision]} title={decisionWords[one.decision]} /></span>}
          <span className={css.line}>
            <span className={css.rank}>{one.rank}</span>
            <b>{scoreText(one.score)}</b>
            {one.evidence && one.evidence.inliers > 0 && <span className={css.inliers} title={`${one.evidence.inliers} inliers`}>{formatNumber(one.evidence.inliers)} in.</span>}
            <span className={css.marks}>
              {one.vetoes.length > 0 && <IconBan size={13} className={css.veto ?? ''} aria-label="on a veto list" />}
              {one.truth !== null && <TruthMark truth={one.truth ? 'right' : 'wrong'} title={one.truth ? 'a match by the truth' : 'no match by the truth'} />}
            </span>
          </span>
        </button>
      ))}
      {total > candidates.length && candidates.length > 0 && (
        <div className={css.more}>
          <span>{formatNumber(candidates.length)} of {formatNumber(total)}</span>
          {candidates.length < mostReferences && <Button size="compact-xs" variant="default" tabIndex={-1} onClick={() => useMatches.setState({ limit: mostReferences })}>More</Button>}
        </div>
      )}
    </div>
  )
}
