import { useEffect, useRef } from 'react'
import type { DuplicateGroup } from '../../../../core/contract/duplicates.ts'
import { Thumb } from '../../../components/Thumb.tsx'
import { goToMember } from '../duplicatesStore.ts'
import css from './CompareBench.module.css'

/** More than this and a strip is no overview any more. */
const MOST = 120

/** All images of the group below the bench, with the numbers that the keys 1-9 know. */
export function FilmStrip({ group, current }: { group: DuplicateGroup; current: number }) {
  const here = useRef<HTMLButtonElement>(null)
  // oxlint-disable-next-line exhaustive-effect-dependencies
  useEffect(() => { here.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) }, [current])
  if (group.members.length < 3) return null
  return (
    <div className={css.strip}>
      {group.members.slice(0, MOST).map((member, index) => (
        <button
          key={member.image.id} ref={member.image.id === current ? here : undefined} type="button" tabIndex={-1} className={css.frame}
          data-current={member.image.id === current || undefined} data-keeper={member.keeper || undefined} aria-label={`Image ${index + 1}`} onClick={() => goToMember(index)}
        >
          <Thumb id={member.image.id} aspect={null} />
          {index < 9 && <span className={css.number}>{index + 1}</span>}
        </button>
      ))}
    </div>
  )
}
