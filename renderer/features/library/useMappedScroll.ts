import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** Browsers cap an element near 33 (Firefox: 17) million pixels; beyond this the scroll bar stands for more than itself. */
const tallest = 15_000_000

export interface MappedScroll {
  /** Where the window's top is in the content, px; may be beyond what the browser could scroll to. */
  readonly offset: number
  readonly viewportHeight: number
  /** Height to give the inner element. */
  readonly innerHeight: number
  /** Add to a content position to get the position in the inner element. */
  readonly shift: number
  readonly scrollTo: (offset: number) => void
}

/**
 * Scrolling over content of any height. Up to 15 million px it is the browser's own scrolling; above, the bar's range is mapped onto the
 * content while the wheel still moves by pixels.
 */
export function useMappedScroll(ref: RefObject<HTMLElement | null>, height: number): MappedScroll {
  const [offset, setOffset] = useState(0)
  const [viewportHeight, setViewportHeight] = useState(0)
  const own = useRef<number | null>(null)
  const innerHeight = Math.min(height, tallest)
  const factor = height > tallest ? (height - viewportHeight) / (innerHeight - viewportHeight) : 1

  const scrollTo = useCallback((to: number) => {
    const element = ref.current
    if (!element) return
    const next = Math.max(0, Math.min(to, height - element.clientHeight))
    own.current = next
    element.scrollTop = next / factor
    setOffset(next)
  }, [ref, height, factor])

  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const stop = new AbortController()
    const measure = new ResizeObserver(() => setViewportHeight(element.clientHeight))
    measure.observe(element)
    element.addEventListener('scroll', () => {
      // What we set ourselves comes back rounded to whole steps of the bar: the exact place is known.
      const exact = own.current
      own.current = null
      if (exact !== null && Math.abs(exact / factor - element.scrollTop) < 1) return
      setOffset(element.scrollTop * factor)
    }, { signal: stop.signal, passive: true })
    if (factor !== 1) {
      element.addEventListener('wheel', (event) => {
        if (event.ctrlKey) return
        event.preventDefault()
        const unit = event.deltaMode === 1 ? 40 : event.deltaMode === 2 ? element.clientHeight : 1
        setOffset((now) => {
          const next = Math.max(0, Math.min(now + event.deltaY * unit, height - element.clientHeight))
          own.current = next
          element.scrollTop = next / factor
          return next
        })
      }, { signal: stop.signal, passive: false })
    }
    return () => {
      stop.abort()
      measure.disconnect()
    }
  }, [ref, height, factor])

  const scrollTop = factor === 1 ? offset : offset / factor
  return { offset, viewportHeight, innerHeight, shift: scrollTop - offset, scrollTo }
}
