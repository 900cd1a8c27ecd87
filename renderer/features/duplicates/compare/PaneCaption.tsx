import { IconStarFilled } from '@tabler/icons-react'
import type { GroupMember } from '../../../../core/contract/duplicates.ts'
import { useRow } from '../../../app/rows.ts'
import { formatBytes } from '../../../components/format.ts'
import { StateMark } from '../../../components/StateMark.tsx'
import { evidenceWords } from '../groupWords.ts'
import css from './CompareBench.module.css'

const marks = { keep: 'accept', drop: 'reject', unsure: 'unsure' } as const

/** px, as in CompareBench.module.css */
export const CAPTION_HEIGHT = 40

/** What a pane shows: keeper or how near to it, size, path, decision. */
export function PaneCaption({ member }: { member: GroupMember }) {
  const row = useRow(member.image.id)
  const verdict = row?.verdict
  return (
    <div className={css.caption}>
      <div className={css.captionFirst}>
        {verdict && <StateMark mark={marks[verdict]} size={14} />}
        {member.keeper ? <b className={css.keeperWord}><IconStarFilled size={12} /> keeper</b> : <b>{evidenceWords(member)}</b>}
        <span>{member.image.width} × {member.image.height}</span>
        <span>{formatBytes(member.bytes)}</span>
        {member.format && <span>{member.format}</span>}
        {member.image.className && <span>{member.image.className}</span>}
      </div>
      <div className={css.path} title={member.image.path}><bdi>{member.image.path}</bdi></div>
    </div>
  )
}
