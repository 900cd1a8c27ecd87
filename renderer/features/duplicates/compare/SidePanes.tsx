import type { GroupMember } from '../../../../core/contract/duplicates.ts'
import { CAPTION_HEIGHT, PaneCaption } from './PaneCaption.tsx'
import { paneGrid } from './paneGrid.ts'
import { Picture } from './Picture.tsx'
import { place, type Look, type Size } from '../../../components/compare/zoom.ts'
import css from './CompareBench.module.css'

interface Props {
  readonly members: readonly GroupMember[]
  readonly current: number
  readonly look: Look
  readonly stage: Size
}

const GAP = 8

/** The size of one pane when `count` pictures shaped like `picture` share the stage. */
export function sidePane(count: number, stage: Size, picture: Size): Size & { columns: number } {
  const { columns, rows } = paneGrid(count, stage, picture.width / picture.height)
  return { columns, width: Math.max(1, (stage.width - (columns - 1) * GAP) / columns), height: Math.max(1, (stage.height - (rows - 1) * GAP) / rows - CAPTION_HEIGHT) }
}

/** Two to nine pictures beside each other in locked zoom. */
export function SidePanes({ members, current, look, stage }: Props) {
  const pane = sidePane(members.length, stage, sizeOf(members[0]!))
  return (
    <div className={css.side} style={{ gridTemplateColumns: `repeat(${pane.columns}, ${pane.width}px)`, gap: GAP }}>
      {members.map((member) => (
        <div key={member.image.id} className={css.one} data-keeper={member.keeper || undefined} data-current={member.image.id === current || undefined}>
          <div className={css.pane} data-pane style={{ height: pane.height }}>
            <Picture id={member.image.id} name={member.image.name} at={place(sizeOf(member), pane, look)} />
          </div>
          <PaneCaption member={member} />
        </div>
      ))}
    </div>
  )
}

/** The picture's size in its own pixels; a square where it is not known. */
export const sizeOf = ({ image }: GroupMember): Size => ({ width: image.width ?? 1, height: image.height ?? 1 })
