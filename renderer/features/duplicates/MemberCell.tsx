import { IconArrowDown, IconArrowUp, IconPin, IconStarFilled } from '@tabler/icons-react'
import { memo } from 'react'
import type { DuplicateGroup, GroupMember } from '../../../core/contract/duplicates.ts'
import { Thumb } from '../../components/Thumb.tsx'
import { evidenceWords, isOrientation, shortComparison } from './groupWords.ts'
import css from './MemberCell.module.css'

interface Props {
  readonly group: DuplicateGroup
  readonly member: GroupMember
  /** Its number in the group from 1, where the keys 1-9 reach it. */
  readonly number: number | null
  readonly current: boolean
  readonly pictureHeight: number
  readonly onPick: () => void
  readonly onOpen: () => void
}

/** One image of a group: the keeper with the reason why, any other with how near it is and what is better or worse about it. */
export const MemberCell = memo(function MemberCell({ group, member, number, current, pictureHeight, onPick, onOpen }: Props) {
  const { image, keeper } = member
  return (
    <div
      id={`member-${group.id}-${image.id}`} className={css.cell} role="gridcell" data-keeper={keeper || undefined} data-current={current || undefined} aria-selected={current}
      title={image.path} onClick={onPick} onDoubleClick={onOpen}
    >
      <div className={css.picture} style={{ height: pictureHeight }}>
        <Thumb id={image.id} aspect={null} fit="contain" label />
        {number !== null && <span className={css.number}>{number}</span>}
      </div>
      <div className={css.caption}>{keeper ? <KeeperCaption group={group} member={member} /> : <MemberCaption member={member} />}</div>
    </div>
  )
})

function KeeperCaption({ group, member: { image, pinned } }: { group: DuplicateGroup; member: GroupMember }) {
  return (
    <>
      <div className={css.keeper}>
        <IconStarFilled size={12} aria-label="keeper" />
        <span>{image.width} × {image.height}</span>
        {pinned && <IconPin size={12} aria-label="chosen by hand" />}
      </div>
      <div className={css.reason} title={group.reason}>{group.reason}</div>
    </>
  )
}

function MemberCaption({ member }: { member: GroupMember }) {
  const told = member.comparisons.filter(({ text, better }) => better !== 'same' || isOrientation(text))
  // What speaks for the member comes first: that is what could change the choice.
  const rest = (told.length > 0 ? told : member.comparisons).toSorted((a, b) => Number(isOrientation(b.text)) - Number(isOrientation(a.text)) || Number(b.better === 'member') - Number(a.better === 'member'))
  return (
    <>
      <div className={css.evidence}>{evidenceWords(member)}</div>
      <div className={css.comparisons} title={member.comparisons.map(({ text }) => text).join('\n')}>
        {rest.map(({ text, better }) => (
          <span key={text} className={css.comparison} data-better={better}>
            {better === 'member' && <IconArrowUp size={11} stroke={3} aria-label="better:" />}
            {better === 'keeper' && <IconArrowDown size={11} stroke={3} aria-label="worse:" />}
            {shortComparison(text)}
          </span>
        ))}
      </div>
    </>
  )
}
