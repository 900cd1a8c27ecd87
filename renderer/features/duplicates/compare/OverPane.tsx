import type { PointerEvent } from 'react'
import type { GroupMember } from '../../../../core/contract/duplicates.ts'
import { moveSplit, useCompare } from './compareStore.ts'
import { DifferenceCanvas } from './DifferenceCanvas.tsx'
import type { Orientation } from './orientation.ts'
import { CAPTION_HEIGHT, PaneCaption } from './PaneCaption.tsx'
import { Picture } from './Picture.tsx'
import { sizeOf } from './SidePanes.tsx'
import { type Look, place, type Size } from '../../../components/compare/zoom.ts'
import css from './CompareBench.module.css'

interface Props {
  readonly keeper: GroupMember
  readonly member: GroupMember
  readonly orientation: Orientation
  readonly look: Look
  readonly stage: Size
}

/** The member over the keeper, both at the keeper's place and size: flicked, split, as onion skin, or as their difference. */
export function OverPane({ keeper, member, orientation, look, stage }: Props) {
  const mode = useCompare((now) => now.mode)
  const flicked = useCompare((now) => now.flicked)
  const split = useCompare((now) => now.split)
  const opacity = useCompare((now) => now.opacity)
  const pane = overPane(stage)
  const at = place(sizeOf(keeper), pane, look)
  const splitAt = Math.min(pane.width, Math.max(0, at.left + split * at.width))

  if (mode === 'difference') {
    return (
      <>
        <div className={css.pane} data-pane style={{ height: pane.height }}><DifferenceCanvas keeper={keeper} member={member} orientation={orientation} at={at} /></div>
        <Captions keeper={keeper} member={member} />
      </>
    )
  }
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.closest('[data-pane]')?.getBoundingClientRect()
    if (box) moveSplit((event.clientX - box.left - at.left) / at.width)
  }
  // Clipped by a box of the stage's size, because the member itself may be mirrored or turned.
  const clip = mode === 'split' ? `inset(0 0 0 ${splitAt}px)` : undefined
  const shown = mode === 'onion' ? opacity : mode === 'flick' && !flicked ? 0 : 1
  return (
    <>
      <div className={css.pane} data-pane style={{ height: pane.height }}>
        <Picture id={keeper.image.id} name={keeper.image.name} at={at} style={mode === 'flick' && flicked ? { visibility: 'hidden' } : {}} />
        <div className={css.layer} style={{ clipPath: clip, opacity: shown }}>
          <Picture id={member.image.id} name={member.image.name} at={at} orientation={orientation} />
        </div>
        {mode === 'split' && (
          <div
            className={css.divider} data-handle style={{ left: splitAt }} role="slider" tabIndex={0} aria-label="Split" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(split * 100)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag}
            onKeyDown={(event) => {
              const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key]
              if (by === undefined) return
              event.preventDefault()
              event.stopPropagation()
              moveSplit(split + by)
            }}
          />
        )}
        {mode === 'split' && <><span className={css.tag} data-side="left">keeper</span><span className={css.tag} data-side="right">member</span></>}
        {mode === 'flick' && <span className={css.tag} data-side="left">{flicked ? 'member' : 'keeper'}</span>}
      </div>
      <Captions keeper={keeper} member={member} />
    </>
  )
}

/** What the captions leave of the stage. */
export const overPane = (stage: Size): Size => ({ width: stage.width, height: Math.max(1, stage.height - CAPTION_HEIGHT) })

const Captions = ({ keeper, member }: Pick<Props, 'keeper' | 'member'>) => <div className={css.both}><PaneCaption member={keeper} /><PaneCaption member={member} /></div>
