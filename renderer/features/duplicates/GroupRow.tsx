import { Skeleton } from '@mantine/core'
import { memo } from 'react'
import type { DuplicateSettings } from '../../../core/contract/duplicates.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { formatCount, formatNumber } from '../../components/format.ts'
import { currentGroup, expand, extendSelection, goToGroup, toggleSelected, useDuplicates } from './duplicatesStore.ts'
import { GroupGutter } from './GroupGutter.tsx'
import { MemberCell } from './MemberCell.tsx'
import { GAP, GUTTER, type SheetLayout, shownMembers } from './sheetLayout.ts'
import { useGroup } from './useGroup.ts'
import css from './GroupRow.module.css'

interface Props {
  readonly settings: DuplicateSettings
  readonly id: number
  readonly index: number
  readonly layout: SheetLayout
  readonly onCompare: () => void
}

/** One group on one line: what it is and how it stands at the left, the keeper first, the others after it. */
export const GroupRow = memo(function GroupRow({ settings, id, index, layout, onCompare }: Props) {
  const { group, state, ghost, error } = useGroup(settings, id)
  const current = useDuplicates((now) => now.at === index)
  const cursor = useDuplicates((now) => (now.at === index ? now.member : -1))
  const selected = useDuplicates((now) => now.selected.has(id))
  const expanded = useDuplicates((now) => now.expanded.has(id))
  const count = group?.members.length ?? 0
  const { shown } = shownMembers(count, layout.columns, expanded)
  const open = (member: number): void => {
    goToGroup(index, member)
    onCompare()
  }
  return (
    <div
      id={`group-${id}`} className={css.row} role="row" aria-rowindex={index + 1} data-current={current || undefined} data-state={state} data-ghost={ghost ?? undefined}
      style={{ gridTemplateColumns: `${GUTTER}px minmax(0, 1fr)`, columnGap: GAP }}
    >
      <GroupGutter
        group={group} state={state} ghost={ghost} selected={selected}
        onClick={(event) => {
          if (event.shiftKey) {
            extendSelection(index)
            return
          }
          if (event.ctrlKey || event.metaKey) toggleSelected(id)
          goToGroup(index, currentGroup() === id ? cursor : 0)
        }}
      />
      <div className={css.members} style={{ gridTemplateColumns: `repeat(${layout.columns}, ${layout.cellWidth}px)`, gap: GAP }}>
        {error && <ErrorNote title="This group could not be loaded." error={error} />}
        {group === undefined && !error && [0, 1].map((key) => <Skeleton key={key} height={layout.pictureHeight} radius={4} animate={false} />)}
        {group === null && <p className={css.gone}>This group has changed since the list was made. Its images are in other groups now, or in none.</p>}
        {group?.members.slice(0, shown).map((member, at) => (
          <MemberCell
            key={member.image.id} group={group} member={member} number={current && at < 9 ? at + 1 : null} current={cursor === at} pictureHeight={layout.pictureHeight}
            onPick={() => goToGroup(index, at)} onOpen={() => open(at)}
          />
        ))}
        {shown < count && (
          <button type="button" tabIndex={-1} className={css.more} style={{ height: layout.pictureHeight }} onClick={() => { goToGroup(index); expand(id) }} disabled={expanded}>
            <b>+{formatNumber(count - shown)}</b>
            {expanded ? 'more: raise the threshold to see them in smaller groups' : formatCount(count, 'image')}
          </button>
        )}
      </div>
    </div>
  )
})
