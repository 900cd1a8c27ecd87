import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import { setOpacity, useCompare } from './compareStore.ts'
import { panBy, type Size, zoomAt } from './zoom.ts'

const WHEEL_STEP = 1.0015

/** Wheel and drag on a stage: all panes follow, as they share one look. `reference` is the picture that bounds the panning. */
export function useStageHands(stage: RefObject<HTMLDivElement | null>, reference: Size, pane: Size) {
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
      const { look, mode, opacity } = useCompare.getState()
      if (mode === 'onion' && event.shiftKey) {
        setOpacity(opacity - Math.sign(event.deltaY || event.deltaX) * 0.05)
        return
      }
      const pane = event.target instanceof Element ? event.target.closest('[data-pane]')?.getBoundingClientRect() : undefined
      const at = pane ? { x: event.clientX - pane.left, y: event.clientY - pane.top } : { x: box.current.pane.width / 2, y: box.current.pane.height / 2 }
      useCompare.setState({ look: zoomAt(look, WHEEL_STEP ** -event.deltaY, at, box.current.reference, box.current.pane) })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [stage])

  const onPointerDown = useCallback((event: PointerEvent) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('[data-handle]'))) return
    event.currentTarget.setPointerCapture(event.pointerId)
  }, [])
  const onPointerMove = useCallback((event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const { reference, pane } = box.current
    useCompare.setState(({ look }) => ({ look: panBy(look, event.movementX, event.movementY, reference, pane) }))
  }, [])
  return { onPointerDown, onPointerMove }
}
