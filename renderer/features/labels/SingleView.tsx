import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useActions } from '../../app/actions.ts'
import { useRow } from '../../app/rows.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { imageUrl, LabelChip } from '../../components/Thumb.tsx'
import { CandidateCard } from './CandidateCard.tsx'
import { itemQuery, prefetchItems } from './labelItems.ts'
import { QueueDone } from './QueueDone.tsx'
import { SaidStrip } from './SaidStrip.tsx'
import { shownCandidates } from './shownCandidates.ts'
import { singleActions } from './singleActions.ts'
import { say } from './labelActs.ts'
import { goTo, useLabels, type Answer } from './labelsStore.ts'
import css from './SingleView.module.css'

/** One image at a time: the picture large, what it may be below. One key decides, and the next picture is there. */
export function SingleView({ runId, ids }: { runId: number; ids: Int32Array }) {
  const at = useLabels((now) => now.at)
  const id = ids[at]
  const { data: item, error, refetch } = useQuery({ ...itemQuery(runId, id ?? -1), enabled: id !== undefined })
  const row = useRow(id)
  const label = row?.label ?? null
  useEffect(() => prefetchItems(runId, ids, at), [runId, ids, at])

  const answer = (said: Answer): void => {
    if (!item) return
    void say(runId, item, said)
    if (said.state !== 'clear') goTo(at + 1, ids.length)
  }
  useActions('Labels', singleActions({ item, count: ids.length, answer }))
  if (id === undefined) return <QueueDone total={ids.length} />
  return (
    <div className={css.view}>
      <div className={css.stage}>
        <img key={id} className={css.picture} src={imageUrl(id)} alt={row?.name ?? ''} draggable={false} />
        <div className={css.over}>
          <span className={css.path} title={row?.path}>{row?.path}</span>
          <span className={css.place}>{(at + 1).toLocaleString('en-US')} of {ids.length.toLocaleString('en-US')}</span>
        </div>
        {row && (label || row.className) && <div className={css.said}><LabelChip row={row} /></div>}
      </div>
      <div className={css.candidates}>
        {error && <ErrorNote title="The candidates could not be loaded." error={error} onRetry={() => void refetch()} />}
        {item === undefined && !error && <Center w="100%"><Loader size="sm" color="gray" /></Center>}
        {item === null && <p className={css.none}>This run has no prediction for this image. Press / to give it a class, or 0 for none.</p>}
        {item && shownCandidates(item).map((candidate, index) => (
          <CandidateCard
            key={candidate.classId} candidate={candidate} number={index + 1} chosen={label?.classId === candidate.classId}
            onChoose={() => answer({ state: 'class', classId: candidate.classId, className: candidate.className })}
          />
        ))}
      </div>
      <SaidStrip ids={ids} />
    </div>
  )
}
