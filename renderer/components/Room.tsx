import type { ReactNode } from 'react'
import { useUi } from '../stores/ui.ts'
import { ProjectMenu } from '../app/ProjectMenu.tsx'
import css from './Room.module.css'

interface Props {
  /** The screen's own part of the top bar: filters, order, buttons. */
  readonly top?: ReactNode
  /** Right end of the top bar: the scope in words, "1,284 of 9,144 images". */
  readonly scope?: ReactNode
  /** The right column; folds away with Tab. */
  readonly inspector?: ReactNode
  /** A column at the left of the work (controls); stays. */
  readonly side?: ReactNode
  readonly children: ReactNode
  /** The work has its own scrolling (virtual lists); default false: the frame scrolls. */
  readonly ownScroll?: boolean
}

/** The frame of a screen: top bar, work, columns at its sides. */
export function Room({ top, scope, inspector, side, children, ownScroll = false }: Props) {
  const inspectorOpen = useUi((state) => state.inspectorOpen)
  return (
    <div className={css.room} data-inspector={(inspector !== undefined && inspectorOpen) || undefined} data-side={side !== undefined || undefined}>
      <header className={css.top} data-region="top bar">
        <ProjectMenu />
        <div className={css.tools}>{top}</div>
        {scope && <div className={css.scope} aria-live="polite">{scope}</div>}
      </header>
      {side !== undefined && <aside className={css.side} data-region="controls">{side}</aside>}
      <main className={css.work} data-own-scroll={ownScroll || undefined} data-region="work" data-work tabIndex={-1}>{children}</main>
      {inspector !== undefined && inspectorOpen && <aside className={css.inspector} data-region="inspector" aria-label="Inspector">{inspector}</aside>}
    </div>
  )
}
