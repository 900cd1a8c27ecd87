import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import { type Look, panBy, type Size, zoomAt } from './zoom.ts'

const WHEEL_STEP = 1.0015

/** What wheel and drag change: the look that all panes share, and with Shift the opacity of an onion skin. Must not change with each render. */
export interface StageLook {
  readonly now: () => Look
  readonly set: (look: Look) => void
  /** Moves the opacity by a share; false where there is no onion skin. */
  readonly fade: (by: number) => boolean
}

/** Wheel and drag on a stage: all panes follow, as they share one look. `reference` is the picture that bounds the panning. */
export function useStageHands(stage: RefObject<HTMLDivElement | null>, look: StageLook, reference: Size, pane: Size) {
  const box = useRef({ reference, pane })
  useEffect(() => {
    box.current = { reference, pane }
  })

  useEffect(() => {
    const element = stage.current
    if (!element) return
    // React listens to the wheel passively, and a passive listener cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      if (event.shiftKey && look.fade(-Math.sign(event.deltaY || event.deltaX) * 0.05)) return
      const pane = event.target instanceof Element ? event.target.closest('[data-pane]')?.getBoundingClientRect() : undefined
      const at = pane ? { x: event.clientX - pane.left, y: event.clientY - pane.top } : { x: box.current.pane.width / 2, y: box.current.pane.height / 2 }
      look.set(zoomAt(look.now(), WHEEL_STEP ** -event.deltaY, at, box.current.reference, box.current.pane))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [stage, look])

  const onPointerDown = useCallback((event: PointerEvent) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('[data-handle]'))) return
    event.currentTarget.setPointerCapture(event.pointerId)
  }, [])
  const onPointerMove = useCallback((event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const { reference, pane } = box.current
    look.set(panBy(look.now(), event.movementX, event.movementY, reference, pane))
  }, [look])
  return { onPointerDown, onPointerMove }
}
