import { useEffect } from 'react'
import { useQuery } from '@tanstack/react-query'
import { rowNow, useRow } from '../../app/rows.ts'
import { queries } from '../../app/queries.ts'
import { imageUrl } from '../../components/Thumb.tsx'
import { StateMark } from '../../components/StateMark.tsx'
import { formatNumber } from '../../components/format.ts'
import { useLibrary } from '../../stores/library.ts'
import { LoupePicture } from './LoupePicture.tsx'
import { NeighbourStrip } from './NeighbourStrip.tsx'
import { Opinions } from './Opinions.tsx'
import { useSettled } from './useSettled.ts'
import css from './Loupe.module.css'

const marks = { keep: 'accept', drop: 'reject', unsure: 'unsure' } as const

/** One image as large as the room allows, what people and machine say of it, and its neighbours below. */
export function Loupe({ ids, id }: { ids: Int32Array; id: number }) {
  const row = useRow(id)
  const cursor = useLibrary((state) => state.cursor)
  const visiting = useLibrary((state) => state.visiting)
  const settled = useSettled(id, 140)
  const { data: details } = useQuery(queries.details(settled))

  useEffect(() => {
    // The next picture is fetched while this one is looked at.
    for (const near of [ids[cursor + 1], ids[cursor - 1]]) if (near !== undefined && rowNow(near)?.state === 'ready') new Image().src = imageUrl(near)
  }, [ids, cursor])

  return (
    <div className={css.loupe}>
      {row && <LoupePicture row={row} />}
      <div className={css.caption}>
        {row?.verdict && <StateMark mark={marks[row.verdict]} size={18} />}
        <b className={css.name}>{row?.name ?? ''}</b>
        <span className={css.place}>{visiting === null ? `${formatNumber(cursor + 1)} of ${formatNumber(ids.length)}` : 'a neighbour, outside the list: Esc goes back'}</span>
        {row && <Opinions row={row} predictions={details?.id === id ? details.predictions : []} />}
      </div>
      <NeighbourStrip id={settled} />
    </div>
  )
}
